//! Tables: what `kubectl get` and `kubectl events` print.
//!
//! The rows model the API server's `pkg/printers/internalversion/printers.go`, the table around them
//! cli-runtime's `tableprinter.go`.

mod event;
mod node;
mod other;
mod pod;
mod service;
mod workload;

use rollscope_api::{Resource, SimTime, Value};

pub use event::events_table;
pub(crate) use event::{event_rows, events_by_time, interval as event_interval};
pub(crate) use node::roles as node_roles;
pub use pod::{PodSummary, summarize};

use crate::tabwriter::TabWriter;
use crate::value::{Peek, escape_terminal, format_labels};

/// The cells of a row, in the order of its columns.
type Cells = Vec<String>;

/// What a table shows beside its kind's own columns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableOptions {
    /// `--server-print=false`: names and ages alone, as of types that kubectl does not know.
    pub generic: bool,
    /// `-o wide`: the columns of lower priority too.
    pub wide: bool,
    /// `--show-labels`: a last column LABELS.
    pub show_labels: bool,
    /// `-L key`: one column a label key, in this order.
    pub label_columns: Vec<String>,
    /// `--no-headers`.
    pub no_headers: bool,
    /// `-A`: a first column NAMESPACE.
    pub with_namespace: bool,
    /// Names as `deployment.apps/web`: `--show-kind`, and several types in one command.
    pub with_kind: bool,
}

/// The table of objects of one resource, each line ending in a newline. Empty for no objects.
pub fn table(
    resource: Resource,
    objects: &[Value],
    options: &TableOptions,
    now: SimTime,
) -> String {
    TablePrinter::new(resource, options.clone()).print(objects, now)
}

/// A table that is continued, as `get -w` does: the header comes once and column widths are kept.
#[derive(Clone, Debug)]
pub struct TablePrinter {
    resource: Resource,
    options: TableOptions,
    writer: TabWriter,
    printed_header: bool,
}

impl TablePrinter {
    /// A table that has printed nothing yet.
    pub fn new(resource: Resource, options: TableOptions) -> Self {
        Self { resource, options, writer: TabWriter::remembering(6, 3), printed_header: false }
    }

    /// Prints rows for these objects, under a header if it is the first time.
    pub fn print(&mut self, objects: &[Value], now: SimTime) -> String {
        if objects.is_empty() {
            return String::new();
        }
        let mut text = String::new();
        if !self.options.no_headers && !self.printed_header {
            push_line(&mut text, &self.header());
        }
        self.printed_header = true;
        for object in objects {
            push_line(&mut text, &self.row(object, now));
        }
        self.writer.align(&text)
    }

    fn header(&self) -> Cells {
        let (columns, wide_columns) = match self.options.generic {
            true => (GENERIC_COLUMNS, &[][..]),
            false => columns(self.resource, self.options.wide),
        };
        let mut header: Cells = Vec::new();
        if self.options.with_namespace {
            header.push("NAMESPACE".into());
        }
        header.extend(columns.iter().chain(wide_columns).map(|name| name.to_uppercase()));
        for key in &self.options.label_columns {
            header.push(key.rsplit('/').next().unwrap_or(key).to_uppercase());
        }
        if self.options.show_labels {
            header.push("LABELS".into());
        }
        header
    }

    fn row(&self, object: &Value, now: SimTime) -> Cells {
        let generic = self.options.generic;
        let mut cells = match generic {
            true => generic_cells(object, now),
            false => cells(self.resource, object, self.options.wide, now),
        };
        if self.options.with_kind {
            // The column that holds the name is not the first one of events, and narrow there.
            let column = if generic { Some(0) } else { name_column(self.resource) };
            if let Some(name) = column.and_then(|at| cells.get_mut(at)) {
                *name = format!("{}/{name}", self.resource.group_singular());
            }
        }
        if self.options.with_namespace {
            cells.insert(0, object.text("metadata.namespace").to_owned());
        }
        let labels = object.fields("metadata.labels");
        for key in &self.options.label_columns {
            let value = labels.and_then(|labels| labels.get(key)).and_then(Value::as_str);
            cells.push(value.unwrap_or("").to_owned());
        }
        if self.options.show_labels {
            cells.push(format_labels(labels));
        }
        cells
    }
}

/// A cell ends at its first line break, which three dots stand for.
fn push_line(text: &mut String, cells: &Cells) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            text.push('\t');
        }
        match cell.find(['\n', '\r', '\u{c}']) {
            Some(end) => {
                text.push_str(&escape_terminal(cell[..end].to_owned()));
                text.push_str("...");
            }
            None if cell.contains('\u{1b}') => text.push_str(&escape_terminal(cell.clone())),
            None => text.push_str(cell),
        }
    }
    text.push('\n');
}

/// The columns of a resource: those always shown, and what `-o wide` adds.
/// Events are the exception whose wide columns stand between the others.
fn columns(resource: Resource, wide: bool) -> (&'static [&'static str], &'static [&'static str]) {
    let (narrow, more): (&[&str], &[&str]) = match resource {
        Resource::Pods => (pod::COLUMNS, pod::WIDE_COLUMNS),
        Resource::Services => (service::COLUMNS, service::WIDE_COLUMNS),
        Resource::Deployments => (workload::DEPLOYMENT_COLUMNS, workload::WIDE_COLUMNS),
        Resource::ReplicaSets => (workload::REPLICA_SET_COLUMNS, workload::WIDE_COLUMNS),
        Resource::HorizontalPodAutoscalers => (workload::HPA_COLUMNS, &[]),
        Resource::Endpoints => (service::ENDPOINTS_COLUMNS, &[]),
        Resource::EndpointSlices => (service::ENDPOINT_SLICE_COLUMNS, &[]),
        Resource::Events if wide => (event::WIDE_COLUMNS, &[]),
        Resource::Events => (event::COLUMNS, &[]),
        Resource::Nodes => (node::COLUMNS, node::WIDE_COLUMNS),
        Resource::Namespaces => (other::NAMESPACE_COLUMNS, &[]),
        Resource::ConfigMaps => (other::CONFIG_MAP_COLUMNS, &[]),
        Resource::Secrets => (other::SECRET_COLUMNS, &[]),
        Resource::ResourceQuotas => (other::QUOTA_COLUMNS, &[]),
        Resource::DaemonSets => (workload::DAEMON_SET_COLUMNS, workload::WIDE_COLUMNS),
        Resource::StatefulSets => (workload::STATEFUL_SET_COLUMNS, &workload::WIDE_COLUMNS[..2]),
    };
    (narrow, if wide { more } else { &[] })
}

const GENERIC_COLUMNS: &[&str] = &["Name", "Age"];

fn generic_cells(object: &Value, now: SimTime) -> Cells {
    let created = object["metadata"].get("creationTimestamp");
    vec![object.text("metadata.name").to_owned(), crate::duration::age(created, now)]
}

fn cells(resource: Resource, object: &Value, wide: bool, now: SimTime) -> Cells {
    match resource {
        Resource::Pods => pod::cells(object, wide, now),
        Resource::Services => service::cells(object, wide, now),
        Resource::Deployments => workload::deployment(object, wide, now),
        Resource::ReplicaSets => workload::replica_set(object, wide, now),
        Resource::HorizontalPodAutoscalers => workload::autoscaler(object, now),
        Resource::Endpoints => service::endpoints(object, now),
        Resource::EndpointSlices => service::endpoint_slice(object, now),
        Resource::Events => event::cells(object, wide, now),
        Resource::Nodes => node::cells(object, wide, now),
        Resource::Namespaces => other::namespace(object, now),
        Resource::ConfigMaps => other::config_map(object, now),
        Resource::Secrets => other::secret(object, now),
        Resource::ResourceQuotas => other::quota(object, now),
        Resource::DaemonSets => workload::daemon_set(object, wide, now),
        Resource::StatefulSets => workload::stateful_set(object, wide, now),
    }
}

/// Where the name stands that `with_kind` prefixes. Events name themselves in the last column of
/// the wide table alone.
fn name_column(resource: Resource) -> Option<usize> {
    match resource {
        Resource::Events => Some(event::WIDE_COLUMNS.len() - 1),
        _ => Some(0),
    }
}

#[cfg(test)]
mod tests;
