//! `printers.json`: objects in many states, and what kubectl printed of them.
//!
//! The commands run against an API server that holds just these objects and never changes.

use std::collections::BTreeMap;

use rollscope_api::order;
use rollscope_api::selector::{FieldSelector, Selector};
use rollscope_api::{
    Api, DeleteOptions, ListOptions, PatchType, Resource, SimTime, Status, Subresource, Value,
    WriteOptions, Written,
};
use rollscope_kubectl::Outcome;
use rollscope_kubectl::duration::parse_time;

use super::CaseResult;
use crate::files::FileSet;
use crate::trace::normalise::{ages, event_counts};

/// Runs every recorded command over the recorded objects at the recorded moment.
pub fn check(case: &Value) -> CaseResult {
    let mut result = CaseResult::default();
    let Some(now) = case["now"].as_str().and_then(parse_time) else {
        result.compare("the moment `now`", "an RFC 3339 time\n", &format!("{}\n", case["now"]));
        return result;
    };
    let objects = case["objects"].as_array().cloned().unwrap_or_default();
    let mut api = RecordedObjects { now, objects };
    for recorded in case["outputs"].as_array().into_iter().flatten() {
        let command = recorded["command"].as_str().unwrap_or_default();
        let simulated = match rollscope_kubectl::run(&mut api, &FileSet::default(), command) {
            Outcome::Done(output) => output,
            Outcome::Waiting(output, _) => output,
            Outcome::Editing(editing) => rollscope_kubectl::Output {
                stdout: editing.text,
                ..rollscope_kubectl::Output::default()
            },
        };
        let text = |field: &str| recorded[field].as_str().unwrap_or_default();
        let exit = recorded["exit"].as_i64().unwrap_or_default();
        result.compare(
            format!("$ {command}"),
            &terminal(&masked(text("stdout")), text("stderr"), exit),
            &terminal(&masked(&simulated.stdout), &simulated.stderr, i64::from(simulated.exit)),
        );
    }
    result
}

/// Takes out the ages, as the recording did. It left those at the beginning of a line, which are of
/// the moment their command ran: a little later than `now`.
fn masked(text: &str) -> String {
    let masked = event_counts(&ages(text));
    let lines = masked.split_inclusive('\n').map(|line| {
        // A blank in front makes an age of what begins the line.
        ages(&format!(" {line}"))[1..].to_owned()
    });
    lines.collect()
}

/// What a terminal would show, as traces write it.
fn terminal(stdout: &str, stderr: &str, exit: i64) -> String {
    let mut text = stdout.to_owned();
    for line in stderr.lines() {
        text += &format!("! {line}\n");
    }
    if exit != 0 {
        text += &format!("exit {exit}\n");
    }
    text
}

/// An API server that only answers questions.
pub struct RecordedObjects {
    /// The moment it is there.
    pub now: SimTime,
    /// In wire form.
    pub objects: Vec<Value>,
}

impl RecordedObjects {
    fn of(
        &self,
        resource: Resource,
        namespace: Option<&str>,
    ) -> impl Iterator<Item = &Value> + use<'_> {
        let namespace = namespace.filter(|_| resource.namespaced()).map(str::to_owned);
        self.objects.iter().filter(move |object| {
            let text = |field: &str| object[field].as_str().unwrap_or_default();
            let here = object["metadata"]["namespace"].as_str().unwrap_or_default();
            Resource::from_gvk(text("apiVersion"), text("kind")) == Some(resource)
                && namespace.as_deref().is_none_or(|namespace| namespace == here)
        })
    }

    fn refuse<T>(resource: Resource) -> Result<T, Status> {
        Err(Status::forbidden(&resource.group_resource(), "", "recorded objects do not change"))
    }
}

impl Api for RecordedObjects {
    fn now(&self) -> SimTime {
        self.now
    }

    fn get(&mut self, resource: Resource, namespace: &str, name: &str) -> Result<Value, Status> {
        let mut objects = self.of(resource, Some(namespace));
        let found = objects.find(|object| object["metadata"]["name"] == name).cloned();
        found.ok_or_else(|| Status::not_found(&resource.group_resource(), name))
    }

    fn list(
        &mut self,
        resource: Resource,
        namespace: Option<&str>,
        options: &ListOptions,
    ) -> Result<Vec<Value>, Status> {
        let labels = Selector::parse(&options.label_selector).map_err(Status::bad_request)?;
        let fields = FieldSelector::parse(&options.field_selector).map_err(Status::bad_request)?;
        let mut found: Vec<Value> = self
            .of(resource, namespace)
            .filter(|object| labels.matches(&labels_of(object)) && fields.matches(object))
            .cloned()
            .collect();
        let key = |object: &Value, field: &str| {
            object["metadata"][field].as_str().unwrap_or_default().to_owned()
        };
        order::sort_by_key(&mut found, |object| (key(object, "namespace"), key(object, "name")));
        Ok(found)
    }

    fn create(
        &mut self,
        resource: Resource,
        _: &str,
        _: Value,
        _: &WriteOptions,
    ) -> Result<Written, Status> {
        Self::refuse(resource)
    }

    fn update(
        &mut self,
        resource: Resource,
        _: &str,
        _: &str,
        _: Value,
        _: &WriteOptions,
    ) -> Result<Written, Status> {
        Self::refuse(resource)
    }

    fn patch(
        &mut self,
        resource: Resource,
        _: &str,
        _: &str,
        _: Subresource,
        _: PatchType,
        _: Value,
        _: &WriteOptions,
    ) -> Result<Written, Status> {
        Self::refuse(resource)
    }

    fn delete(
        &mut self,
        resource: Resource,
        _: &str,
        _: &str,
        _: &DeleteOptions,
    ) -> Result<Value, Status> {
        Self::refuse(resource)
    }
}

fn labels_of(object: &Value) -> BTreeMap<String, String> {
    let labels = object["metadata"]["labels"].as_object().into_iter().flatten();
    labels
        .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect()
}
