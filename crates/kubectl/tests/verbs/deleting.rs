//! `delete`, `cordon`, `drain`, `taint`.

use expect_test::expect;

use super::check_web;

#[test]
fn objects() {
    check_web(
        r"
$ delete deployment web --dry-run=client
$ delete deployment web --dry-run=server
$ delete deployment web --wait=false
+ 20s
$ get pods
$ delete deployment web
$ delete deployment web --ignore-not-found
$ apply -f web.yaml
+ 20s
$ delete deployment web --cascade=orphan
+ 5s
$ get deploy,rs -o name
$ delete rs --all
$ delete all --all
+ 20s
$ get all
",
        expect![[r#"
            $ delete deployment web --dry-run=client
            deployment.apps "web" deleted from default namespace (dry run)
            $ delete deployment web --dry-run=server
            deployment.apps "web" deleted from default namespace (server dry run)
            $ delete deployment web --wait=false
            deployment.apps "web" deleted from default namespace
            + 20s
            $ get pods
            ! No resources found in default namespace.
            $ delete deployment web
            ! Error from server (NotFound): deployments.apps "web" not found
            exit 1
            $ delete deployment web --ignore-not-found
            $ apply -f web.yaml
            deployment.apps/web created
            + 20s
            $ delete deployment web --cascade=orphan
            deployment.apps "web" deleted from default namespace
            + 5s
            $ get deploy,rs -o name
            replicaset.apps/web-77ff4b4f76
            $ delete rs --all
            replicaset.apps "web-77ff4b4f76" deleted from default namespace
            $ delete all --all
            pod "web-77ff4b4f76-2wck7" deleted from default namespace
            pod "web-77ff4b4f76-6hwp6" deleted from default namespace
            pod "web-77ff4b4f76-xgflb" deleted from default namespace
            + 20s
            $ get all
            ! No resources found in default namespace.
        "#]],
    );
}

#[test]
fn pods_are_awaited() {
    check_web(
        r"
$ get pods -o name
$ delete pods -l app=web
+ 30s
$ delete pods --all --now --wait=false
$ delete pods --all --force --grace-period=0
$ delete pods --all --force --grace-period=10
",
        expect![[r#"
            $ get pods -o name
            pod/web-77ff4b4f76-48p7v
            pod/web-77ff4b4f76-95ndb
            pod/web-77ff4b4f76-dvdq8
            $ delete pods -l app=web
            pod "web-77ff4b4f76-48p7v" deleted from default namespace
            pod "web-77ff4b4f76-95ndb" deleted from default namespace
            pod "web-77ff4b4f76-dvdq8" deleted from default namespace
            + 30s
            $ delete pods --all --now --wait=false
            pod "web-77ff4b4f76-b4tkh" deleted from default namespace
            pod "web-77ff4b4f76-v6tct" deleted from default namespace
            pod "web-77ff4b4f76-z874g" deleted from default namespace
            $ delete pods --all --force --grace-period=0
            pod "web-77ff4b4f76-b4tkh" force deleted from default namespace
            pod "web-77ff4b4f76-v6tct" force deleted from default namespace
            pod "web-77ff4b4f76-z874g" force deleted from default namespace
            ! Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.
            $ delete pods --all --force --grace-period=10
            ! error: --force and --grace-period greater than 0 cannot be specified together
            exit 1
        "#]],
    );
}

#[test]
fn refusals() {
    check_web(
        r"
$ delete
$ delete deployment
$ delete deployment,rs
$ delete -f missing.yaml
$ delete deployment web --cascade=foo
$ delete deployment web --all
$ delete deployment/web rs
$ delete pod x --grace-period=-5
$ delete foo x
",
        expect![[r#"
            $ delete
            ! error: You must provide one or more resources by argument or filename.
            ! Example resource specifications include:
            !    '-f rsrc.yaml'
            !    '--filename=rsrc.json'
            !    '<resource> <name>'
            !    '<resource>'
            exit 1
            $ delete deployment
            ! error: resource(s) were provided, but no name was specified
            exit 1
            $ delete deployment,rs
            ! error: resource(s) were provided, but no name was specified
            exit 1
            $ delete -f missing.yaml
            ! error: the path "missing.yaml" does not exist
            exit 1
            $ delete deployment web --cascade=foo
            ! error: invalid cascade value (foo). Must be "background", "foreground", or "orphan"
            exit 1
            $ delete deployment web --all
            ! error: name cannot be provided when a selector is specified
            exit 1
            $ delete deployment/web rs
            ! error: there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'
            exit 1
            $ delete pod x --grace-period=-5
            ! Error from server (NotFound): pods "x" not found
            exit 1
            $ delete foo x
            ! error: the server doesn't have a resource type "foo"
            exit 1
        "#]],
    );
}

#[test]
fn nodes() {
    check_web(
        r"
$ get nodes
$ cordon node-1
$ cordon node-1
$ uncordon node-1
$ drain node-1 --ignore-daemonsets
+ 60s
$ uncordon node-1
$ taint nodes node-2 a=b:NoSchedule
$ taint nodes node-2 a=b:NoSchedule
$ taint nodes node-2 a-
$ cordon nope
$ drain
$ taint nodes node-2 a=b
",
        expect![[r#"
            $ get nodes
            NAME     STATUS   ROLES    AGE   VERSION
            node-0   Ready    <none>   60s   v1.36.2
            node-1   Ready    <none>   60s   v1.36.2
            node-2   Ready    <none>   60s   v1.36.2
            $ cordon node-1
            node/node-1 cordoned
            $ cordon node-1
            node/node-1 already cordoned
            $ uncordon node-1
            node/node-1 uncordoned
            $ drain node-1 --ignore-daemonsets
            node/node-1 cordoned
            evicting pod default/web-77ff4b4f76-95ndb
            + 60s
            pod/web-77ff4b4f76-95ndb evicted
            node/node-1 drained
            $ uncordon node-1
            node/node-1 uncordoned
            $ taint nodes node-2 a=b:NoSchedule
            node/node-2 tainted
            $ taint nodes node-2 a=b:NoSchedule
            ! error: node node-2 already has a taint(s) with same effect(s) and --overwrite is false
            exit 1
            $ taint nodes node-2 a-
            node/node-2 untainted
            $ cordon nope
            ! Error from server (NotFound): nodes "nope" not found
            exit 1
            $ drain
            ! error: USAGE: drain NODE [flags]
            ! See 'kubectl drain -h' for help and examples
            exit 1
            $ taint nodes node-2 a=b
            ! error: invalid taint spec: a=b
            ! See 'kubectl taint -h' for help and examples
            exit 1
        "#]],
    );
}
