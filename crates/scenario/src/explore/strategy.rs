//! Writes surge and unavailability into a manifest's text, and leaves everything else of it as it
//! is: comments, order, indentation, quotes.

use std::cmp::Reverse;

use rollscope_api::yaml::{self, Node, NodeKind, Span};
use rollscope_api::{Value, order};

/// A text with `spec.strategy.rollingUpdate` of its first Deployment set to these.
///
/// # Errors
/// Says why the text cannot be edited: it cannot be read, or holds no Deployment with a spec.
pub fn with_strategy(text: &str, surge: &str, unavailable: &str) -> Result<String, String> {
    let documents = yaml::parse(text).map_err(|error| error.message)?;
    let found = documents.iter().find_map(|document| deployment(&document.root));
    let spec = found.ok_or_else(|| "there is no Deployment with a spec in it".to_owned())?;
    let mut edit = Edit { text, changes: Vec::new() };
    edit.strategy(spec, surge, unavailable);
    let edited = edit.done();
    // What was written must read as what was meant: a text of an unforeseen form stays as it is.
    let documents = yaml::parse(&edited).unwrap_or_default();
    let spec = documents.iter().find_map(|document| deployment(&document.root)).map(Node::value);
    let strategy = &spec.unwrap_or_default()["strategy"];
    let rolling = &strategy["rollingUpdate"];
    let is_meant = rolling["maxSurge"] == value(surge)
        && rolling["maxUnavailable"] == value(unavailable)
        && strategy["type"] != "Recreate";
    if is_meant { Ok(edited) } else { Err("this form of YAML cannot be edited here".to_owned()) }
}

/// A number, or a text.
fn value(text: &str) -> Value {
    text.parse::<i64>().map_or_else(|_| text.into(), Value::from)
}

/// The spec of a Deployment, or of the first one in a List.
fn deployment(root: &Node) -> Option<&Node> {
    let kind = root.get("kind").map(|(_, node)| node.value());
    match kind.as_ref().and_then(Value::as_str) {
        Some("Deployment") => Some(root.get("spec")?.1),
        Some("List") => match &root.get("items")?.1.kind {
            NodeKind::Sequence(items) => items.iter().find_map(deployment),
            _ => None,
        },
        _ => None,
    }
}

/// How a map is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// One entry a line, behind so many blanks.
    Block(usize),
    /// `{a: 1}`
    Flow,
    /// `{"a": 1}`
    Json,
}

impl Form {
    fn deeper(self) -> Self {
        match self {
            Self::Block(indent) => Self::Block(indent + 2),
            form => form,
        }
    }

    fn on_one_line(self) -> Self {
        if self == Self::Json { self } else { Self::Flow }
    }
}

/// A map in that form. One in lines begins with the end of the line before.
fn map(form: Form, entries: &[(&str, String)]) -> String {
    let text = |(name, value): &(&str, String)| match form {
        Form::Block(indent) => {
            let gap = if value.starts_with('\n') { "" } else { " " };
            format!("\n{}{name}:{gap}{value}", " ".repeat(indent))
        }
        Form::Flow => format!("{name}: {value}"),
        Form::Json => format!("{name:?}: {value}"),
    };
    let entries: Vec<String> = entries.iter().map(text).collect();
    match form {
        Form::Block(_) => entries.concat(),
        _ => format!("{{{}}}", entries.join(", ")),
    }
}

/// Replacements in a text, by their places.
struct Edit<'a> {
    text: &'a str,
    /// First byte, last byte, what comes there.
    changes: Vec<(usize, usize, String)>,
}

impl Edit<'_> {
    fn strategy(&mut self, spec: &Node, surge: &str, unavailable: &str) {
        let both = |form: Form| {
            let side = |name, text| (name, scalar(text, form == Form::Json));
            map(form, &[side("maxSurge", surge), side("maxUnavailable", unavailable)])
        };
        let whole = |form: Form| map(form, &[("rollingUpdate", both(form.deeper()))]);
        let Some((_, strategy)) = spec.get("strategy") else {
            return self.add(spec, "strategy", whole);
        };
        if !is_map(strategy) {
            return self.replace(strategy.span, whole(self.form(spec).on_one_line()));
        }
        if let Some((_, type_)) = strategy.get("type")
            && type_.value() == "Recreate"
        {
            let start = self.offset(type_.span.line, type_.span.column);
            let quoted = self.text[start..].starts_with('"');
            self.replace(type_.span, scalar("RollingUpdate", quoted));
        }
        let Some((_, rolling)) = strategy.get("rollingUpdate") else {
            return self.add(strategy, "rollingUpdate", both);
        };
        if !is_map(rolling) {
            return self.replace(rolling.span, both(self.form(strategy).on_one_line()));
        }
        for (name, wanted) in [("maxSurge", surge), ("maxUnavailable", unavailable)] {
            match rolling.get(name) {
                Some((_, node)) if node.value() == value(wanted) => {}
                Some((_, node)) => {
                    let quoted = self.form(rolling) == Form::Json;
                    self.replace(node.span, scalar(wanted, quoted));
                }
                None => self.add(rolling, name, |form| scalar(wanted, form == Form::Json)),
            }
        }
    }

    /// Adds an entry to a map: in front of its selector, if it has one, or else of its first entry.
    /// The value is told in what form to be written below the entry.
    fn add(&mut self, parent: &Node, name: &str, value: impl Fn(Form) -> String) {
        let NodeKind::Mapping(entries) = &parent.kind else { return };
        let form = self.form(parent);
        let selector = entries.iter().find(|(key, ..)| key == "selector");
        let Some((_, before, _)) = selector.or(entries.first()) else {
            let entry = map(form.on_one_line(), &[(name, value(form.on_one_line()))]);
            return self.replace(parent.span, entry);
        };
        let at = self.offset(before.line, before.column);
        let entry = match form {
            Form::Block(indent) => {
                let value = value(form.deeper());
                let gap = if value.starts_with('\n') { "" } else { " " };
                format!("{name}:{gap}{value}\n{}", " ".repeat(indent))
            }
            Form::Flow => format!("{name}: {}, ", value(form)),
            Form::Json => format!("{name:?}: {}, ", value(form)),
        };
        self.changes.push((at, at, entry));
    }

    /// How a map is written.
    fn form(&self, map: &Node) -> Form {
        let NodeKind::Mapping(entries) = &map.kind else { return Form::Flow };
        let Some((_, key, _)) = entries.first() else { return Form::Flow };
        let is_quoted = self.text[self.offset(key.line, key.column)..].starts_with('"');
        let start = self.offset(map.span.line, map.span.column);
        match (self.text[start..].starts_with('{'), is_quoted) {
            (false, _) => Form::Block(key.column - 1),
            (true, false) => Form::Flow,
            (true, true) => Form::Json,
        }
    }

    fn replace(&mut self, span: Span, new: String) {
        let start = self.offset(span.line, span.column);
        let end = self.offset(span.end_line, span.end_column);
        // A value that is not there ends the line with its key's colon.
        let gap = start == end && self.text[..start].ends_with(':');
        let new = if gap { format!(" {new}") } else { new };
        self.changes.push((start, end, new));
    }

    /// The byte of a line and a column, both counted from 1; columns are characters.
    fn offset(&self, line: usize, column: usize) -> usize {
        let mut start = 0;
        for _ in 1..line {
            let Some(end) = self.text[start..].find('\n') else { return self.text.len() };
            start += end + 1;
        }
        let rest = &self.text[start..];
        let found = rest.char_indices().nth(column - 1);
        found.map_or(self.text.len(), |(at, _)| start + at)
    }

    fn done(mut self) -> String {
        // From the end, so that the places before stay right.
        order::sort_by_key(&mut self.changes, |(start, ..)| Reverse(*start));
        let mut text = self.text.to_owned();
        for (start, end, new) in self.changes {
            text.replace_range(start..end, &new);
        }
        text
    }
}

fn is_map(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Mapping(_))
}

fn scalar(text: &str, quote: bool) -> String {
    let is_number = text.parse::<i64>().is_ok();
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '%');
    if is_number || !quote && is_plain && !text.starts_with('%') && !text.is_empty() {
        text.to_owned()
    } else {
        format!("{text:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `before` and `after` are what stands below `spec:`.
    #[track_caller]
    fn check(before: &str, after: &str) {
        let head = "# 머리말\nkind: Deployment # a Deployment\nspec:\n";
        let (before, after) = (format!("{head}{before}"), format!("{head}{after}"));
        assert_eq!(with_strategy(&before, "25%", "0").as_deref(), Ok(after.as_str()));
    }

    #[test]
    fn values_are_replaced_where_they_are() {
        check(
            "  strategy: # how\n    rollingUpdate:\n      maxSurge: 1 # one\n      maxUnavailable: '50%'\n  replicas: 3\n",
            "  strategy: # how\n    rollingUpdate:\n      maxSurge: 25% # one\n      maxUnavailable: 0\n  replicas: 3\n",
        );
        check(
            "  strategy: {type: RollingUpdate, rollingUpdate: {maxUnavailable: 1}}\n",
            "  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}\n",
        );
    }

    #[test]
    fn what_is_missing_is_added() {
        check(
            "  replicas: 3 # three\n  selector: {}\n",
            "  replicas: 3 # three\n  strategy:\n    rollingUpdate:\n      maxSurge: 25%\n      maxUnavailable: 0\n  selector: {}\n",
        );
        check(
            "    strategy:\n        type: Recreate\n    replicas: 3\n",
            "    strategy:\n        rollingUpdate:\n          maxSurge: 25%\n          maxUnavailable: 0\n        type: RollingUpdate\n    replicas: 3\n",
        );
        check(
            "  strategy:\n    rollingUpdate:\n      maxSurge: 25%\n",
            "  strategy:\n    rollingUpdate:\n      maxUnavailable: 0\n      maxSurge: 25%\n",
        );
        let flow = "  strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}\n";
        check("  strategy: {}\n", flow);
        check("  strategy:\n  replicas: 1\n", &format!("{flow}  replicas: 1\n"));
    }

    #[test]
    fn json_stays_json() {
        let edited =
            with_strategy(r#"{"kind": "Deployment", "spec": {"replicas": 3}}"#, "25%", "0");
        let expected = r#"{"kind": "Deployment", "spec": {"strategy": {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}}, "replicas": 3}}"#;
        assert_eq!(edited.as_deref(), Ok(expected));
        assert!(serde_json::from_str::<Value>(expected).is_ok());
    }

    #[test]
    fn the_first_deployment_of_several_documents_is_meant() {
        let text = "kind: Service\nspec: {a: 1}\n---\nkind: List\nitems:\n- kind: Deployment\n  spec:\n    replicas: 1\n";
        let edited = with_strategy(text, "1", "1").unwrap();
        assert!(
            edited.ends_with("        maxSurge: 1\n        maxUnavailable: 1\n    replicas: 1\n"),
            "{edited}"
        );
        assert!(with_strategy("kind: Service\n", "1", "1").is_err());
        assert!(with_strategy("a: [", "1", "1").is_err());
    }
}
