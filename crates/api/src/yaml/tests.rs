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
