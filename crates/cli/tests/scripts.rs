//! The example scripts: each gives exactly the trace that stands beside it.
//!
//! After a change of behaviour that is meant, `UPDATE_EXPECT=1 cargo test -p rollscope --test
//! scripts` writes the traces again; read what changed.

use std::path::PathBuf;

use expect_test::expect_file;
use rollscope_api::order;
use rollscope_scenario::Script;
use rollscope_scenario::trace::script_trace;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/scripts");

#[test]
fn scripts_give_their_traces() {
    let mut scripts: Vec<PathBuf> = std::fs::read_dir(FOLDER)
        .expect("the folder of scripts")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    order::sort(&mut scripts);
    assert!(scripts.len() >= 5, "only {} scripts were found", scripts.len());
    for path in scripts {
        let text = std::fs::read_to_string(&path).expect("a readable script");
        let script =
            Script::from_yaml(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        expect_file![path.with_extension("txt")].assert_eq(&script_trace(&script, None));
    }
}
