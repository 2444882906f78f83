//! `create`, `run`, `replace`.

use expect_test::expect;

use super::check;

#[test]
fn from_flags() {
    check(
        r"
$ create deployment shop --image=shop:1.0 --replicas=2
$ create deployment shop --image=shop:1.0
$ create deployment shop
$ create deployment shop --image=shop:1.0 --dry-run=client -o yaml
$ create namespace test
$ create quota tight --hard=pods=4,requests.cpu=2
$ create configmap conf --from-literal=a=b --from-file=web.yaml
$ create configmap conf --from-literal=a
$ create secret generic keys --from-literal=a=b
$ create service clusterip shop --tcp=80:8080
$ create service clusterip shop --tcp=80x
$ run once --image=web:1.0 --restart=Never
$ run
$ create
$ create foo
$ create deployment UPPER --image=a
$ create deployment x --image=a -n nope
",
        expect![[r#"
            $ create deployment shop --image=shop:1.0 --replicas=2
            deployment.apps/shop created
            $ create deployment shop --image=shop:1.0
            ! error: failed to create deployment: deployments.apps "shop" already exists
            exit 1
            $ create deployment shop
            ! error: required flag(s) "image" not set
            exit 1
            $ create deployment shop --image=shop:1.0 --dry-run=client -o yaml
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              labels:
                app: shop
              name: shop
            spec:
              replicas: 1
              selector:
                matchLabels:
                  app: shop
              strategy: {}
              template:
                metadata:
                  labels:
                    app: shop
                spec:
                  containers:
                  - image: shop:1.0
                    name: shop
                    resources: {}
            status: {}
            $ create namespace test
            namespace/test created
            $ create quota tight --hard=pods=4,requests.cpu=2
            resourcequota/tight created
            $ create configmap conf --from-literal=a=b --from-file=web.yaml
            configmap/conf created
            $ create configmap conf --from-literal=a
            ! error: invalid literal source a, expected key=value
            exit 1
            $ create secret generic keys --from-literal=a=b
            secret/keys created
            $ create service clusterip shop --tcp=80:8080
            service/shop created
            $ create service clusterip shop --tcp=80x
            ! error: strconv.ParseUint: parsing "80x": invalid syntax
            exit 1
            $ run once --image=web:1.0 --restart=Never
            pod/once created
            $ run
            ! error: required flag(s) "image" not set
            exit 1
            $ create
            ! error: must specify one of -f and -k
            exit 1
            $ create foo
            ! error: Unexpected args: [foo]
            ! See 'kubectl create -h' for help and examples
            exit 1
            $ create deployment UPPER --image=a
            ! error: failed to create deployment: Deployment.apps "UPPER" is invalid: metadata.name: Invalid value: "UPPER": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
            exit 1
            $ create deployment x --image=a -n nope
            ! error: failed to create deployment: namespaces "nope" not found
            exit 1
        "#]],
    );
}

#[test]
fn from_files() {
    check(
        r"
$ create -f web.yaml
$ create -f web.yaml
$ replace -f web2.yaml
$ replace -f web2.yaml --force
$ create -f web.yaml --dry-run=server
$ replace -f missing.yaml
$ replace
",
        expect![[r#"
            $ create -f web.yaml
            deployment.apps/web created
            $ create -f web.yaml
            ! Error from server (AlreadyExists): error when creating "web.yaml": deployments.apps "web" already exists
            exit 1
            $ replace -f web2.yaml
            deployment.apps/web replaced
            $ replace -f web2.yaml --force
            deployment.apps "web" deleted from default namespace
            deployment.apps/web replaced
            $ create -f web.yaml --dry-run=server
            ! Error from server (AlreadyExists): error when creating "web.yaml": deployments.apps "web" already exists
            exit 1
            $ replace -f missing.yaml
            ! error: the path "missing.yaml" does not exist
            exit 1
            $ replace
            ! error: must specify one of -f and -k
            exit 1
        "#]],
    );
}
