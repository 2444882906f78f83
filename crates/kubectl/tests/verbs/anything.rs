//! Whatever is typed is answered: no line makes the library panic, waits end or go on.

use super::Terminal;

const WORDS: &[&str] = &[
    "kubectl",
    "get",
    "describe",
    "rollout",
    "status",
    "undo",
    "history",
    "pause",
    "resume",
    "restart",
    "set",
    "image",
    "env",
    "resources",
    "scale",
    "apply",
    "create",
    "deployment",
    "delete",
    "patch",
    "edit",
    "label",
    "annotate",
    "wait",
    "expose",
    "autoscale",
    "explain",
    "diff",
    "replace",
    "run",
    "cordon",
    "drain",
    "taint",
    "events",
    "top",
    "deployment/web",
    "web",
    "deploy",
    "rs",
    "pods",
    "svc",
    "all",
    "nodes",
    "node-1",
    "foo",
    "web=web:2.0",
    "*=x",
    "a=b",
    "a-",
    "-f",
    "web.yaml",
    "nope.yaml",
    "-",
    "-o",
    "yaml",
    "json",
    "name",
    "wide",
    "jsonpath={.items[*]}",
    "custom-columns=A:.x",
    "-l",
    "app=web",
    "app in (",
    "-n",
    "default",
    "--all",
    "--replicas=2",
    "--replicas=-1",
    "--to-revision=1",
    "--dry-run=client",
    "--dry-run=server",
    "--for=condition=Available",
    "--for=delete",
    "--timeout=1s",
    "--watch",
    "-w",
    "-p",
    "{\"spec\":{\"replicas\":2}}",
    "'[1",
    "\"",
    "\\",
    "--type=json",
    "[]",
    "--image=a",
    "--port=80",
    "--max=3",
    "--help",
    "-h",
    "--",
    "|",
    "&&",
    "||",
    ";",
    "#",
    "--wait=false",
    "--overwrite",
    "--list",
    "--force",
    "--grace-period=0",
    "한글",
    "\u{1}",
    "=",
    "/",
    "a/b/c",
    ",",
    "deploy,rs",
    "--sort-by=.metadata.name",
    "--field-selector=a=b",
    "--record",
    "explain",
    "deploy.spec",
    "--save-config",
    "--from-literal=a=b",
    "configmap",
    "secret",
    "generic",
    "quota",
    "--hard=pods=1",
    "namespace",
    "service",
    "clusterip",
    "--tcp=80:80",
    "view-last-applied",
];

#[test]
fn no_line_panics() {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut draw = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut terminal = Terminal::new();
    for round in 0..3000 {
        if round % 100 == 0 {
            terminal = Terminal::new();
            terminal.script("$ apply -f web.yaml\n+ 30s");
        }
        let count = 1 + draw(7);
        let words: Vec<&str> = (0..count).map(|_| WORDS[draw(WORDS.len())]).collect();
        let line = words.join(" ");
        terminal.text.clear();
        terminal.line(&format!("$ {line}"));
        terminal.line(&format!("tab {line}"));
        if round % 10 == 0 {
            terminal.line("+ 2s");
        }
        if let Some(editing) = terminal.editing.take() {
            let text = editing.text.replace("web", words[0]);
            let outcome = editing.finish(&mut terminal.cluster, &terminal.files, &text);
            terminal.take(outcome);
        }
    }
}
