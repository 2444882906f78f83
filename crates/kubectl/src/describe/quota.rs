//! ResourceQuotas. Models `describeQuota` and `DescribeResourceQuotas`.

use rollscope_api::Value;
use rollscope_api::order;

use super::resources;
use super::writer::Writer;
use crate::value::{Peek, plain};

pub(super) fn write(w: &mut Writer, quota: &Value) {
    w.field(0, "Name", quota.text("metadata.name"));
    w.field(0, "Namespace", quota.text("metadata.namespace"));
    scopes(w, quota, 0, " * ");
    w.put(0, "Resource\tUsed\tHard\n");
    w.put(0, "--------\t----\t----\n");
    for (name, used, hard) in rows(quota) {
        // The used amount is shown in the notation of the hard one.
        let used = resources::in_notation_of(&used, &hard);
        w.put(0, &format!("{name}\t{used}\t{hard}\n"));
    }
}

/// The quotas of a namespace, as its description lists them.
pub(super) fn write_all(w: &mut Writer, quotas: &[Value]) {
    if quotas.is_empty() {
        return w.put(0, "No resource quota.\n");
    }
    let mut sorted: Vec<&Value> = quotas.iter().collect();
    order::sort_by_key(&mut sorted, |quota| quota.text("metadata.name"));
    w.put(0, "Resource Quotas\n");
    for quota in sorted {
        w.field(1, "Name", quota.text("metadata.name"));
        scopes(w, quota, 1, "* ");
        w.put(1, "Resource\tUsed\tHard\n");
        w.put(1, "--------\t---\t---\n");
        for (name, used, hard) in rows(quota) {
            w.put(1, &format!("{name}\t{used}\t{hard}\n"));
        }
    }
}

fn rows(quota: &Value) -> Vec<(String, String, String)> {
    let used = quota.fields("status.used");
    let hard = quota.fields("status.hard").into_iter().flatten();
    hard.map(|(name, hard)| {
        let used = used.and_then(|used| used.get(name)).map_or("0".into(), plain);
        (name.clone(), used, plain(hard))
    })
    .collect()
}

fn scopes(w: &mut Writer, quota: &Value, level: usize, bullet: &str) {
    let mut scopes: Vec<&str> =
        quota.items("spec.scopes").iter().filter_map(Value::as_str).collect();
    if scopes.is_empty() {
        return;
    }
    order::sort(&mut scopes);
    w.field(level, "Scopes", scopes.join(", "));
    for help in scopes.iter().filter_map(|scope| scope_help(scope)) {
        w.put(level, &format!("{bullet}{help}\n"));
    }
}

/// What kubectl says a scope means: part of its output.
fn scope_help(scope: &str) -> Option<&'static str> {
    Some(match scope {
        "Terminating" => {
            "Matches all pods that have an active deadline. These pods have a limited lifespan on \
             a node before being actively terminated by the system."
        }
        "NotTerminating" => {
            "Matches all pods that do not have an active deadline. These pods usually include long \
             running pods whose container command is not expected to terminate."
        }
        "BestEffort" => {
            "Matches all pods that do not have resource requirements set. These pods have a best \
             effort quality of service."
        }
        "NotBestEffort" => {
            "Matches all pods that have at least one resource requirement set. These pods have a \
             burstable or guaranteed quality of service."
        }
        _ => return None,
    })
}
