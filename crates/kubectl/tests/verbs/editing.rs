//! `edit`.

use expect_test::expect;

use super::check_web;

#[test]
fn a_change() {
    check_web(
        r"
$ edit deployment web
edit replicas: 3 -> replicas: 4
$ get deployment web -o name && edit deployment web; get rs -o name
edit - image: web:1.0 -> - image: web:2.0
",
        expect![[r#"
            $ edit deployment web
              # Please edit the object below. Lines beginning with a '#' will be ignored,
              # and an empty file will abort the edit. If an error occurs while saving this file will be
              # reopened with the relevant failures.
            edit replicas: 3 -> replicas: 4
            deployment.apps/web edited
            $ get deployment web -o name && edit deployment web; get rs -o name
            deployment.apps/web
              # Please edit the object below. Lines beginning with a '#' will be ignored,
              # and an empty file will abort the edit. If an error occurs while saving this file will be
              # reopened with the relevant failures.
            edit - image: web:1.0 -> - image: web:2.0
            deployment.apps/web edited
            replicaset.apps/web-77ff4b4f76
        "#]],
    );
}

#[test]
fn nothing_and_nonsense() {
    check_web(
        r"
$ edit deployment web
edit replicas: 3 -> replicas: 3
$ edit deployment web
edit replicas: 3 -> replicas: -3
edit replicas: -3 -> replicas: 2
$ edit deployment web
edit kind: Deployment -> kind: [
edit kind: [ -> kind: Deployment
$ edit
$ edit deployment nope
$ edit deployment web --output-patch
edit - image: web:1.0 -> - image: web:3.0
",
        expect![[r#"
            $ edit deployment web
              # Please edit the object below. Lines beginning with a '#' will be ignored,
              # and an empty file will abort the edit. If an error occurs while saving this file will be
              # reopened with the relevant failures.
            edit replicas: 3 -> replicas: 3
            ! Edit cancelled, no changes made.
            $ edit deployment web
              # Please edit the object below. Lines beginning with a '#' will be ignored,
              # and an empty file will abort the edit. If an error occurs while saving this file will be
              # reopened with the relevant failures.
            edit replicas: 3 -> replicas: -3
            ! error: deployments.apps "web" is invalid
              # Please edit the object below. Lines beginning with a '#' will be ignored,
              # and an empty file will abort the edit. If an error occurs while saving this file will be
              # reopened with the relevant failures.
              # deployments.apps "web" was not valid:
              # * spec.replicas: Invalid value: -3: must be greater than or equal to 0
            edit replicas: -3 -> replicas: 2
            deployment.apps/web edited
            $ edit deployment web
              # Please edit the object below. Lines beginning with a '#' will be ignored,
              # and an empty file will abort the edit. If an error occurs while saving this file will be
              # reopened with the relevant failures.
            edit kind: Deployment -> kind: [
              # Please edit the object below. Lines beginning with a '#' will be ignored,
              # and an empty file will abort the edit. If an error occurs while saving this file will be
              # reopened with the relevant failures.
              # The edited file had a syntax error: error converting YAML to JSON: yaml: line 7: did not find expected ',' or ']'
            edit kind: [ -> kind: Deployment
            ! Edit cancelled, no changes made.
            $ edit
            ! error: You must provide one or more resources by argument or filename.
            ! Example resource specifications include:
            !    '-f rsrc.yaml'
            !    '--filename=rsrc.json'
            !    '<resource> <name>'
            !    '<resource>'
            exit 1
            $ edit deployment nope
            ! Error from server (NotFound): deployments.apps "nope" not found
            exit 1
            $ edit deployment web --output-patch
              # Please edit the object below. Lines beginning with a '#' will be ignored,
              # and an empty file will abort the edit. If an error occurs while saving this file will be
              # reopened with the relevant failures.
            edit - image: web:1.0 -> - image: web:3.0
            Patch: {"spec":{"template":{"spec":{"$setElementOrder/containers":[{"name":"web"}],"containers":[{"image":"web:3.0","name":"web"}]}}}}
            deployment.apps/web edited
        "#]],
    );
}
