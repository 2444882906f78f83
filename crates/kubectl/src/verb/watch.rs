//! A list that is looked at again and again: what was added, changed or removed since.

use std::collections::BTreeMap;

use rollscope_api::order;
use rollscope_api::{ListOptions, Resource, Value};

use crate::context::Ctx;
use crate::error::Error;

/// What was seen of a list. A version between two looks is not seen; sessions look after every
/// change.
#[derive(Clone, Debug)]
pub(crate) struct WatchedList {
    resource: Resource,
    namespace: String,
    options: ListOptions,
    seen: BTreeMap<(String, String), Value>,
}

impl WatchedList {
    /// A list nothing has been seen of.
    pub(crate) fn new(resource: Resource, namespace: &str, labels: &str, fields: &str) -> Self {
        Self {
            resource,
            namespace: namespace.to_owned(),
            options: ListOptions {
                label_selector: labels.to_owned(),
                field_selector: fields.to_owned(),
            },
            seen: BTreeMap::new(),
        }
    }

    /// Takes these objects as seen.
    pub(crate) fn start(&mut self, objects: &[Value]) {
        self.seen = order::gather(objects.iter().map(|object| (key(object), object.clone())));
    }

    /// What happened since the last look, oldest first.
    pub(crate) fn changes(
        &mut self,
        ctx: &mut Ctx<'_>,
    ) -> Result<Vec<(&'static str, Value)>, Error> {
        let namespace = Some(self.namespace.as_str()).filter(|namespace| !namespace.is_empty());
        let now = ctx.api.list(self.resource, namespace, &self.options)?;
        let mut gone = std::mem::take(&mut self.seen);
        let mut changes = Vec::new();
        for object in now {
            let key = key(&object);
            match gone.remove(&key) {
                Some(old) if version(&old) == version(&object) => {}
                Some(old) if old["metadata"]["uid"] != object["metadata"]["uid"] => {
                    changes.push(("DELETED", old));
                    changes.push(("ADDED", object.clone()));
                }
                Some(_) => changes.push(("MODIFIED", object.clone())),
                None => changes.push(("ADDED", object.clone())),
            }
            self.seen.insert(key, object);
        }
        changes.extend(gone.into_values().map(|object| ("DELETED", object)));
        order::sort_by_key(&mut changes, |(_, object)| version(object));
        Ok(changes)
    }
}

fn key(object: &Value) -> (String, String) {
    let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default().to_owned();
    (text("namespace"), text("name"))
}

fn version(object: &Value) -> u64 {
    let text = object["metadata"]["resourceVersion"].as_str().unwrap_or_default();
    text.parse().unwrap_or(0)
}
