//! What kubectl reads, and what it says of what it cannot.

use expect_test::{Expect, expect};

use super::{locate, parse};
use crate::gojson;

fn check(text: &str, expected: Expect) {
    let found = match parse(text) {
        Ok(documents) => documents
            .iter()
            .map(|document| gojson::to_string(&document.value))
            .collect::<Vec<_>>()
            .join("\n"),
        Err(error) => format!("{}:{}: {}", error.line, error.column, error.message),
    };
    expected.assert_eq(&found);
}

#[test]
fn scalars_are_those_of_yaml_1_1() {
    check(
        "a: yes\nb: off\nc: 0x1F\nd: 017\ne: 1_000\nf: 3.0\ng: 1e3",
        expect![[r#"{"a":true,"b":false,"c":31,"d":15,"e":1000,"f":3,"g":1000}"#]],
    );
    check(
        "a: ~\nb:\nc: null\nd: 'null'\ne: \"5\"\nf: !!str 5\ng: 08",
        expect![[r#"{"a":null,"b":null,"c":null,"d":"null","e":"5","f":"5","g":8}"#]],
    );
    check(
        "a: 2001-01-01\nb: 1.5\nc: .5\nd: 1.0.0\ne: 99999999999999999999",
        expect![[r#"{"a":"2001-01-01","b":1.5,"c":0.5,"d":"1.0.0","e":100000000000000000000}"#]],
    );
    check("1: a\ntrue: b\n1.5: c\n", expect![[r#"{"1":"a","1.5":"c","true":"b"}"#]]);
    check("a: .inf", expect!["1:4: error converting YAML to JSON: json: unsupported value: +Inf"]);
    check(
        "a: !!int x",
        expect!["1:4: error converting YAML to JSON: yaml: cannot decode !!str `x` as a !!int"],
    );
    check(
        "? [a]\n: b",
        expect![[
            r#"1:3: error converting YAML to JSON: yaml: invalid map key: []interface {}{"a"}"#
        ]],
    );
    check(
        "name: {{ .Values.name }}",
        expect![[
            r#"1:8: error converting YAML to JSON: yaml: invalid map key: map[interface {}]interface {}{".Values.name":interface {}(nil)}"#
        ]],
    );
}

#[test]
fn collections_anchors_and_merge_keys() {
    check("a: 1\na: 2", expect![[r#"{"a":2}"#]]);
    check(
        "x: &b {p: 1, q: 2}\ny: *b\nz:\n  <<: *b\n  q: 3\n",
        expect![[r#"{"true":{"p":1,"q":2},"x":{"p":1,"q":2},"z":{"p":1,"q":3}}"#]],
    );
    check("z:\n  <<: [{a: 1, b: 2}, {b: 3, c: 4}]\n", expect![[r#"{"z":{"a":1,"b":2,"c":4}}"#]]);
    check("- a\n- - b\n  - c\n-\n", expect![[r#"["a",["b","c"],null]"#]]);
    check("k: |\n  a\n   b\n\nl: >-\n  c\n  d\n", expect![[r#"{"k":"a\n b\n","l":"c d"}"#]]);
    check("k: [a, b: c, {d: }]", expect![[r#"{"k":["a",{"b":"c"},{"d":null}]}"#]]);
    check(
        "replicas: *n",
        expect!["1:11: error converting YAML to JSON: yaml: unknown anchor 'n' referenced"],
    );
    check(
        "a: &x [*x]",
        expect!["1:8: error converting YAML to JSON: yaml: anchor 'x' value contains itself"],
    );
}

#[test]
fn documents_are_split_as_kubectl_does() {
    check(
        "---\na: 1\n---\n# nothing\n---\nb: 2\n",
        expect![[r#"
        {"a":1}
        {"b":2}"#]],
    );
    check(
        "a: 1\n--- # comment\nb: 2\n",
        expect![[r#"
        {"a":1}
        {"b":2}"#]],
    );
    check("a: 1\n--- b\n", expect!["2:1: invalid Yaml document separator: b"]);
    check("a: 1\r\nb: 2\r\n", expect![[r#"{"a":1,"b":2}"#]]);
    check("", expect![]);
    check(
        "a: 1\n---\nb: 2\n c: 3\n",
        expect![
            "4:3: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context"
        ],
    );
}

#[test]
fn json_is_read_as_json() {
    check(
        r#"{"a": 1, "b": [true, null, "\u00e9\ud83d\ude80"], "c": 1.5}"#,
        expect![[r#"{"a":1,"b":[true,null,"é🚀"],"c":1.5}"#]],
    );
    check(
        r#"{"a": 1} {"b": 2}"#,
        expect![[r#"
        {"a":1}
        {"b":2}"#]],
    );
    check(
        "{\"a\": 1}\n---\n{\"b\": 2}\n",
        expect![[r#"
        {"a":1}
        {"b":2}"#]],
    );
    check(
        "{\"a\": 1}\n---\nb: 2\n",
        expect![[r#"
        {"a":1}
        {"b":2}"#]],
    );
    check(r#"{"a": 1,}"#, expect![[r#"{"a":1}"#]]);
    check(
        r#"{"a": [1, 2}"#,
        expect!["1:12: json: offset 12: invalid character '}' after array element"],
    );
    check(r#"{"a": "x"#, expect!["1:9: unexpected EOF"]);
    check(r#"{a: 1}"#, expect![[r#"{"a":1}"#]]);
}

#[test]
fn mistakes_are_told_in_kubectls_words() {
    check(
        "a: 1\n b: 2\n",
        expect![
            "2:3: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context"
        ],
    );
    check(
        "a:\n  b: 1\n c: 2\n",
        expect!["3:2: error converting YAML to JSON: yaml: line 2: did not find expected key"],
    );
    check(
        "a:\n\tb: 1\n",
        expect![
            "2:1: error converting YAML to JSON: yaml: line 2: found character that cannot start any token"
        ],
    );
    check("a:\n- b\n c\n", expect![[r#"{"a":["b c"]}"#]]);
    check(
        "a:\n  - b: 1\n   c: 2\n",
        expect![
            "3:4: error converting YAML to JSON: yaml: line 2: did not find expected '-' indicator"
        ],
    );
    check(
        "a: [1, 2\nb: 3\n",
        expect![
            "2:2: error converting YAML to JSON: yaml: line 1: did not find expected ',' or ']'"
        ],
    );
    check(
        "a: {b: 1\nc: 2\n",
        expect![
            "2:2: error converting YAML to JSON: yaml: line 1: did not find expected ',' or '}'"
        ],
    );
    check(
        "a: 'x\nb: 2\n",
        expect!["1:4: error converting YAML to JSON: yaml: line 3: found unexpected end of stream"],
    );
    check(
        "a: \"\\q\"\n",
        expect!["1:5: error converting YAML to JSON: yaml: found unknown escape character"],
    );
    check(
        "kind Deployment\nmetadata: {}\n",
        expect![
            "1:1: error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context"
        ],
    );
    check(
        "a: @x\n",
        expect![
            "1:4: error converting YAML to JSON: yaml: found character that cannot start any token"
        ],
    );
    check(
        "a: `x`\n",
        expect![
            "1:4: error converting YAML to JSON: yaml: found character that cannot start any token"
        ],
    );
    check(
        "a: %x\n",
        expect![
            "1:4: error converting YAML to JSON: yaml: found character that cannot start any token"
        ],
    );
    check(
        "a: - b\n",
        expect![
            "1:4: error converting YAML to JSON: yaml: block sequence entries are not allowed in this context"
        ],
    );
    check(
        "- a\nb: c\n",
        expect![
            "2:1: error converting YAML to JSON: yaml: line 1: did not find expected '-' indicator"
        ],
    );
    check(
        "a: b: c\n",
        expect![
            "1:5: error converting YAML to JSON: yaml: mapping values are not allowed in this context"
        ],
    );
    check(
        "a: &\n",
        expect![
            "1:5: error converting YAML to JSON: yaml: did not find expected alphabetic or numeric character"
        ],
    );
    check(
        "a: !x!y z\n",
        expect!["1:4: error converting YAML to JSON: yaml: found undefined tag handle"],
    );
    check(
        "a: |x\n",
        expect![
            "1:5: error converting YAML to JSON: yaml: did not find expected comment or line break"
        ],
    );
    check(
        "a: \u{1}\n",
        expect!["1:4: error converting YAML to JSON: yaml: control characters are not allowed"],
    );
    check(
        "%YAML 1.2\n---\na: 1\n",
        expect!["1:1: error converting YAML to JSON: yaml: found incompatible YAML document"],
    );
    check(
        "image: nginx:1.0:\n",
        expect![
            "1:17: error converting YAML to JSON: yaml: mapping values are not allowed in this context"
        ],
    );
    check(
        "a: \"x\" y\n",
        expect!["1:8: error converting YAML to JSON: yaml: did not find expected key"],
    );
    check(
        "a: ]\n",
        expect!["1:4: error converting YAML to JSON: yaml: did not find expected node content"],
    );
}

#[test]
fn places_are_found_by_path() {
    let text = "apiVersion: apps/v1\nspec:\n  replicas: three\n  template:\n    spec:\n      \
                containers:\n      - name: web\n        ports:\n        - {containerPort: 80}\n";
    let documents = parse(text).unwrap();
    let found: Vec<String> = [
        "spec.replicas",
        "spec.selector",
        "spec.template.spec.containers[0].image",
        "spec.template.spec.containers[0].ports[0].containerPort",
        "spec.template.spec.containers[0].ports",
        "metadata.name",
        "spec.template.spec.containers[7]",
    ]
    .iter()
    .map(|path| {
        let span = locate(&documents[0], path);
        let (line, column, end) = (span.line, span.column, span.end_column);
        format!("{path} {line}:{column}-{}:{end}", span.end_line)
    })
    .collect();
    expect![[r#"
        spec.replicas 3:13-3:18
        spec.selector 2:1-2:5
        spec.template.spec.containers[0].image 7:9-7:18
        spec.template.spec.containers[0].ports[0].containerPort 9:27-9:29
        spec.template.spec.containers[0].ports 8:9-8:14
        metadata.name 1:1-1:20
        spec.template.spec.containers[7] 6:7-6:17"#]]
    .assert_eq(&found.join("\n"));
}

#[test]
fn aliases_cannot_blow_up() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let before = level - 1;
        let list = vec![format!("*a{before}"); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    let error = parse(&text).unwrap_err();
    assert!(error.message.ends_with("yaml: document contains excessive aliasing"), "{error:?}");
}

#[test]
fn nesting_is_limited() {
    for open in ["[", "- {a: ", "- "] {
        let error = parse(&open.repeat(20_000)).unwrap_err();
        assert!(error.message.contains("exceeded max depth"), "{error:?}");
    }
    let json = "{\"a\":".repeat(20_000);
    assert!(parse(&json).unwrap_err().message.contains("exceeded max depth"));
}

/// A small generator, so that the same texts are tried every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

#[test]
fn no_text_makes_the_reader_panic() {
    const BITS: [&str; 24] = [
        ":", "-", "?", "[", "]", "{", "}", ",", "#", "&a", "*a", "!!int ", "|", ">", "'", "\"",
        "\n", "\t", "  ", "---\n", "\\u", "é", "<<: ", "%",
    ];
    let base = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: \"web\"\nspec:\n  \
                template: &t\n    spec:\n      containers:\n      - name: web\n        \
                args: [a, 'b']\n";
    let mut random = Random(7);
    for _ in 0..3000 {
        let mut text: Vec<char> = base.chars().collect();
        for _ in 0..1 + random.below(6) {
            let at = random.below(text.len());
            if random.below(2) == 0 {
                text.drain(at..(at + 1 + random.below(5)).min(text.len()));
            } else {
                let bit = BITS[random.below(BITS.len())];
                text.splice(at..at, bit.chars());
            }
        }
        let text: String = text.into_iter().collect();
        if let Ok(documents) = parse(&text) {
            for document in documents {
                locate(&document, "spec.template.spec.containers[0].name");
            }
        }
    }
}
