//! `apply`, `diff`, last-applied, dry runs.

use expect_test::expect;

use super::{check, check_web};

#[test]
fn created_unchanged_configured() {
    check(
        r"
$ apply -f web.yaml
$ apply -f web.yaml
$ apply -f web2.yaml
$ apply view-last-applied deployment/web
",
        expect![[r#"
            $ apply -f web.yaml
            deployment.apps/web created
            $ apply -f web.yaml
            deployment.apps/web unchanged
            $ apply -f web2.yaml
            deployment.apps/web configured
            $ apply view-last-applied deployment/web
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              annotations: {}
              labels:
                app: web
              name: web
              namespace: default
            spec:
              replicas: 3
              selector:
                matchLabels:
                  app: web
              template:
                metadata:
                  labels:
                    app: web
                spec:
                  containers:
                  - image: web:2.0
                    name: web
                    ports:
                    - containerPort: 8080
                  terminationGracePeriodSeconds: 5
        "#]],
    );
}

#[test]
fn fields_of_others_survive() {
    check_web(
        r#"
$ scale deployment/web --replicas=5
$ label deployment/web team=a
$ apply -f web2.yaml --dry-run=server
file more.yaml
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
  spec:
    replicas: 2
    selector:
      matchLabels:
        app: web
    template:
      metadata:
        labels:
          app: web
      spec:
        containers:
          - name: web
            image: web:1.0
$ apply -f more.yaml
$ get deployment web -o jsonpath='{.spec.replicas} {.metadata.labels} {.spec.template.spec.containers[0].ports} {.spec.template.spec.terminationGracePeriodSeconds}{"\n"}'
"#,
        expect![[r#"
            $ scale deployment/web --replicas=5
            deployment.apps/web scaled
            $ label deployment/web team=a
            deployment.apps/web labeled
            $ apply -f web2.yaml --dry-run=server
            deployment.apps/web configured (server dry run)
            $ apply -f more.yaml
            deployment.apps/web configured
            $ get deployment web -o jsonpath='{.spec.replicas} {.metadata.labels} {.spec.template.spec.containers[0].ports} {.spec.template.spec.terminationGracePeriodSeconds}{"\n"}'
            2   30
        "#]],
    );
}

#[test]
fn differences() {
    check_web(
        r"
$ diff -f web.yaml
$ diff -f web2.yaml
",
        expect![[r#"
            $ diff -f web.yaml
            $ diff -f web2.yaml
            diff -u -N /tmp/LIVE-767603660/apps.v1.Deployment.default.web /tmp/MERGED-767603661/apps.v1.Deployment.default.web
            --- /tmp/LIVE-767603660/apps.v1.Deployment.default.web	2026-01-05 09:01:00.000000000 +0000
            +++ /tmp/MERGED-767603661/apps.v1.Deployment.default.web	2026-01-05 09:01:00.000000000 +0000
            @@ -6,7 +6,7 @@
                 kubectl.kubernetes.io/last-applied-configuration: |
                   {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"annotations":{},"labels":{"app":"web"},"name":"web","namespace":"default"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"image":"web:1.0","name":"web","ports":[{"containerPort":8080}]}],"terminationGracePeriodSeconds":5}}}}
               creationTimestamp: "2026-01-05T09:00:00Z"
            -  generation: 1
            +  generation: 2
               labels:
                 app: web
               name: web
            @@ -31,7 +31,7 @@
                     app: web
                 spec:
                   containers:
            -      - image: web:1.0
            +      - image: web:2.0
                     imagePullPolicy: IfNotPresent
                     name: web
                     ports:
            exit 1
        "#]],
    );
}

#[test]
fn refusals() {
    check(
        r"
file bad.yaml
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
  spec:
    replicas: -1
    selector:
      matchLabels:
        app: other
    template:
      metadata:
        labels:
          app: web
      spec:
        containers:
          - image: web:1.0
$ apply -f bad.yaml
$ apply -f bad.yaml --dry-run=client
file typo.yaml
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
  spec:
    replica: 3
$ apply -f typo.yaml
file twice.yaml
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: a
  ---
  apiVersion: apps/v2
  kind: Deployment
  metadata:
    name: b
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: c
$ apply -f twice.yaml
$ get cm
$ apply -f missing.yaml
$ apply
$ apply -f web.yaml --server-side
$ apply -f web.yaml --prune -l app=web
$ apply -k .
$ apply -f https://example.com/web.yaml
",
        expect![[r#"
            $ apply -f bad.yaml
            ! The Deployment "web" is invalid: 
            ! * spec.replicas: Invalid value: -1: must be greater than or equal to 0
            ! * spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`
            ! * spec.template.spec.containers[0].name: Required value
            exit 1
            $ apply -f bad.yaml --dry-run=client
            deployment.apps/web created (dry run)
            $ apply -f typo.yaml
            ! Error from server (BadRequest): error when creating "typo.yaml": Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"
            exit 1
            $ apply -f twice.yaml
            configmap/a created
            configmap/c created
            ! error: resource mapping not found for name: "b" namespace: "" from "twice.yaml": no matches for kind "Deployment" in version "apps/v2"
            ! ensure CRDs are installed first
            exit 1
            $ get cm
            NAME   DATA   AGE
            a      0      0s
            c      0      0s
            $ apply -f missing.yaml
            ! error: the path "missing.yaml" does not exist
            exit 1
            $ apply
            ! error: must specify one of -f and -k
            exit 1
            $ apply -f web.yaml --server-side
            ! error: server-side apply (--server-side) is not part of the playground: apply without it
            exit 1
            $ apply -f web.yaml --prune -l app=web
            ! error: --prune is not part of the playground: delete what is no longer needed
            exit 1
            $ apply -k .
            ! error: kustomizations (-k) are not part of the playground
            exit 1
            $ apply -f https://example.com/web.yaml
            ! error: URLs (-f http…) are not part of the playground
            exit 1
        "#]],
    );
}
