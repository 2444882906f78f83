//! What several of these tests do to a session: let time pass, and type.

#![allow(dead_code, reason = "every file of tests uses some of it")]

use expect_test::Expect;
use rollscope_api::SimDuration;
use rollscope_scenario::{Input, NodeAction, Session};

/// A Service in front of the pods of `web`.
pub const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  \
                           selector: {app: web}\n  ports: [{port: 80}]\n";

pub fn pass_ms(session: &mut Session, ms: i64) {
    let until = session.now() + SimDuration::from_millis(ms);
    session.run_until(until);
}

pub fn pass(session: &mut Session, seconds: i64) {
    pass_ms(session, seconds * 1_000);
}

/// What a command prints, at once.
pub fn kubectl(session: &mut Session, line: &str) -> String {
    session.input(&Input::Command { line: line.to_owned() });
    let entry = session.transcript().entries().last().unwrap();
    entry.chunks.iter().map(|chunk| chunk.text.as_str()).collect()
}

/// A command prints this.
pub fn check(session: &mut Session, line: &str, expected: Expect) {
    expected.assert_eq(&kubectl(session, line));
}

/// Something happens to a machine.
pub fn node(session: &mut Session, node: &str, action: NodeAction) {
    session.input(&Input::Node { node: node.to_owned(), action, machine: None });
}
