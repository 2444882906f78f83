use expect_test::expect;
use serde_json::json;

use super::{Format, Offer, list, name, sort_rows, to_kyaml, to_typed_json};

#[test]
fn typed_json_keeps_the_order_of_declaration() {
    let object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"labels": {"b": "1", "a": "<2>"}, "name": "x", "creationTimestamp": null},
        "spec": {
            "template": {"spec": {"containers": [
                {"resources": {}, "name": "a", "image": "a:1", "env": []},
            ]}},
            "strategy": {},
            "replicas": 1,
        },
        "status": {},
    });
    expect![[r#"
        {
            "kind": "Deployment",
            "apiVersion": "apps/v1",
            "metadata": {
                "name": "x",
                "creationTimestamp": null,
                "labels": {
                    "a": "\u003c2\u003e",
                    "b": "1"
                }
            },
            "spec": {
                "replicas": 1,
                "template": {
                    "spec": {
                        "containers": [
                            {
                                "name": "a",
                                "image": "a:1",
                                "env": [],
                                "resources": {}
                            }
                        ]
                    }
                },
                "strategy": {}
            },
            "status": {}
        }
    "#]]
    .assert_eq(&to_typed_json(&object));
}

#[test]
fn names_of_objects_and_lists() {
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}});
    let set = json!({"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "s"}});
    assert_eq!(name(&list(vec![pod, set])), "pod/p\nreplicaset.apps/s\n");
    assert_eq!(name(&list(Vec::new())), "");
}

#[test]
fn other_commands_offer_less() {
    for output in ["wide", "custom-columns=A:.b", "xyz"] {
        let error = Format::parse(output, None, Offer::Plain).err();
        assert!(error.is_some_and(|error| !error.contains("wide,yaml")), "{output}");
    }
}

#[test]
fn rows_without_the_field_come_first_and_keep_their_order() {
    // Tables are sorted twice, so that what one pass turns round the other turns back.
    let mut rows: Vec<_> =
        [None, Some(2), None, Some(1)].iter().map(|n| json!({"n": n, "id": n})).collect();
    for (index, row) in rows.iter_mut().enumerate() {
        row["id"] = json!(index);
        if row["n"].is_null() {
            row.as_object_mut().expect("a map").remove("n");
        }
    }
    sort_rows(&mut rows, ".n").expect("sorted");
    let order: Vec<_> = rows.iter().map(|row| row["id"].as_i64()).collect();
    assert_eq!(order, [Some(0), Some(2), Some(3), Some(1)]);
}

#[test]
fn kyaml_quotes_every_string() {
    let object = json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "x", "annotations": {}, "labels": {"a.b/c": "1", "no": "n", "1.5": "y"}},
        "data": {"lines": "one\n  two\n", "open": "a\nb", "quote": "say \"hi\"\t\\"},
        "lists": [[1, 2], [{"a": null}, {"b": true}], []],
    });
    expect![[r#"
        ---
        {
          apiVersion: "v1",
          data: {
            lines: "\
               one\n\
              \  two\n\
              ",
            open: "\
               a\n\
               b\
              ",
            quote: "say \"hi\"	\\",
          },
          kind: "ConfigMap",
          lists: [[
            1,
            2,
          ], [{
            a: null,
          }, {
            b: true,
          }], []],
          metadata: {
            annotations: {},
            labels: {
              "1.5": "y",
              a.b/c: "1",
              "no": "n",
            },
            name: "x",
          },
        }
    "#]]
    .assert_eq(&to_kyaml(&object));
}
