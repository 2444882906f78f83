//! Commands that wait: `wait`, `get -w`, `scale --timeout`.

use expect_test::expect;

use super::check_web;

#[test]
fn conditions() {
    check_web(
        r"
$ wait --for=condition=Available deployment/web
$ set image deployment/web web=web:2.0
$ wait --for=jsonpath='{.status.updatedReplicas}'=3 deployment/web
+ 60s
$ wait --for=condition=Ready pod --all --timeout=20s
$ wait --for=condition=Nope deployment/web --timeout=2s
+ 3s
$ wait --for=delete pod -l app=nope
$ wait --for=create deployment/later --timeout=5s
+ 6s
$ wait deployment/web
$ wait --for=condition=Available
$ wait --for=condition=Available deployment/nope
",
        expect![[r#"
            $ wait --for=condition=Available deployment/web
            deployment.apps/web condition met
            $ set image deployment/web web=web:2.0
            deployment.apps/web image updated
            $ wait --for=jsonpath='{.status.updatedReplicas}'=3 deployment/web
            deployment.apps/web condition met
            + 60s
            $ wait --for=condition=Ready pod --all --timeout=20s
            pod/web-8667b9c85-bmt6h condition met
            pod/web-8667b9c85-p9pdt condition met
            pod/web-8667b9c85-skcn7 condition met
            $ wait --for=condition=Nope deployment/web --timeout=2s
            + 3s
            ! error: timed out waiting for the condition on deployments/web
            exit 1
            $ wait --for=delete pod -l app=nope
            $ wait --for=create deployment/later --timeout=5s
            + 6s
            ! error: timed out waiting for the condition
            exit 1
            $ wait deployment/web
            ! error: unrecognized condition: []
            exit 1
            $ wait --for=condition=Available
            ! error: You must provide one or more resources by argument or filename.
            ! Example resource specifications include:
            !    '-f rsrc.yaml'
            !    '--filename=rsrc.json'
            !    '<resource> <name>'
            !    '<resource>'
            exit 1
            $ wait --for=condition=Available deployment/nope
            ! Error from server (NotFound): deployments.apps "nope" not found
            exit 1
        "#]],
    );
}

#[test]
fn watching() {
    check_web(
        r"
$ get deployment web -w
$ get pods -w -l app=web --no-headers
$ scale deployment/web --replicas=1 && get deployment web -w
+ 10s
$ get deploy,rs -w
$ get -f web.yaml -w -o name
",
        expect![[r#"
            $ get deployment web -w
            NAME   READY   UP-TO-DATE   AVAILABLE   AGE
            web    3/3     3            3           60s
            $ get pods -w -l app=web --no-headers
            web-77ff4b4f76-48p7v   1/1   Running   0     60s
            web-77ff4b4f76-95ndb   1/1   Running   0     60s
            web-77ff4b4f76-dvdq8   1/1   Running   0     60s
            $ scale deployment/web --replicas=1 && get deployment web -w
            deployment.apps/web scaled
            NAME   READY   UP-TO-DATE   AVAILABLE   AGE
            web    3/1     3            3           60s
            + 10s
            web    3/1     3            3           60s
            web    1/1     1            1           60s
            web    1/1     1            1           60s
            web    1/1     1            1           60s
            $ get deploy,rs -w
            ! error: you may only specify a single resource type
            exit 1
            $ get -f web.yaml -w -o name
            deployment.apps/web
        "#]],
    );
}

#[test]
fn scaling() {
    check_web(
        r"
$ scale deployment/web --replicas=5 --timeout=1m
+ 30s
$ scale deployment/web --replicas=2 --current-replicas=3
$ scale deployment/web --replicas=2 --current-replicas=5
$ scale deployment --all --replicas=1
$ scale --replicas=2 deployment/nope
$ scale deployment/web
$ scale deployment/web --replicas=-1
$ scale pod/x --replicas=1
$ scale --replicas=3
$ scale -f web.yaml --replicas=2
",
        expect![[r#"
            $ scale deployment/web --replicas=5 --timeout=1m
            + 30s
            deployment.apps/web scaled
            $ scale deployment/web --replicas=2 --current-replicas=3
            ! error: Expected replicas to be 3, was 5
            exit 1
            $ scale deployment/web --replicas=2 --current-replicas=5
            deployment.apps/web scaled
            $ scale deployment --all --replicas=1
            deployment.apps/web scaled
            $ scale --replicas=2 deployment/nope
            ! Error from server (NotFound): deployments.apps "nope" not found
            exit 1
            $ scale deployment/web
            ! error: required flag(s) "replicas" not set
            exit 1
            $ scale deployment/web --replicas=-1
            ! error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0
            exit 1
            $ scale pod/x --replicas=1
            ! Error from server (NotFound): pods "x" not found
            exit 1
            $ scale --replicas=3
            ! error: You must provide one or more resources by argument or filename.
            ! Example resource specifications include:
            !    '-f rsrc.yaml'
            !    '--filename=rsrc.json'
            !    '<resource> <name>'
            !    '<resource>'
            exit 1
            $ scale -f web.yaml --replicas=2
            deployment.apps/web scaled
        "#]],
    );
}

#[test]
fn the_time_is_that_of_all_objects_together() {
    check_web(
        r"
$ create deployment api --image=api:1
$ wait deployments --all --for=condition=Nope --timeout=2s
+ 3s
$ wait deployment/web deployment/nope --for=condition=Nope --timeout=2s
+ 3s
$ wait pods -l app=web --for=delete --timeout=2s
+ 3s
$ delete deployment api -i
$ delete deployment api --dry-run=client -i
",
        expect![[r#"
            $ create deployment api --image=api:1
            deployment.apps/api created
            $ wait deployments --all --for=condition=Nope --timeout=2s
            + 3s
            ! timed out waiting for the condition on deployments/api
            ! timed out waiting for the condition on deployments/web
            exit 1
            $ wait deployment/web deployment/nope --for=condition=Nope --timeout=2s
            + 3s
            ! timed out waiting for the condition on deployments/web
            ! Error from server (NotFound): deployments.apps "nope" not found
            exit 1
            $ wait pods -l app=web --for=delete --timeout=2s
            + 3s
            ! timed out waiting for the condition on pods/web-77ff4b4f76-48p7v
            ! client rate limiter Wait returned an error: context deadline exceeded
            ! client rate limiter Wait returned an error: context deadline exceeded
            exit 1
            $ delete deployment api -i
            You are about to delete the following 1 resource(s):
            deployment.apps/api
            Do you want to continue? (y/N): deletion is cancelled
            $ delete deployment api --dry-run=client -i
            You are about to delete the following 1 resource(s):
            deployment.apps/api
            Do you want to continue? (y/N): deletion is cancelled
        "#]],
    );
}

#[test]
fn events_that_follow_keep_their_columns() {
    check_web(
        r"
$ events -w --for=deployment/web
$ set image deployment/web web=web:2.0
$ events -w
",
        expect![[r#"
            $ events -w --for=deployment/web
            LAST SEEN   TYPE     REASON              OBJECT           MESSAGE
            60s         Normal   ScalingReplicaSet   Deployment/web   Scaled up replica set web-77ff4b4f76 from 0 to 3
            $ set image deployment/web web=web:2.0
            deployment.apps/web image updated
            $ events -w
            LAST SEEN   TYPE     REASON      OBJECT                     MESSAGE
            60s         Normal   Scheduled   Pod/web-77ff4b4f76-48p7v   Successfully assigned default/web-77ff4b4f76-48p7v to node-0
            60s         Normal   Pulling     Pod/web-77ff4b4f76-48p7v   Pulling image "web:1.0"
            57s         Normal   Pulled      Pod/web-77ff4b4f76-48p7v   Successfully pulled image "web:1.0" in 3.01s (3.01s including waiting). Image size: 67108864 bytes.
            56s         Normal   Created     Pod/web-77ff4b4f76-48p7v   Container created
            56s         Normal   Started     Pod/web-77ff4b4f76-48p7v   Container started
            60s         Normal   Scheduled   Pod/web-77ff4b4f76-95ndb   Successfully assigned default/web-77ff4b4f76-95ndb to node-1
            60s         Normal   Pulling     Pod/web-77ff4b4f76-95ndb   Pulling image "web:1.0"
            57s         Normal   Pulled      Pod/web-77ff4b4f76-95ndb   Successfully pulled image "web:1.0" in 3.363s (3.363s including waiting). Image size: 67108864 bytes.
            56s         Normal   Created     Pod/web-77ff4b4f76-95ndb   Container created
            56s         Normal   Started     Pod/web-77ff4b4f76-95ndb   Container started
            60s         Normal   Scheduled   Pod/web-77ff4b4f76-dvdq8   Successfully assigned default/web-77ff4b4f76-dvdq8 to node-2
            60s         Normal   Pulling     Pod/web-77ff4b4f76-dvdq8   Pulling image "web:1.0"
            56s         Normal   Pulled      Pod/web-77ff4b4f76-dvdq8   Successfully pulled image "web:1.0" in 3.887s (3.887s including waiting). Image size: 67108864 bytes.
            55s         Normal   Created     Pod/web-77ff4b4f76-dvdq8   Container created
            55s         Normal   Started     Pod/web-77ff4b4f76-dvdq8   Container started
            60s         Normal   SuccessfulCreate   ReplicaSet/web-77ff4b4f76   Created pod: web-77ff4b4f76-dvdq8
            60s         Normal   SuccessfulCreate   ReplicaSet/web-77ff4b4f76   Created pod: web-77ff4b4f76-95ndb
            60s         Normal   SuccessfulCreate   ReplicaSet/web-77ff4b4f76   Created pod: web-77ff4b4f76-48p7v
            60s         Normal   ScalingReplicaSet   Deployment/web              Scaled up replica set web-77ff4b4f76 from 0 to 3
        "#]],
    );
}
