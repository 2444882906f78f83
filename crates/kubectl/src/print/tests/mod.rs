//! Tables as the server's printers and kubectl make them. The pods' states are those of upstream's
//! `TestPrintPod` and `TestPrintPodWithRestartableInitContainer`.

mod events;
mod options;
mod others;
mod pods;

use expect_test::{Expect, expect};
use rollscope_api::{Resource, SimTime, Value};
use serde_json::json;

use super::{TableOptions, TablePrinter, events_table, table};
use crate::duration::parse_time;

fn now() -> SimTime {
    parse_time("2026-01-02T03:04:05Z").expect("a time")
}

fn check(resource: Resource, objects: &[Value], options: TableOptions, expected: Expect) {
    expected.assert_eq(&table(resource, objects, &options, now()));
}

fn wide() -> TableOptions {
    TableOptions { wide: true, ..TableOptions::default() }
}
