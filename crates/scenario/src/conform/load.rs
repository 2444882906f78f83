//! Reads recording files into cases. A file that is wrong names itself, its line and what is
//! wrong; it never silently holds fewer cases than it should.

use std::fmt;

use rollscope_api::Value;

use super::{Body, Case, Kind};
use crate::trace::Trace;

/// A recording that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    /// The file as it was given.
    pub file: String,
    /// Counted from 1; 0 where it is the whole file.
    pub line: usize,
    #[allow(missing_docs)]
    pub message: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for LoadError {}

/// A recording file: its path and its text.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// As it is to be named in messages.
    pub file: &'a str,
    #[allow(missing_docs)]
    pub text: &'a str,
    /// For a kubelet recording: the text of the `manifests.json` beside it.
    pub manifests: Option<&'a str>,
}

/// Reads every case of a file. Cases that are wrong are errors; the others are still returned.
pub fn load(source: Source<'_>) -> (Vec<Case>, Vec<LoadError>) {
    let name = source.file.rsplit(['/', '\\']).next().unwrap_or(source.file);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "trace" => one(load_trace(source, name)),
        "json" => load_json(source),
        "txt" => one(load_kubelet(source, name)),
        _ => {
            let message = "not a recording: .trace, .json and .txt files are read";
            (Vec::new(), vec![error(source, 0, message)])
        }
    }
}

fn one(result: Result<Case, LoadError>) -> (Vec<Case>, Vec<LoadError>) {
    match result {
        Ok(case) => (vec![case], Vec::new()),
        Err(error) => (Vec::new(), vec![error]),
    }
}

fn error(source: Source<'_>, line: usize, message: impl Into<String>) -> LoadError {
    LoadError { file: source.file.to_owned(), line, message: message.into() }
}

fn stem(name: &str) -> String {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

fn load_trace(source: Source<'_>, name: &str) -> Result<Case, LoadError> {
    let trace =
        Trace::parse(source.text).map_err(|wrong| error(source, wrong.line, wrong.message))?;
    let file = source.file.to_owned();
    Ok(Case { kind: Kind::Traces, name: stem(name), file, line: 1, body: Body::Trace(trace) })
}

fn load_kubelet(source: Source<'_>, name: &str) -> Result<Case, LoadError> {
    let first = source.text.lines().next().unwrap_or_default();
    let case = first.strip_prefix("# ").and_then(|rest| rest.split_once(';'));
    let Some((case, rest)) = case.filter(|(_, rest)| rest.contains("kubelet")) else {
        let message =
            "not a kubelet recording: the first line must be `# NAME; Kubernetes … kubelet, …`";
        return Err(error(source, 1, message));
    };
    if !rest.contains("seconds since the Deployment was created") || !source.text.ends_with('\n') {
        return Err(error(source, source.text.lines().count(), "the recording is truncated"));
    }
    if source.text.lines().count() < 2 {
        return Err(error(source, 1, "the recording holds nothing below its first line"));
    }
    let Some(manifests) = source.manifests else {
        return Err(error(source, 1, "there is no manifests.json beside it, which it needs"));
    };
    let manifests: Value = serde_json::from_str(manifests)
        .map_err(|wrong| error(source, 1, format!("manifests.json: {wrong}")))?;
    let manifest = match &manifests[case] {
        Value::Null => {
            return Err(error(source, 1, format!("manifests.json holds no manifest {case:?}")));
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Ok(Case {
        kind: Kind::Kubelet,
        name: stem(name),
        file: source.file.to_owned(),
        line: 1,
        body: Body::Kubelet { text: source.text.to_owned(), manifest },
    })
}

/// A kind of JSON recording: the fields every case has, with a letter for the type of each
/// (`s`tring, `n`umber, `o`bject, `a`rray, `?` anything), and the fields that name the case.
struct Shape {
    kind: Kind,
    fields: &'static [(&'static str, char)],
    optional: &'static [&'static str],
}

/// In the order they are tried: the first whose telling fields are all there is taken.
const SHAPES: [(&[&str], Shape); 6] = [
    (
        &["template", "hash"],
        Shape {
            kind: Kind::Hashes,
            fields: &[("template", 'o'), ("defaulted", 'o'), ("hash", 's')],
            optional: &["seed", "name"],
        },
    ),
    (
        &["first", "manifest"],
        Shape {
            kind: Kind::Updates,
            fields: &[
                ("name", 's'),
                ("first", 's'),
                ("manifest", 's'),
                ("stdout", 's'),
                ("stderr", 's'),
                ("exit", 'n'),
            ],
            optional: &["live"],
        },
    ),
    (
        &["manifest"],
        Shape {
            kind: Kind::Manifests,
            fields: &[
                ("name", 's'),
                ("manifest", 's'),
                ("stdout", 's'),
                ("stderr", 's'),
                ("exit", 'n'),
            ],
            optional: &["live"],
        },
    ),
    (
        &["command"],
        Shape {
            kind: Kind::Commands,
            fields: &[("command", 's'), ("stdout", 's'), ("stderr", 's'), ("exit", 'n')],
            optional: &["name"],
        },
    ),
    (
        &["objects"],
        Shape {
            kind: Kind::Printers,
            fields: &[("name", 's'), ("now", 's'), ("objects", 'a'), ("outputs", 'a')],
            optional: &[],
        },
    ),
    (
        &["nodes", "pods"],
        Shape {
            kind: Kind::Scheduling,
            fields: &[("name", 's'), ("nodes", 'a'), ("pods", 'a'), ("outcome", 'a')],
            optional: &[],
        },
    ),
];

fn load_json(source: Source<'_>) -> (Vec<Case>, Vec<LoadError>) {
    let elements = match elements(source.text) {
        Ok(elements) => elements,
        Err((line, message)) => return (Vec::new(), vec![error(source, line, message)]),
    };
    let (mut cases, mut errors) = (Vec::new(), Vec::new());
    for (index, (line, text)) in elements.into_iter().enumerate() {
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(wrong) => {
                let at = line + wrong.line().saturating_sub(1);
                errors.push(error(source, at, format!("not JSON: {wrong}")));
                continue;
            }
        };
        match shape_of(&value).and_then(|shape| check_shape(shape, &value).map(|()| shape)) {
            Ok(shape) => cases.push(Case {
                kind: shape.kind,
                name: case_name(shape.kind, &value, index),
                file: source.file.to_owned(),
                line,
                body: Body::Json(value),
            }),
            Err(message) => errors.push(error(source, line, message)),
        }
    }
    number_doubles(&mut cases);
    if cases.is_empty() && errors.is_empty() {
        errors.push(error(source, 1, "the list holds no cases"));
    }
    (cases, errors)
}

fn case_name(kind: Kind, value: &Value, index: usize) -> String {
    let named = value["name"].as_str().or_else(|| value["command"].as_str());
    match (named, value["hash"].as_str()) {
        (Some(name), _) => name.to_owned(),
        (None, Some(hash)) => format!("{index:03}-{hash}"),
        _ => format!("{kind}-{index:03}"),
    }
}

/// Cases of one name are told apart by a number behind it, so that each can be listed and run.
fn number_doubles(cases: &mut [Case]) {
    let mut seen = std::collections::BTreeMap::<String, usize>::new();
    for case in cases {
        let count = seen.entry(case.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            case.name = format!("{} #{count}", case.name);
        }
    }
}

fn shape_of(value: &Value) -> Result<&'static Shape, String> {
    if !value.is_object() {
        return Err("a case must be a JSON object".to_owned());
    }
    let matching =
        SHAPES.iter().find(|(telling, _)| telling.iter().all(|field| value.get(field).is_some()));
    matching.map(|(_, shape)| shape).ok_or_else(|| {
        let fields: Vec<&str> =
            value.as_object().into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        format!("no known kind of case has the fields {}", fields.join(", "))
    })
}

fn check_shape(shape: &Shape, value: &Value) -> Result<(), String> {
    for (field, letter) in shape.fields {
        let found = &value[*field];
        let right = match letter {
            's' => found.is_string(),
            'n' => found.is_i64(),
            'o' => found.is_object(),
            'a' => found.is_array(),
            _ => true,
        };
        if found.is_null() {
            return Err(format!("a case of kind {} needs the field {field:?}", shape.kind));
        }
        if !right {
            return Err(format!("the field {field:?} is of the wrong type"));
        }
    }
    let known = |key: &str| {
        shape.fields.iter().any(|(field, _)| *field == key) || shape.optional.contains(&key)
    };
    match value.as_object().into_iter().flatten().find(|(key, _)| !known(key)) {
        Some((key, _)) => Err(format!("a case of kind {} has no field {key:?}", shape.kind)),
        None => Ok(()),
    }
}

/// A place and what is wrong there.
type Wrong = (usize, String);

/// The elements of a top-level list with the lines they begin at. Their own syntax is not looked at.
fn elements(text: &str) -> Result<Vec<(usize, &str)>, Wrong> {
    let bytes = text.as_bytes();
    let line_at = |at: usize| 1 + bytes[..at].iter().filter(|&&byte| byte == b'\n').count();
    let start = text.len() - text.trim_start().len();
    if bytes.get(start) != Some(&b'[') {
        return Err((
            line_at(start),
            "not a recording: a list of cases must begin with `[`".into(),
        ));
    }
    let mut found = Vec::new();
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    let mut element: Option<usize> = None;
    let mut line = line_at(start);
    let mut element_line = line;
    for (at, &byte) in bytes.iter().enumerate().skip(start) {
        if byte == b'\n' {
            line += 1;
        }
        if quoted {
            (quoted, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
            continue;
        }
        if depth == 1 && element.is_none() && !byte.is_ascii_whitespace() && byte != b']' {
            (element, element_line) = (Some(at), line);
        }
        let ends = depth == 1 && (byte == b',' || byte == b']');
        if ends && let Some(from) = element.take() {
            found.push((element_line, text[from..at].trim_end()));
        }
        match byte {
            b'"' => quoted = true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => {
                depth -= 1;
                if depth == 0 {
                    let rest = text[at + 1..].trim();
                    return if rest.is_empty() {
                        Ok(found)
                    } else {
                        Err((line, "there is more text after the list of cases".into()))
                    };
                }
            }
            _ => {}
        }
    }
    Err((line_at(text.trim_end().len()), "the list does not end: the file is truncated".into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(file: &str, text: &str, expected: Expect) {
        let (cases, errors) = load(Source { file, text, manifests: None });
        let mut found = String::new();
        for case in cases {
            found.push_str(&format!("{}:{} {} {}\n", case.file, case.line, case.kind, case.name));
        }
        for error in errors {
            found.push_str(&format!("error: {error}\n"));
        }
        expected.assert_eq(&found);
    }

    const COMMAND: &str =
        r#"{"command": "get rs", "stdout": "a ] } \" \\", "stderr": "", "exit": 0}"#;

    #[test]
    fn cases_are_told_by_their_fields() {
        check(
            "x/commands.json",
            &format!("[\n{COMMAND},\n{COMMAND}\n]\n"),
            expect![[r#"
                x/commands.json:2 commands get rs
                x/commands.json:3 commands get rs #2
            "#]],
        );
    }

    #[test]
    fn wrong_files_name_the_line() {
        check(
            "a.json",
            "[\n",
            expect![["error: a.json:1: the list does not end: the file is truncated\n"]],
        );
        check(
            "a.json",
            "{}",
            expect![["error: a.json:1: not a recording: a list of cases must begin with `[`\n"]],
        );
        check("a.json", "[]", expect![["error: a.json:1: the list holds no cases\n"]]);
        check(
            "a.json",
            &format!("[{COMMAND},\n{{\"command\": 3, \"x\": 1}},\n{{\"x\": 1}},\n{{,}}]"),
            expect![[r#"
                a.json:1 commands get rs
                error: a.json:2: the field "command" is of the wrong type
                error: a.json:3: no known kind of case has the fields x
                error: a.json:4: not JSON: key must be a string at line 1 column 2
            "#]],
        );
        check(
            "a.md",
            "",
            expect![["error: a.md: not a recording: .trace, .json and .txt files are read\n"]],
        );
        check(
            "a.txt",
            "hello\n",
            expect![[
                "error: a.txt:1: not a kubelet recording: the first line must be `# NAME; Kubernetes … kubelet, …`\n"
            ]],
        );
    }
}
