//! `set`, `label`, `annotate`, `patch`, `autoscale`, `expose`.

use expect_test::expect;

use super::check_web;

#[test]
fn pod_templates() {
    check_web(
        r"
$ set image deployment/web web=web:2.0
$ set image deployment/web web=web:2.0
$ set image deployment/web nope=web:2.0
$ set image deployment/web *=web:3.0 --dry-run=client
$ set image deployment/web
$ set image deployment/nope web=a
$ set image deployments --all web=web:4.0
$ set env deployment/web COLOR=green
$ set env deployment/web --list
$ set env deployment/web COLOR-
$ set resources deployment/web --limits=cpu=200m,memory=64Mi
$ set resources deployment/web
$ set resources deployment/web --limits=cpu=abc
$ set serviceaccount deployment/web robot
$ set image -f web.yaml web=web:5.0 --local -o yaml
",
        expect![[r#"
            $ set image deployment/web web=web:2.0
            deployment.apps/web image updated
            $ set image deployment/web web=web:2.0
            $ set image deployment/web nope=web:2.0
            ! error: unable to find container named "nope"
            exit 1
            $ set image deployment/web *=web:3.0 --dry-run=client
            deployment.apps/web image updated (dry run)
            $ set image deployment/web
            ! error: at least one image update is required
            exit 1
            $ set image deployment/nope web=a
            ! Error from server (NotFound): deployments.apps "nope" not found
            exit 1
            $ set image deployments --all web=web:4.0
            deployment.apps/web image updated
            $ set env deployment/web COLOR=green
            deployment.apps/web env updated
            $ set env deployment/web --list
            # Deployment web, container web
            COLOR=green
            $ set env deployment/web COLOR-
            deployment.apps/web env updated
            $ set resources deployment/web --limits=cpu=200m,memory=64Mi
            deployment.apps/web resource requirements updated
            $ set resources deployment/web
            ! error: you must specify an update to requests or limits (in the form of --requests/--limits)
            exit 1
            $ set resources deployment/web --limits=cpu=abc
            ! error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
            exit 1
            $ set serviceaccount deployment/web robot
            deployment.apps/web serviceaccount updated
            $ set image -f web.yaml web=web:5.0 --local -o yaml
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              labels:
                app: web
              name: web
            spec:
              replicas: 3
              selector:
                matchLabels:
                  app: web
              strategy: {}
              template:
                metadata:
                  labels:
                    app: web
                spec:
                  containers:
                  - image: web:5.0
                    name: web
                    ports:
                    - containerPort: 8080
                    resources: {}
                  terminationGracePeriodSeconds: 5
            status: {}
        "#]],
    );
}

#[test]
fn labels_and_annotations() {
    check_web(
        r"
$ label deployment web tier=front
$ label deployment web tier=back
$ label deployment web tier=back --overwrite
$ label deployment web tier-
$ label deployment web tier-
$ label deployment web --list
$ label deployment web 'a b=c'
$ label deployment web
$ label deployment
$ annotate deployment web note='a b'
$ annotate deployment/web note-
$ annotate deployment/web a=b a-
$ label pods --all x=y --dry-run=client
",
        expect![[r#"
            $ label deployment web tier=front
            deployment.apps/web labeled
            $ label deployment web tier=back
            ! error: 'tier' already has a value (front), and --overwrite is false
            exit 1
            $ label deployment web tier=back --overwrite
            deployment.apps/web labeled
            $ label deployment web tier-
            deployment.apps/web unlabeled
            $ label deployment web tier-
            label "tier" not found.
            deployment.apps/web not labeled
            $ label deployment web --list
            app=web
            $ label deployment web 'a b=c'
            ! The Deployment "web" is invalid: metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')
            exit 1
            $ label deployment web
            ! error: at least one label update is required
            exit 1
            $ label deployment
            ! error: at least one label update is required
            exit 1
            $ annotate deployment web note='a b'
            deployment.apps/web annotated
            $ annotate deployment/web note-
            deployment.apps/web annotated
            $ annotate deployment/web a=b a-
            ! error: can not both modify and remove the following annotation(s) in the same command: a
            exit 1
            $ label pods --all x=y --dry-run=client
            pod/web-77ff4b4f76-48p7v labeled (dry run)
            pod/web-77ff4b4f76-95ndb labeled (dry run)
            pod/web-77ff4b4f76-dvdq8 labeled (dry run)
        "#]],
    );
}

#[test]
fn patches() {
    check_web(
        r#"
$ patch deployment web -p '{"spec":{"replicas":2}}'
$ patch deployment web -p 'spec: {replicas: 2}'
$ patch deployment web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":4}]'
$ patch deployment web --type=json -p '[{"op":"replace","path":"/spec/nope/x","value":4}]'
$ patch deployment web --type=merge -p '{"spec":{"template":{"spec":{"containers":[]}}}}'
$ patch deployment web --type=foo -p '{}'
$ patch deployment web
$ patch deployment web -p 'a: [b'
$ patch deployment web -p '{"spec":{"replicas":"x"}}'
"#,
        expect![[r#"
            $ patch deployment web -p '{"spec":{"replicas":2}}'
            deployment.apps/web patched
            $ patch deployment web -p 'spec: {replicas: 2}'
            deployment.apps/web patched (no change)
            $ patch deployment web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":4}]'
            deployment.apps/web patched
            $ patch deployment web --type=json -p '[{"op":"replace","path":"/spec/nope/x","value":4}]'
            ! The request is invalid: the server rejected our request due to an error in our request
            exit 1
            $ patch deployment web --type=merge -p '{"spec":{"template":{"spec":{"containers":[]}}}}'
            ! The Deployment "web" is invalid: spec.template.spec.containers: Required value
            exit 1
            $ patch deployment web --type=foo -p '{}'
            ! error: --type must be one of [json merge strategic], not "foo"
            exit 1
            $ patch deployment web
            ! error: must specify --patch or --patch-file containing the contents of the patch
            exit 1
            $ patch deployment web -p 'a: [b'
            ! error: unable to parse "a: [b": yaml: line 1: did not find expected ',' or ']'
            exit 1
            $ patch deployment web -p '{"spec":{"replicas":"x"}}'
            ! The request is invalid: patch: Invalid value: "map[spec:map[replicas:x]]": unrecognized type: int32
            exit 1
        "#]],
    );
}

#[test]
fn new_objects_for_it() {
    check_web(
        r"
$ expose deployment web --port=80 --target-port=8080
$ expose deployment web
$ expose deployment nope --port=80
$ autoscale deployment web --min=2 --max=5 --cpu=80%
$ autoscale deployment web --min=6 --max=5
$ autoscale deployment web
$ get svc,hpa
",
        expect![[r#"
            $ expose deployment web --port=80 --target-port=8080
            service/web exposed
            $ expose deployment web
            ! Error from server (AlreadyExists): services "web" already exists
            exit 1
            $ expose deployment nope --port=80
            ! Error from server (NotFound): deployments.apps "nope" not found
            exit 1
            $ autoscale deployment web --min=2 --max=5 --cpu=80%
            horizontalpodautoscaler.autoscaling/web autoscaled
            $ autoscale deployment web --min=6 --max=5
            ! error: --max=MAXPODS must be larger or equal to --min=MINPODS, max: 5, min: 6
            exit 1
            $ autoscale deployment web
            ! error: required flag(s) "max" not set
            exit 1
            $ get svc,hpa
            NAME          TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)   AGE
            service/web   ClusterIP   10.0.89.150   <none>        80/TCP    0s

            NAME                                      REFERENCE        TARGETS              MINPODS   MAXPODS   REPLICAS   AGE
            horizontalpodautoscaler.autoscaling/web   Deployment/web   cpu: <unknown>/80%   2         5         0          0s
        "#]],
    );
}

#[test]
fn bodies_the_server_cannot_read() {
    check_web(
        r#"
$ patch deployment web -p x
$ patch deployment web --type=merge -p '[1]'
$ patch deployment web -p '{'
$ patch deployment web -p '{"a" 1}'
$ patch deployment web -p '{"metadata":{"name":"x"}}'
$ patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}'
$ patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":"two"}}'
$ get deployment web --subresource=scale
$ get deployment web --subresource=nope
$ explain deployment -o foo
$ explain deployment --api-version=foo/v1
$ explain deployment --api-version=v1
"#,
        expect![[r#"
            $ patch deployment web -p x
            ! Error from server (BadRequest): json: cannot unmarshal string into Go value of type map[string]interface {}
            exit 1
            $ patch deployment web --type=merge -p '[1]'
            ! Error from server (BadRequest): error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}
            exit 1
            $ patch deployment web -p '{'
            ! Error from server (BadRequest): unexpected end of JSON input
            exit 1
            $ patch deployment web -p '{"a" 1}'
            ! Error from server (BadRequest): invalid character '1' after object key
            exit 1
            $ patch deployment web -p '{"metadata":{"name":"x"}}'
            ! Error from server (BadRequest): the name of the object (x) does not match the name on the URL (web)
            exit 1
            $ patch deployment web -p '{"spec":{"template":{"spec":{"containers":[{"image":"x"}]}}}}'
            ! Error from server: map: map[image:x] does not contain declared merge key: name
            exit 1
            $ patch deployment web --subresource=scale --type=merge -p '{"spec":{"replicas":"two"}}'
            ! The request is invalid: patch: Invalid value: "{\"apiVersion\":\"autoscaling/v1\",\"kind\":\"Scale\",\"metadata\":{\"creationTimestamp\":\"2026-01-05T09:00:00Z\",\"name\":\"web\",\"namespace\":\"default\",\"resourceVersion\":\"54\",\"uid\":\"971d5c52-c724-4ae7-9fee-8dbd6837d05d\"},\"spec\":{\"replicas\":\"two\"},\"status\":{\"replicas\":3,\"selector\":\"app=web\"}}": json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32
            exit 1
            $ get deployment web --subresource=scale
            NAME   DESIRED   AVAILABLE   AGE
            web    3         3           60s
            $ get deployment web --subresource=nope
            ! Error from server (NotFound): the server could not find the requested resource
            exit 1
            $ explain deployment -o foo
            ! error: unrecognized format: foo
            exit 1
            $ explain deployment --api-version=foo/v1
            ! error: couldn't find resource for "foo/v1, Resource=deployments"
            exit 1
            $ explain deployment --api-version=v1
            ! error: GVR (/v1, Resource=deployments) not found in OpenAPI schema
            exit 1
        "#]],
    );
}
