//! Namespaces with their quotas. Models `describeNamespace`.

use rollscope_api::{Api, ListOptions, Resource, Status, Value};

use super::writer::Writer;
use super::{quota, time};
use crate::value::Peek;

pub(super) fn write(w: &mut Writer, api: &mut dyn Api, namespace: &Value) -> Result<(), Status> {
    let name = namespace.text("metadata.name");
    let quotas = api.list(Resource::ResourceQuotas, Some(name), &ListOptions::default())?;
    w.field(0, "Name", name);
    w.labels("Labels", namespace.fields("metadata.labels"));
    w.annotations("Annotations", namespace.fields("metadata.annotations"));
    w.field(0, "Status", namespace.text("status.phase"));
    let conditions = namespace.items("status.conditions");
    if !conditions.is_empty() {
        w.put(0, "Conditions:\n");
        w.put(1, "Type\tStatus\tLastTransitionTime\tReason\tMessage\n");
        w.put(1, "----\t------\t------------------\t------\t-------\n");
    }
    for condition in conditions {
        let row = [
            condition.text("type"),
            condition.text("status"),
            &time(condition.at("lastTransitionTime")),
            condition.text("reason"),
            condition.text("message"),
        ];
        w.put(1, &format!("{}\n", row.join("\t")));
    }
    w.put(0, "\n");
    quota::write_all(w, &quotas);
    // The simulated server has no limit ranges.
    w.put(0, "\nNo LimitRange resource.\n");
    Ok(())
}
