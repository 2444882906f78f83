//! `-o custom-columns=NAME:.metadata.name,…`. Models kubectl's `cmd/get/customcolumn.go`.

use rollscope_api::Value;

use super::jsonpath::{Template, relaxed};
use crate::gofmt;
use crate::tabwriter::TabWriter;
use crate::value::escape_terminal;

/// Columns: their headers and paths. As in kubectl, a path that cannot be parsed is noticed when the
/// header has already been printed.
#[derive(Clone, Debug)]
pub struct Columns {
    columns: Vec<(String, Result<Template, String>)>,
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
            columns.push((header.to_owned(), Template::parse(&relaxed(path)?)));
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
        let mut columns = Vec::new();
        for (header, path) in headers.iter().zip(&paths) {
            columns.push(((*header).to_owned(), Template::parse(&relaxed(path)?)));
        }
        Ok(Self { columns })
    }

    /// Appends the table of the objects to `out`: up to the first object that cannot be shown.
    ///
    /// # Errors
    /// kubectl's words, without `error: `.
    pub fn print(&self, objects: &[Value], headers: bool, out: &mut String) -> Result<(), String> {
        let mut text = String::new();
        if headers {
            let header: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
            text.push_str(&header.join("\t"));
            text.push('\n');
        }
        let result = self.write_rows(objects, &mut text);
        out.push_str(&TabWriter::remembering(6, 3).align(&text));
        result
    }

    fn write_rows(&self, objects: &[Value], text: &mut String) -> Result<(), String> {
        let templates: Result<Vec<&Template>, String> = self
            .columns
            .iter()
            .map(|(_, template)| template.as_ref().map_err(Clone::clone))
            .collect();
        let templates = templates?;
        for object in objects {
            let cells: Result<Vec<String>, String> =
                templates.iter().map(|template| cell(template, object)).collect();
            text.push_str(&cells?.join("\t"));
            text.push('\n');
        }
        Ok(())
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
