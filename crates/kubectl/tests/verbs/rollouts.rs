//! `rollout` in all its forms.

use expect_test::expect;

use super::check_web;

#[test]
fn status_tells_every_step() {
    check_web(
        r"
$ set image deployment/web web=web:2.0
$ rollout status deployment/web
+ 60s
$ rollout status deployment/web
$ rollout status deployment/web --watch=false
$ rollout status deploy/web --revision=1
",
        expect![[r#"
            $ set image deployment/web web=web:2.0
            deployment.apps/web image updated
            $ rollout status deployment/web
            Waiting for deployment spec update to be observed...
            + 60s
            Waiting for deployment spec update to be observed...
            Waiting for deployment "web" rollout to finish: 0 out of 3 new replicas have been updated...
            Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...
            Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...
            Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...
            Waiting for deployment "web" rollout to finish: 2 out of 3 new replicas have been updated...
            Waiting for deployment "web" rollout to finish: 2 out of 3 new replicas have been updated...
            Waiting for deployment "web" rollout to finish: 2 out of 3 new replicas have been updated...
            Waiting for deployment "web" rollout to finish: 2 out of 3 new replicas have been updated...
            Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...
            Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...
            Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...
            deployment "web" successfully rolled out
            $ rollout status deployment/web
            deployment "web" successfully rolled out
            $ rollout status deployment/web --watch=false
            deployment "web" successfully rolled out
            $ rollout status deploy/web --revision=1
            ! error: desired revision (1) is different from the running revision (2)
            exit 1
        "#]],
    );
}

#[test]
fn history_and_undo() {
    check_web(
        r"
$ annotate deployment/web kubernetes.io/change-cause='the first'
$ set image deployment/web web=web:2.0 --record
+ 60s
$ rollout history deployment/web
$ rollout history deployment/web --revision=2
$ rollout undo deployment/web --dry-run=client
$ rollout undo deployment/web --dry-run=server
$ rollout undo deployment/web
+ 60s
$ rollout history deployment web
$ rollout undo deployment/web --to-revision=9
$ rollout undo deployment/web --to-revision=3
$ rollout undo deployment/web --to-revision=-1
",
        expect![[r#"
            $ annotate deployment/web kubernetes.io/change-cause='the first'
            deployment.apps/web annotated
            $ set image deployment/web web=web:2.0 --record
            deployment.apps/web image updated
            ! Flag --record has been deprecated, --record will be removed in the future
            + 60s
            $ rollout history deployment/web
            deployment.apps/web 
            REVISION  CHANGE-CAUSE
            1         <none>
            2         kubectl set image deployment/web web=web:2.0 --record=true

            $ rollout history deployment/web --revision=2
            deployment.apps/web with revision #2
            Pod Template:
              Labels:	app=web
            	pod-template-hash=8667b9c85
              Annotations:	kubernetes.io/change-cause: kubectl set image deployment/web web=web:2.0 --record=true
              Containers:
               web:
                Image:	web:2.0
                Port:	8080/TCP
                Host Port:	0/TCP
                Environment:	<none>
                Mounts:	<none>
              Volumes:	<none>
              Node-Selectors:	<none>
              Tolerations:	<none>

            $ rollout undo deployment/web --dry-run=client
            deployment.apps/web Pod Template:
              Labels:	app=web
            	pod-template-hash=77ff4b4f76
              Containers:
               web:
                Image:	web:1.0
                Port:	8080/TCP
                Host Port:	0/TCP
                Environment:	<none>
                Mounts:	<none>
              Volumes:	<none>
              Node-Selectors:	<none>
              Tolerations:	<none>
             (dry run)
            ! Warning: resource deployments/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.
            $ rollout undo deployment/web --dry-run=server
            deployment.apps/web rolled back (server dry run)
            ! Warning: resource deployments/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.
            $ rollout undo deployment/web
            deployment.apps/web rolled back
            ! Warning: resource deployments/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.
            + 60s
            $ rollout history deployment web
            deployment.apps/web 
            REVISION  CHANGE-CAUSE
            2         kubectl set image deployment/web web=web:2.0 --record=true
            3         <none>

            $ rollout undo deployment/web --to-revision=9
            ! Warning: resource deployments/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.
            ! error: unable to find specified revision 9 in history
            exit 1
            $ rollout undo deployment/web --to-revision=3
            deployment.apps/web skipped rollback (current template already matches revision 3)
            ! Warning: resource deployments/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.
            $ rollout undo deployment/web --to-revision=-1
            ! Warning: resource deployments/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.
            ! error: unable to find specified revision -1 in history
            exit 1
        "#]],
    );
}

#[test]
fn pause_and_resume() {
    check_web(
        r"
$ rollout pause deployment/web
$ rollout pause deployment/web
$ set image deployment/web web=web:2.0
$ rollout undo deployment/web
$ rollout restart deployment/web
$ rollout status deployment/web --timeout=3s
+ 5s
$ rollout resume deployment/web
$ rollout resume deployment/web
$ rollout restart deployment/web
",
        expect![[r#"
            $ rollout pause deployment/web
            deployment.apps/web paused
            $ rollout pause deployment/web
            ! error: deployments.apps "web" is already paused
            exit 1
            $ set image deployment/web web=web:2.0
            deployment.apps/web image updated
            $ rollout undo deployment/web
            ! Warning: resource deployments/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.
            ! error: no rollout history found for deployment "web"
            exit 1
            $ rollout restart deployment/web
            ! error: deployments.apps "web" can't restart paused deployment (run rollout resume first)
            exit 1
            $ rollout status deployment/web --timeout=3s
            Waiting for deployment spec update to be observed...
            + 5s
            Waiting for deployment spec update to be observed...
            Waiting for deployment "web" rollout to finish: 0 out of 3 new replicas have been updated...
            ! error: timed out waiting for the condition
            exit 1
            $ rollout resume deployment/web
            deployment.apps/web resumed
            $ rollout resume deployment/web
            ! error: deployments.apps "web" is not paused
            exit 1
            $ rollout restart deployment/web
            deployment.apps/web restarted
        "#]],
    );
}

#[test]
fn a_rollout_that_cannot_succeed() {
    check_web(
        r#"
$ patch deployment web -p '{"spec":{"progressDeadlineSeconds":20}}'
$ set image deployment/web web=web:missing
$ rollout status deployment/web
+ 60s
$ rollout undo deployment/web
$ rollout status deployment/web
+ 30s
"#,
        expect![[r#"
            $ patch deployment web -p '{"spec":{"progressDeadlineSeconds":20}}'
            deployment.apps/web patched
            $ set image deployment/web web=web:missing
            deployment.apps/web image updated
            $ rollout status deployment/web
            Waiting for deployment spec update to be observed...
            + 60s
            Waiting for deployment spec update to be observed...
            Waiting for deployment "web" rollout to finish: 0 out of 3 new replicas have been updated...
            Waiting for deployment "web" rollout to finish: 1 out of 3 new replicas have been updated...
            ! error: deployment "web" exceeded its progress deadline
            exit 1
            $ rollout undo deployment/web
            deployment.apps/web rolled back
            ! Warning: resource deployments/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.
            $ rollout status deployment/web
            Waiting for deployment spec update to be observed...
            + 30s
            Waiting for deployment spec update to be observed...
            Waiting for deployment "web" rollout to finish: 1 old replicas are pending termination...
            deployment "web" successfully rolled out
        "#]],
    );
}

#[test]
fn refusals() {
    check_web(
        r"
$ rollout
$ rollout foo
$ rollout status
$ rollout status deployment/nope
$ rollout status pod/nope
$ rollout undo service/web
$ rollout history
$ rollout restart replicaset/web
$ rollout pause deployment
$ rollout undo deployment/web --to-revision=abc
",
        expect![[r#"
            $ rollout
            Manage the rollout of a Deployment.

            Available Commands:
              history   Show the revisions of a Deployment
              pause     Stop rolling out changes of a Deployment's template
              resume    Roll out again what a paused Deployment has gathered
              undo      Return to an earlier revision
              status    Follow a rollout until it ends
              restart   Replace all pods of a Deployment, as a rollout

            Examples:
              kubectl rollout status deployment/web
              kubectl rollout history deployment/web
              kubectl rollout undo deployment/web --to-revision=1

            Usage:
              kubectl rollout SUBCOMMAND

            Use "kubectl options" for a list of global command-line options (applies to all commands).
            exit 1
            $ rollout foo
            ! error: unknown command "foo"
            ! See 'kubectl rollout -h' for help and examples
            exit 1
            $ rollout status
            ! error: required resource not specified
            exit 1
            $ rollout status deployment/nope
            ! Error from server (NotFound): deployments.apps "nope" not found
            exit 1
            $ rollout status pod/nope
            ! Error from server (NotFound): pods "nope" not found
            exit 1
            $ rollout undo service/web
            ! Error from server (NotFound): services "web" not found
            exit 1
            $ rollout history
            ! error: required resource not specified
            exit 1
            $ rollout restart replicaset/web
            ! Error from server (NotFound): replicasets.apps "web" not found
            exit 1
            $ rollout pause deployment
            deployment.apps/web paused
            $ rollout undo deployment/web --to-revision=abc
            ! error: invalid argument "abc" for "--to-revision" flag: strconv.ParseInt: parsing "abc": invalid syntax
            ! See 'kubectl rollout undo --help' for usage.
            exit 1
        "#]],
    );
}
