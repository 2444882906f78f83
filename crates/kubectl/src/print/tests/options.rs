//! What options do to tables of every kind.

use super::*;

fn deployment(name: &str) -> Value {
    json!({
        "metadata": {
            "name": name, "namespace": "shop", "creationTimestamp": "2026-01-01T00:00:00Z",
            "labels": {"app": name, "example.com/tier": "front"},
        },
        "spec": {
            "replicas": 3,
            "selector": {"matchLabels": {"b": "2", "a": "1"}, "matchExpressions": [
                {"key": "tier", "operator": "In", "values": ["y", "x"]},
                {"key": "old", "operator": "DoesNotExist"},
            ]},
            "template": {"spec": {"containers": [
                {"name": "web", "image": "web:1"}, {"name": "side", "image": "side:2"},
            ]}},
        },
        "status": {"readyReplicas": 1, "updatedReplicas": 2, "availableReplicas": 1},
    })
}

#[test]
fn what_options_add() {
    let options = TableOptions {
        wide: true,
        show_labels: true,
        label_columns: vec!["app".into(), "example.com/tier".into(), "none".into()],
        with_namespace: true,
        with_kind: true,
        no_headers: false,
        ..TableOptions::default()
    };
    check(
        Resource::Deployments,
        &[deployment("web")],
        options,
        expect![[r#"
        NAMESPACE   NAME                  READY   UP-TO-DATE   AVAILABLE   AGE   CONTAINERS   IMAGES         SELECTOR                     APP   TIER    NONE   LABELS
        shop        deployment.apps/web   1/3     2            1           27h   web,side     web:1,side:2   a=1,b=2,!old,tier in (x,y)   web   front          app=web,example.com/tier=front
    "#]],
    );
}

#[test]
fn no_headers_and_no_objects() {
    let options = TableOptions { no_headers: true, ..TableOptions::default() };
    check(
        Resource::Deployments,
        &[deployment("web")],
        options.clone(),
        expect![[r#"
        web   1/3   2     1     27h
    "#]],
    );
    check(Resource::Deployments, &[], options, expect![[""]]);
}

#[test]
fn a_table_goes_on_with_its_widths() {
    let mut printer = TablePrinter::new(Resource::Deployments, TableOptions::default());
    let mut text = printer.print(&[deployment("a-long-name")], now());
    text += &printer.print(&[deployment("b")], now());
    text += &printer.print(&[deployment("an-even-longer-name")], now());
    text += &printer.print(&[deployment("c")], now());
    expect![[r#"
        NAME          READY   UP-TO-DATE   AVAILABLE   AGE
        a-long-name   1/3     2            1           27h
        b             1/3     2            1           27h
        an-even-longer-name   1/3     2            1           27h
        c                     1/3     2            1           27h
    "#]]
    .assert_eq(&text);
}
