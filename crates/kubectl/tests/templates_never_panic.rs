//! Whatever is typed behind `-o` is printed or refused, never a panic.

use rollscope_kubectl::output::{Format, Offer, sort_rows};
use serde_json::json;

/// Pieces of the languages, to be strung together at random.
const PIECES: [&str; 58] = [
    "{", "}", "{{", "}}", "{{-", "-}}", "[", "]", "(", ")", ".", "..", "*", "?", "@", "$", "$x",
    ":=", "=", "==", "!=", "<", ">=", "|", ",", ":", "'", "\"", "`", "\\", "\n", "\t", " ", "-1",
    "0", "9", "1.5", "range", "end", "if", "else", "with", "index", "len", "printf", "%5.2f", "%",
    "items", ".items", "name", "한", "/*", "*/", "eq", "slice", "nil", "true", "[?(",
];

#[test]
fn templates_never_panic() {
    let object = json!({
        "kind": "List", "apiVersion": "v1", "n": null, "f": 1.5, "t": "한글", "b": true,
        "items": [{"name": "a", "n": 1, "items": []}, {"name": "b", "n": "1Gi"}],
    });
    let mut random: u64 = 0x2545_f491_4f6c_dd1d;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    let mut parsed = 0;
    for _ in 0..8_000 {
        let text: String = (0..1 + next(9)).map(|_| PIECES[next(PIECES.len())]).collect();
        for format in ["jsonpath", "jsonpath-as-json", "go-template", "custom-columns"] {
            if let Ok(format) = Format::parse(&format!("{format}={text}"), None, Offer::Get) {
                parsed += 1;
                let _ = format.clone().strict(true).print(&object, true);
                let _ = format.print(&object, true);
            }
        }
        let mut items = object["items"].as_array().expect("a list").clone();
        let _ = sort_rows(&mut items, &text);
    }
    assert!(parsed > 2_000, "{parsed} templates were well formed");
}
