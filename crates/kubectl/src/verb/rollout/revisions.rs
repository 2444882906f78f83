//! The ReplicaSets of a Deployment as its revisions.
//!
//! Models `kubectl/pkg/util/deployment` (`GetAllReplicaSets`, `Revision`).

use rollscope_api::annotation::REVISION;
use rollscope_api::order;
use rollscope_api::selector::Selector;
use rollscope_api::{Resource, Value, equality};

use crate::context::Ctx;
use crate::error::Error;
use crate::info::{annotation, name_of};
use crate::kinds;

/// The ReplicaSets a Deployment controls, old ones by name, the new one last.
pub(crate) fn replica_sets(ctx: &mut Ctx<'_>, deployment: &Value) -> Result<Vec<Value>, Error> {
    let namespace = deployment["metadata"]["namespace"].as_str().unwrap_or_default();
    let selector = selector_text(&deployment["spec"]["selector"]);
    let kind = kinds::of(Resource::ReplicaSets);
    let uid = &deployment["metadata"]["uid"];
    let mut sets = ctx.list(kind, namespace, &selector, "")?;
    sets.retain(|set| {
        let owners = set["metadata"]["ownerReferences"].as_array();
        owners
            .into_iter()
            .flatten()
            .any(|owner| owner["controller"].as_bool() == Some(true) && owner["uid"] == *uid)
    });
    let template = &deployment["spec"]["template"];
    let new = sets
        .iter()
        .filter(|set| equality::equal_ignore_hash(&set["spec"]["template"], template))
        .min_by(|a, b| created(a).cmp(&created(b)))
        .map(|set| name_of(set).to_owned());
    order::sort_by_key(&mut sets, |set| {
        (Some(name_of(set)) == new.as_deref(), name_of(set).to_owned())
    });
    Ok(sets)
}

fn created(set: &Value) -> (&str, &str) {
    (set["metadata"]["creationTimestamp"].as_str().unwrap_or_default(), name_of(set))
}

/// The number of a revision: 0 without the annotation, nothing if it is no number.
pub(crate) fn revision(object: &Value) -> Option<i64> {
    match annotation(object, REVISION) {
        None => Some(0),
        Some(text) => crate::go::parse_int(text, 10, 64).ok(),
    }
}

fn selector_text(selector: &Value) -> String {
    serde_json::from_value(selector.clone())
        .map(|selector| Selector::from_label_selector(&selector).to_string())
        .unwrap_or_default()
}
