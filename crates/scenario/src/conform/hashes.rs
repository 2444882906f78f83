//! `hashes.json`: pod templates, how the server stored them, and the hash that their ReplicaSet
//! was named by.

use rollscope_api::decode::decode;
use rollscope_api::defaults::set_defaults;
use rollscope_api::hash::pod_template_hash;
use rollscope_api::{FieldValidation, Resource, Value};
use serde_json::json;

use super::CaseResult;

/// Puts the template into a Deployment, decodes and defaults it, and hashes what comes of it.
pub fn check(case: &Value) -> CaseResult {
    let mut result = CaseResult::default();
    let deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "h"},
        "spec": {
            "selector": {"matchLabels": case["template"]["metadata"]["labels"]},
            "template": case["template"],
        },
    });
    let mut stored = match decode(Resource::Deployments, &deployment, FieldValidation::Strict) {
        Ok(decoded) => decoded.value,
        Err(status) => {
            result.compare("the template is accepted", "", &format!("{}\n", status.message));
            return result;
        }
    };
    set_defaults(Resource::Deployments, &mut stored);
    let template = &stored["spec"]["template"];
    result.compare("the template as stored", &pretty(&case["defaulted"]), &pretty(template));
    let recorded = case["hash"].as_str().unwrap_or_default();
    result.compare("the hash", recorded, &pod_template_hash(template, None));
    result
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
