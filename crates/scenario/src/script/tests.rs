use expect_test::{Expect, expect};

use super::*;

const SCRIPT: &str = "\
rollscope: 1
seed: 7
start: 2026-01-05T09:00:00Z
world:
  nodes: 2
files:
  web.yaml: |
    kind: Deployment
inputs:
- at: 0s
  apply: web.yaml
- at: 1m30s
  command: kubectl rollout undo deployment/web
- at: 1m30s
  edit: {file: web.yaml, text: ''}
- at: 95.5s
  pod: {name: web-x, action: crash}
- at: 2m
  interrupt: true
- at: 2m
  node: {name: node-9, action: add, machine: {cpu: '2', labels: {disk: ssd}}}
- at: 130s
  node: {name: node-9, action: lose}
- at: 140s
  world: {traffic: {requests_per_second: 50}, images: [{image: 'web:*', error_percent: 5}]}
";

fn check(text: &str, expected: Expect) {
    let found = match Script::from_yaml(text) {
        Ok(script) => script.to_yaml(),
        Err(error) => format!("{error}\n"),
    };
    expected.assert_eq(&found);
}

#[test]
fn scripts_round_trip() {
    let script = Script::from_yaml(SCRIPT).unwrap();
    assert_eq!(script.inputs.len(), 8);
    assert_eq!(script.time_of(1), script.start_time() + SimDuration::from_secs(90));
    assert_eq!(Script::from_yaml(&script.to_yaml()).unwrap(), script);
    // JSON is YAML: a link's script is read by the same function.
    assert_eq!(Script::from_yaml(&script.to_json()).unwrap(), script);
}

#[test]
fn wrong_scripts_name_their_line() {
    check(
        "",
        expect![[r#"
        this is not a script: it has no `rollscope: 1`, which names the format's version
    "#]],
    );
    check(
        "kind: Deployment\n",
        expect![[r#"
        this is not a script: it has no `rollscope: 1`, which names the format's version
    "#]],
    );
    check(
        "rollscope: 2\nnew: thing\n",
        expect![[r#"
        the script is of version 2, this program reads version 1
    "#]],
    );
    check(
        "rollscope: 1\nseeds: 7\n",
        expect![[r#"
        line 2: unknown field `seeds`, expected one of `rollscope`, `seed`, `start`, `view`, `pace`, `world`, `files`, `inputs`
    "#]],
    );
    check(
        "rollscope: 1\nseed: [\n",
        expect![[r#"
        line 3: did not find expected node content
    "#]],
    );
    check(
        "rollscope: 1\nworld:\n  nodes: -1\n",
        expect![[r#"
        line 3: world.nodes: -1 nodes: less than none
    "#]],
    );
    check(
        "rollscope: 1\nworld:\n  nodes: 100000\n",
        expect![[r#"
        line 3: world.nodes: 100000 nodes are more than 5000
    "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: soon\n  apply: x\n",
        expect![[r#"
            line 3: inputs[0].at: "soon" is not a span of time: write 90s, 1m30s, 250ms or 1.5s
        "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: 1s\n",
        expect![[r#"
        line 3: inputs: an input holds `at` and exactly one of `command`, `apply`, `edit`, `close`, `pod`, `node`, `world`, `nodes`, `interrupt`, `save`
    "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: 1s\n  apply: x\n  command: y\n",
        expect![[r#"
        line 3: inputs: an input holds `at` and exactly one of `command`, `apply`, `edit`, `close`, `pod`, `node`, `world`, `nodes`, `interrupt`, `save`
    "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: 2s\n  apply: x\n- at: 1s\n  apply: x\n",
        expect![[r#"
        line 5: inputs: 1s comes after 2s: times must not go back
    "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: 2s\n  nodes: dance\n",
        expect![[r#"
            line 4: unknown action "dance": ready, unready, crash, fail, delete-pods, terminate or wait
        "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: 2s\n  world:\n    images:\n    - {image: a, exit_code: 999}\n",
        expect![[r#"
            line 6: inputs[0].world.images[0].exit_code: 999 is not between 0 and 255
        "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: 2s\n  node: {name: Node 1, action: add}\n",
        expect![[r#"
            line 4: inputs[0].node.name: "Node 1" is no name: lower case letters, digits, - and . make one
        "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: 2s\n  node: {name: a, action: add, machine: {cpu: lots}}\n",
        expect![[r#"
            line 4: inputs[0].node.machine.cpu: "lots": quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'
        "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: 2s\n  node: {name: a, action: lose, machine: {cpu: '1'}}\n",
        expect![[r#"
            line 4: inputs[0].node.machine: a machine is described where one is added, not to lose
        "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: 2s\n  node: {name: a, action: explode}\n",
        expect![[r#"
            line 4: inputs[0].node.action: unknown variant `explode`, expected one of `add`, `remove`, `lose`, `recover`
        "#]],
    );
    check(
        "rollscope: 1\nworld:\n  traffic: {requests_per_second: -1}\n",
        expect![[r#"
        line 3: world.traffic: requests_per_second: -1 is less than none
    "#]],
    );
    check(
        "rollscope: 1\nstart: yesterday\n",
        expect![[r#"
        line 2: start: "yesterday" is not an RFC 3339 time
    "#]],
    );
    check(
        "rollscope: 1\nstart: 9999-01-01T00:00:00Z\n",
        expect![[r#"
        line 2: start: 9999-01-01T00:00:00Z is not between 1970 and 9000
    "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- command: get pods\n  at: 2s\n- apply: x\n  at: 1s\n",
        expect![[r#"
            line 6: inputs: 1s comes after 2s: times must not go back
        "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- apply: x\n  at: 2000000000h\n",
        expect![[r#"
        line 4: inputs: 2000000000h is too long: at most 168h
    "#]],
    );
    check(
        "rollscope: 1\ninputs:\n- at: 1s\n  nodes: wait 1h\n- at: 1s\n  nodes: wait 200h\n",
        expect![[r#"
            line 6: waiting: 169h is too long: at most 168h
        "#]],
    );
    check(
        "rollscope: 1\nworld:\n  images:\n  - image: a\n  - image: b\n    pull_ms: 5-1\n",
        expect![[r#"
            line 6: world.images[1].pull_ms: invalid type: string "5-1", expected milliseconds, as one whole number or as [least, most]
        "#]],
    );
    check(
        "rollscope: 1\nfiles:\n  a: &x text\n  b: *x\n",
        expect![[r#"
        line 4: aliases (*name) are not read in scripts: write the value out
    "#]],
    );
}

#[test]
fn a_script_may_say_where_it_is_looked_at() {
    let read = |view: &str| {
        let read = Script::with_view_from_yaml(&format!("rollscope: 1\nseed: 3\nview: {view}\n"));
        read.map(|(_, view)| view).map_err(|error| error.to_string())
    };
    let at = |ms, playing| Ok(Some(View { at: SimDuration::from_millis(ms), playing }));
    assert_eq!(read("{at: 1m2.5s, playing: true}"), at(62_500, true));
    assert_eq!(read("{at: 3s}"), at(3_000, false));
    assert_eq!(read("null"), Ok(None));
    for (view, wrong) in [
        ("{at: 8d}", "line 3: "),
        ("{at: 200h}", "line 3: view: 200h is too long: at most 168h"),
        ("{at: -3s}", "line 3: "),
        ("{playing: true}", "line 3: view: missing field `at`"),
        ("{at: 3s, speed: 2}", "line 3: view: unknown field `speed`"),
    ] {
        let error = read(view).unwrap_err();
        assert!(error.starts_with(wrong), "{view}: {error}");
    }
}
