//! Where in the text a mistake is shown.

use serde_json::Value;

use crate::status::Cause;
use crate::yaml::{Node, NodeKind, Span, Step, parse_path};

/// What of a node is on its first line.
pub(super) fn first_line(root: &Node) -> Span {
    root.locate(&[])
}

/// The value at a path, or its nearest parent.
pub(super) fn of_field(root: &Node, path: &str) -> Span {
    root.locate(&parse_path(path))
}

/// The key that a path ends in.
pub(super) fn of_key(root: &Node, path: &str) -> Span {
    let steps = parse_path(path);
    let Some((Step::Key(last), before)) = steps.split_last() else { return root.locate(&steps) };
    match node_at(root, before).and_then(|node| node.get(last)) {
        Some((span, _)) => span,
        // A key with a dot in it, or one from a merge.
        None => root.locate(&steps),
    }
}

fn node_at<'a>(root: &'a Node, steps: &[Step]) -> Option<&'a Node> {
    let mut node = root;
    for step in steps {
        node = match (step, &node.kind) {
            (Step::Key(key), _) => node.get(key)?.1,
            (Step::Index(index), NodeKind::Sequence(items)) => items.get(*index)?,
            (Step::Index(_), _) => return None,
        };
    }
    Some(node)
}

/// The scalar at a path as text; empty if it is none.
pub(super) fn text_of(root: &Node, path: &str) -> String {
    match node_at(root, &parse_path(path)).map(|node| &node.kind) {
        Some(NodeKind::Scalar(Value::String(text))) => text.clone(),
        Some(NodeKind::Scalar(value)) => value.to_string(),
        _ => String::new(),
    }
}

/// The place of a validation error. Errors of labels name the whole map; the label is found by the
/// key or value the error quotes.
pub(super) fn of_cause(root: &Node, cause: &Cause) -> Span {
    // The server leaves `metadata` out of the paths of a template's labels and annotations.
    let mut path = cause.field.clone();
    for field in ["labels", "annotations"] {
        if let Some(base) = path.strip_suffix(&format!("template.{field}")) {
            path = format!("{base}template.metadata.{field}");
        }
    }
    // An unsupported strategy is quoted as a whole; what is wrong with it is its type.
    if cause.message.starts_with("Unsupported value: {") {
        path.push_str(".type");
    }
    let steps = parse_path(&path);
    if let Some(NodeKind::Mapping(entries)) = node_at(root, &steps).map(|node| &node.kind)
        && let Some(quoted) = quoted_value(&cause.message)
    {
        for (key, span, value) in entries {
            if *key == quoted {
                return *span;
            }
            if matches!(&value.kind, NodeKind::Scalar(Value::String(text)) if *text == quoted) {
                return value.span;
            }
        }
    }
    root.locate(&steps)
}

/// The string in `Invalid value: "x": …`.
fn quoted_value(message: &str) -> Option<String> {
    let (_, rest) = message.split_once(": ")?;
    serde_json::Deserializer::from_str(rest).into_iter::<String>().next()?.ok()
}
