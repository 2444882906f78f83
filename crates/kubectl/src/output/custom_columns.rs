//! `-o custom-columns=NAME:.metadata.name,…`. Models kubectl's `cmd/get/customcolumn.go`.

use rollscope_api::Value;

use super::jsonpath::{Template, relaxed};
use crate::gofmt;
use crate::tabwriter;
use crate::value::escape_terminal;

/// Parsed columns.
#[derive(Clone, Debug)]
pub struct Columns {
    columns: Vec<(String, Template)>,
}

impl Columns {
    /// Reads `HEADER:path,HEADER:path`.
    ///
    /// # Errors
    /// kubectl's words, without `error: `.
    pub fn parse(spec: &str) -> Result<Self, String> {
        if spec.is_empty() {
            return Err("custom-columns format specified but no custom columns given".into());
        }
        let mut columns = Vec::new();
        for part in spec.split(',') {
            let (header, path) = part.split_once(':').ok_or_else(|| {
                format!(
                    "unexpected custom-columns spec: {part}, expected <header>:<json-path-expr>"
                )
            })?;
            columns.push((header.to_owned(), Template::parse(&relaxed(path)?)?));
        }
        Ok(Self { columns })
    }

    /// Reads a template of two lines: headers and paths, separated by blanks.
    ///
    /// # Errors
    /// kubectl's words, without `error: `.
    pub fn parse_file(text: &str) -> Result<Self, String> {
        let mut lines = text.lines();
        let mut words = |what: &str| -> Result<Vec<&str>, String> {
            let missing = || {
                format!(
                    "invalid template, missing {what} line. Expected format is one line of space \
                     separated headers, one line of space separated column specs."
                )
            };
            lines.next().map(|line| line.split_whitespace().collect()).ok_or_else(missing)
        };
        let (headers, paths) = (words("header")?, words("spec")?);
        if headers.len() != paths.len() {
            return Err(format!(
                "number of headers ({}) and field specifications ({}) don't match",
                headers.len(),
                paths.len()
            ));
        }
        let columns: Result<Vec<(String, Template)>, String> = headers
            .iter()
            .zip(&paths)
            .map(|(header, path)| Ok(((*header).to_owned(), Template::parse(&relaxed(path)?)?)))
            .collect();
        Ok(Self { columns: columns? })
    }

    /// The table of the objects.
    ///
    /// # Errors
    /// kubectl's words, without `error: `.
    pub fn print(&self, objects: &[Value], headers: bool) -> Result<String, String> {
        let mut text = String::new();
        if headers {
            let header: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
            text.push_str(&header.join("\t"));
            text.push('\n');
        }
        for object in objects {
            let cells: Result<Vec<String>, String> =
                self.columns.iter().map(|(_, template)| cell(template, object)).collect();
            text.push_str(&cells?.join("\t"));
            text.push('\n');
        }
        Ok(tabwriter::align(&text, 6, 3))
    }
}

fn cell(template: &Template, object: &Value) -> Result<String, String> {
    let found = template.find(object)?;
    if found.first().is_none_or(Vec::is_empty) {
        return Ok("<none>".into());
    }
    let texts = found.iter().flatten().map(|value| escape_terminal(gofmt::v(value)));
    Ok(texts.collect::<Vec<_>>().join(","))
}
