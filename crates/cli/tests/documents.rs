//! What the documents say is tried.

use rollscope_scenario::{Input, Script, Session};

const FIDELITY: &str = include_str!("../../../docs/fidelity.md");
const README: &str = include_str!("../../../README.md");

/// The list under a heading: what stands in backquotes at the beginning of each item.
fn items<'a>(document: &'a str, heading: &str) -> Vec<&'a str> {
    let (_, section) = document.split_once(heading).expect("the heading");
    let lines = section.lines().skip(1).take_while(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.strip_prefix("* `")?.split('`').next()).collect()
}

fn answer(line: &str) -> (String, Option<i32>) {
    let mut session = Session::new(&Script::default());
    session.input(&Input::Command { line: line.to_owned() });
    let entry = session.transcript().entries().last().expect("a command").clone();
    (entry.printed(true), entry.ended.map(|(_, exit)| exit))
}

#[test]
fn commands_without_room_say_so_in_one_line() {
    let commands = items(FIDELITY, "## Commands that a playground has no room for");
    assert!(commands.len() > 10, "{commands:?}");
    for command in commands {
        let (said, exit) = answer(&format!("kubectl {command}"));
        let wanted = format!("error: kubectl {command} is not part of the playground: ");
        assert!(said.starts_with(&wanted) && said.lines().count() == 1, "{command}: {said}");
        assert_eq!(exit, Some(1), "{command}");
    }
}

#[test]
fn the_documents_that_are_named_exist() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let mut seen = 0;
    for link in README.split("](").skip(1) {
        let target = link.split(')').next().unwrap_or_default();
        if target.starts_with("http") {
            continue;
        }
        seen += 1;
        assert!(std::path::Path::new(root).join(target).exists(), "{target} does not exist");
    }
    assert!(seen > 5, "only {seen} links were found");
}
