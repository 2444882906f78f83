//! Mistakes, where they are shown and what is said.

use expect_test::{Expect, expect};

use super::diagnose;

/// The course's Deployment, with one part replaced.
fn manifest(old: &str, new: &str) -> String {
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: my-app\nspec:\n  \
                replicas: 3\n  selector:\n    matchLabels:\n      app: my-app\n  template:\n    \
                metadata:\n      labels:\n        app: my-app\n    spec:\n      containers:\n      \
                - name: my-app-container\n        image: my-app:1.0\n";
    assert!(text.contains(old), "{old}");
    text.replacen(old, new, 1)
}

/// Every diagnostic: place, the text there, message, hint.
fn check(text: &str, expected: Expect) {
    let found: Vec<String> = diagnose(text)
        .iter()
        .map(|diagnostic| {
            let span = diagnostic.span;
            let line = text.lines().nth(span.line - 1).unwrap_or_default();
            let marked: String = line
                .chars()
                .skip(span.column - 1)
                .take(span.end_column.saturating_sub(span.column))
                .collect();
            let kind = if diagnostic.warning { "warning" } else { "error" };
            format!(
                "{}:{} {marked:?} {kind}: {}\n  {}",
                span.line, span.column, diagnostic.message, diagnostic.hint
            )
        })
        .collect();
    expected.assert_eq(&found.join("\n"));
}

#[test]
fn a_good_manifest_has_no_mistakes() {
    check(&manifest("", ""), expect![]);
}

#[test]
fn values_of_the_wrong_type() {
    check(
        &manifest("replicas: 3", "replicas: three"),
        expect![[r#"
        6:13 "three" error: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32
          A whole number is needed, for instance 3."#]],
    );
    check(
        &manifest("replicas: 3", "replicas: '3'"),
        expect![[r#"
        6:13 "'3'" error: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32
          A number is needed: remove the quotes."#]],
    );
    check(
        &manifest("replicas: 3", "replicas: 2.5"),
        expect![[r#"
        6:13 "2.5" error: json: cannot unmarshal number 2.5 into Go struct field DeploymentSpec.spec.replicas of type int32
          A whole number is needed."#]],
    );
    check(
        &manifest("app: my-app\n    spec", "app: yes\n    spec"),
        expect![[r#"
        13:14 "yes" error: json: cannot unmarshal bool into Go struct field ObjectMeta.spec.template.metadata.labels of type string
          YAML reads this word as true or false. Put it in quotes: "true"."#]],
    );
    check(
        &manifest("replicas: 3", "strategy: Recreate"),
        expect![[r#"
        6:13 "Recreate" error: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.strategy of type v1.DeploymentStrategy
          An object with fields of its own is needed here: type, rollingUpdate …"#]],
    );
    check(
        &manifest("image: my-app:1.0", "image: 5\n        args: x"),
        expect![[r#"
        17:16 "5" error: json: cannot unmarshal number into Go struct field Container.spec.template.spec.containers.image of type string
          A text is needed. Put it in quotes: "5".
        18:15 "x" error: json: cannot unmarshal string into Go struct field Container.spec.template.spec.containers.args of type []string
          A list is needed here: begin each item with a dash."#]],
    );
    check(
        &manifest("image: my-app:1.0", "image: a\n        resources: {limits: {memory: 64MB}}"),
        expect![[r#"
            18:38 "64MB" error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
              Write amounts as 500m or 1 (CPU), 128Mi or 1Gi (memory). There is no MB: use M or Mi."#]],
    );
    check(
        &manifest("name: my-app\n", "name: 5\n"),
        expect![[r#"
            4:9 "5" error: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string
              A text is needed. Put it in quotes: "5"."#]],
    );
}

#[test]
fn unknown_fields() {
    check(
        &manifest("replicas: 3", "replica: 3"),
        expect![[r#"
        6:3 "replica" error: unknown field "spec.replica"
          Did you mean `replicas`?"#]],
    );
    check(
        &manifest("image: my-app:1.0", "imge: my-app:1.0"),
        expect![[r#"
        17:9 "imge" error: unknown field "spec.template.spec.containers[0].imge"
          Did you mean `image`?"#]],
    );
    check(
        &manifest("replicas: 3", "image: x"),
        expect![[r#"
        6:3 "image" error: unknown field "spec.image"
          There is a field of this name at spec.template.spec.containers[].image: check the indentation."#]],
    );
    check(
        &manifest("replicas: 3", "zzz: x"),
        expect![[r#"
        6:3 "zzz" error: unknown field "spec.zzz"
          There is no such field here: remove it, or check its spelling and indentation."#]],
    );
}

#[test]
fn what_validation_refuses() {
    check(
        &manifest("replicas: 3", "strategy:\n    rollingUpdate: {maxSurge: 0, maxUnavailable: 0}"),
        expect![[r#"
            7:50 "0" error: spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0
              With no pod more (maxSurge) and no pod fewer (maxUnavailable) nothing could ever be replaced: raise one of the two."#]],
    );
    check(
        &manifest("app: my-app\n  template", "app: other\n  template"),
        expect![[r#"
        12:7 "labels" error: spec.template.metadata.labels: Invalid value: {"app":"my-app"}: `selector` does not match template `labels`
          Every label in spec.selector.matchLabels must also be among spec.template.metadata.labels, with the same value: that is how a Deployment knows its pods."#]],
    );
    check(
        &manifest("app: my-app\n    spec", "app: my-app\n        b: a b\n    spec"),
        expect![[r#"
        14:12 "a b" error: spec.template.labels: Invalid value: "a b": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')
          Labels are made of letters, digits, dashes, underscores and dots; they begin and end with a letter or digit."#]],
    );
    check(
        &manifest("replicas: 3", "strategy: {type: recreate}"),
        expect![[r#"
            6:20 "recreate" error: spec.strategy: Unsupported value: {"Type":"recreate","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"
              Did you mean `Recreate`?"#]],
    );
    check(
        &manifest("replicas: 3", "replicas: -1"),
        expect![[r#"
        6:13 "-1" error: spec.replicas: Invalid value: -1: must be greater than or equal to 0
          It cannot be negative."#]],
    );
    check(
        &manifest("        image: my-app:1.0\n", ""),
        expect![[r#"
        16:9 "name: my-app-container" error: spec.template.spec.containers[0].image: Required value
          Say which image the container runs."#]],
    );
    check(
        &manifest("name: my-app\n", "name: My_App\n"),
        expect![[r#"
            4:9 "My_App" error: metadata.name: Invalid value: "My_App": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')
              Use lower-case letters, digits and dashes; begin and end with a letter or digit."#]],
    );
    check(
        &manifest("  selector:\n    matchLabels:\n      app: my-app\n", ""),
        expect![[r#"
        5:1 "spec" error: spec.selector: Required value
          Say which pods belong to it: spec.selector.matchLabels, with the labels of the template.
        9:7 "labels" error: spec.template.metadata.labels: Invalid value: {"app":"my-app"}: `selector` does not match template `labels`
          Every label in spec.selector.matchLabels must also be among spec.template.metadata.labels, with the same value: that is how a Deployment knows its pods."#]],
    );
    check(
        &manifest("image: my-app:1.0", "image: a\n        imagePullPolicy: ifnotpresent"),
        expect![[r#"
            18:26 "ifnotpresent" error: spec.template.spec.containers[0].imagePullPolicy: Unsupported value: "ifnotpresent": supported values: "Always", "IfNotPresent", "Never"
              Did you mean `IfNotPresent`?"#]],
    );
}

#[test]
fn what_is_no_manifest() {
    check(
        "",
        expect![[r#"
        1:1 "" error: no objects passed to apply
          There is nothing to apply yet: write a manifest, or load an example."#]],
    );
    check(
        "# nothing\n",
        expect![[r#"
        1:1 "" error: no objects passed to apply
          There is nothing to apply yet: write a manifest, or load an example."#]],
    );
    check(
        "hello",
        expect![[r#"
        1:1 "hello" error: error validating data: invalid object to validate
          A manifest begins with keys such as apiVersion, kind, metadata and spec."#]],
    );
    check(
        "- a\n- b\n",
        expect![[r#"
        1:1 "-" error: error validating data: invalid object to validate
          A manifest begins with keys such as apiVersion, kind, metadata and spec."#]],
    );
    check(
        &manifest("kind: Deployment\n", ""),
        expect![[r#"
        1:1 "apiVersion: apps/v1" error: error validating data: kind not set
          Say what it is, for instance `kind: Deployment`."#]],
    );
    check(
        &manifest("apiVersion: apps/v1\n", ""),
        expect![[r#"
        1:1 "kind: Deployment" error: error validating data: apiVersion not set
          Add `apiVersion: apps/v1`."#]],
    );
    check(
        &manifest("kind: Deployment", "kind: Deploymint"),
        expect![[r#"
        2:7 "Deploymint" error: no matches for kind "Deploymint" in version "apps/v1"
          Did you mean `kind: Deployment`?"#]],
    );
    check(
        &manifest("apps/v1", "v1"),
        expect![[r#"
        1:13 "v1" error: no matches for kind "Deployment" in version "v1"
          Deployment is served as `apiVersion: apps/v1`, not `v1`."#]],
    );
    check(
        &manifest("kind: Deployment", "kind: Gateway"),
        expect![[r#"
            2:7 "Gateway" error: no matches for kind "Gateway" in version "apps/v1"
              This playground has Pod, Service, Deployment, ReplicaSet, HorizontalPodAutoscaler, Endpoints, EndpointSlice, Event, Node, Namespace, ConfigMap, Secret, ResourceQuota, DaemonSet, StatefulSet."#]],
    );
}

#[test]
fn what_is_no_yaml() {
    check(
        &manifest("replicas: 3", "replicas 3"),
        expect![[r#"
            6:3 "replicas" error: error converting YAML to JSON: yaml: line 7: mapping values are not allowed in this context
              A key needs a colon and a space behind it: `key: value`."#]],
    );
    check(
        &manifest("  replicas: 3", "\treplicas: 3"),
        expect![[r#"
        6:1 "\t" error: error converting YAML to JSON: yaml: line 6: found character that cannot start any token
          A tab cannot indent YAML: use spaces."#]],
    );
    check(
        &manifest("name: my-app\n", "name: \"my-app\n"),
        expect![[r#"
        4:9 "\"my-app" error: error converting YAML to JSON: yaml: line 18: found unexpected end of stream
          A quote is opened here and never closed."#]],
    );
    check(
        &manifest("  replicas: 3", "   replicas: 3"),
        expect![[r#"
        7:3 "selector:" error: error converting YAML to JSON: yaml: line 6: did not find expected key
          This line is indented differently from the keys beside it, or something above it is not finished."#]],
    );
    check(
        &manifest("image: my-app:1.0", "image: my-app: 1.0"),
        expect![[r#"
        17:22 ":" error: error converting YAML to JSON: yaml: line 17: mapping values are not allowed in this context
          This colon is not expected here. Check the indentation of this line and the one above, or put a text that contains a colon in quotes."#]],
    );
    check(
        &manifest("name: my-app\n", "name: {{ .Values.name }}\n"),
        expect![[r#"
        4:10 "{" error: error converting YAML to JSON: yaml: invalid map key: map[interface {}]interface {}{".Values.name":interface {}(nil)}
          Braces begin a map in YAML. A template's {{ … }} must be filled in first, or put in quotes."#]],
    );
    check(
        &manifest("replicas: 3", "replicas: *n"),
        expect![[r#"
        6:13 "*n" error: error converting YAML to JSON: yaml: unknown anchor 'n' referenced
          `*name` repeats what `&name` marked above; nothing is marked so. If a star is meant, put the value in quotes."#]],
    );
}

#[test]
fn several_documents_and_warnings() {
    let text = format!("{}---\n{}", manifest("", ""), manifest("replicas: 3", "replicas: x"));
    check(
        &text,
        expect![[r#"
        24:13 "x" error: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32
          A whole number is needed, for instance 3."#]],
    );
    check(
        &manifest("replicas: 3", "replicas: 3\n  replicas: 4"),
        expect![[r#"
        7:3 "replicas" warning: key "replicas" is set twice
          kubectl takes the last value and says nothing."#]],
    );
    check(
        &manifest("image: my-app:1.0", "image: a\n      terminationGracePeriodSeconds: -1"),
        expect![[r#"
            18:38 "-1" warning: spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1
              It cannot be negative."#]],
    );
}

#[test]
fn no_text_makes_it_panic() {
    let base = manifest("", "");
    let bits = [
        "{}",
        "[]",
        "- x",
        "null",
        "5",
        "\"",
        ": ",
        "a: [b",
        "\n---\n",
        "é",
        "kind: List\nitems: [5]",
    ];
    for at in (0..base.len()).step_by(3) {
        for bit in bits {
            let mut text = base.clone();
            text.insert_str(at, bit);
            diagnose(&text);
        }
    }
}
