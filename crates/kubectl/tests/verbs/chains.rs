//! Lines of several commands.

use expect_test::expect;

use super::check_web;

#[test]
fn joints() {
    check_web(
        r"
$ get deployment web -o name && get deployment nope -o name || get rs --no-headers -o name | apply -f -
$ create deployment shop --image=shop:1.0 --dry-run=client -o yaml | kubectl apply -f -
$ get deployment nope; get deployment web -o name # and no more
$ get deployment web -o name > a.txt
$ rollout restart deployment/web && rollout status deployment/web && get deployment web --no-headers
+ 90s
$ get deployment web -o yaml | kubectl replace -f -
$ kubectl get deployment web \
",
        expect![[r#"
            $ get deployment web -o name && get deployment nope -o name || get rs --no-headers -o name | apply -f -
            deployment.apps/web
            ! Error from server (NotFound): deployments.apps "nope" not found
            ! error: error validating "STDIN": error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false
            exit 1
            $ create deployment shop --image=shop:1.0 --dry-run=client -o yaml | kubectl apply -f -
            deployment.apps/shop created
            $ get deployment nope; get deployment web -o name # and no more
            deployment.apps/web
            ! Error from server (NotFound): deployments.apps "nope" not found
            $ get deployment web -o name > a.txt
            ! error: this terminal does not know '>': there are no files to write and no background jobs
            exit 2
            $ rollout restart deployment/web && rollout status deployment/web && get deployment web --no-headers
            deployment.apps/web restarted
            Waiting for deployment spec update to be observed...
            + 90s
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
            web   3/3   3     3     64s
            $ get deployment web -o yaml | kubectl replace -f -
            deployment.apps/web replaced
            $ kubectl get deployment web \
            NAME   READY   UP-TO-DATE   AVAILABLE   AGE
            web    3/3     3            3           2m30s
        "#]],
    );
}

#[test]
fn other_programs() {
    check_web(
        r"
$ get deployments | grep -c web
$ k get pods --no-headers | wc -l && kubectl get deployment nope -o name || cat web.yaml | head -2
$ get pods --no-headers | grep nothing || get deployments --no-headers
$ kubectl grep web
$ docker ps
",
        expect![[r#"
            $ get deployments | grep -c web
            1
            $ k get pods --no-headers | wc -l && kubectl get deployment nope -o name || cat web.yaml | head -2
            3
            apiVersion: apps/v1
            kind: Deployment
            ! Error from server (NotFound): deployments.apps "nope" not found
            $ get pods --no-headers | grep nothing || get deployments --no-headers
            web   3/3   3     3     60s
            $ kubectl grep web
            ! error: unknown command "grep" for "kubectl"
            ! 
            ! Did you mean this?
            ! 	get
            exit 1
            $ docker ps
            ! error: docker is not part of the playground: images are names here, and what they do is set in the world
            exit 127
        "#]],
    );
}
