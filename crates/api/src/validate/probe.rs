//! Probes and lifecycle hooks.

use serde_json::Value;

use super::path::{Errors, Path, has, list, number, text};
use super::template::PodContext;
use super::{container, names};

pub(super) fn probes(
    errors: &mut Errors,
    path: &Path<'_>,
    container: &Value,
    context: &PodContext<'_>,
) {
    for field in ["livenessProbe", "readinessProbe", "startupProbe"] {
        let Some(probe) = container.get(field).filter(|probe| !probe.is_null()) else { continue };
        let path = path.child(field);
        common(errors, &path, probe, context);
        if field == "readinessProbe" {
            if let Some(seconds) = number(probe, "terminationGracePeriodSeconds") {
                errors.invalid_number(
                    &path.child("terminationGracePeriodSeconds"),
                    seconds,
                    "must not be set for readinessProbes",
                );
            }
        } else {
            let threshold = number(probe, "successThreshold").unwrap_or_default();
            if threshold != 1 {
                errors.invalid_number(&path.child("successThreshold"), threshold, "must be 1");
            }
        }
    }
}

fn common(errors: &mut Errors, path: &Path<'_>, probe: &Value, context: &PodContext<'_>) {
    handler(errors, path, probe, context);
    for field in [
        "initialDelaySeconds",
        "timeoutSeconds",
        "periodSeconds",
        "successThreshold",
        "failureThreshold",
    ] {
        errors.non_negative(&path.child(field), number(probe, field).unwrap_or_default());
    }
    if let Some(seconds) = number(probe, "terminationGracePeriodSeconds")
        && seconds <= 0
    {
        let path = path.child("terminationGracePeriodSeconds");
        errors.invalid_number(&path, seconds, "must be greater than 0");
    }
}

pub(super) fn lifecycle(
    errors: &mut Errors,
    path: &Path<'_>,
    lifecycle: &Value,
    context: &PodContext<'_>,
) {
    for field in ["postStart", "preStop"] {
        if has(lifecycle, field) {
            handler(errors, &path.child(field), &lifecycle[field], context);
        }
    }
}

/// Exactly one of the ways to ask or tell a container something.
fn handler(errors: &mut Errors, path: &Path<'_>, handler: &Value, context: &PodContext<'_>) {
    let mut count = 0;
    for field in ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] {
        let Some(action) = handler.get(field).filter(|action| !action.is_null()) else { continue };
        let path = path.child(field);
        if count > 0 {
            errors.forbidden(&path, "may not specify more than 1 handler type");
            continue;
        }
        count += 1;
        match field {
            "exec" => {
                if list(action, "command").is_empty() {
                    errors.required(&path.child("command"), "");
                }
            }
            "httpGet" => http_get(errors, &path, action),
            "tcpSocket" => port(errors, &path.child("port"), &action["port"]),
            "grpc" => {
                let number = number(action, "port").unwrap_or_default();
                container::port_number(errors, &path.child("port"), number);
            }
            _ => sleep(errors, &path, action, context.grace_period),
        }
    }
    if count == 0 {
        errors.required(path, "must specify a handler type");
    }
}

fn http_get(errors: &mut Errors, path: &Path<'_>, action: &Value) {
    if text(action, "path").is_empty() {
        errors.required(&path.child("path"), "");
    }
    port(errors, &path.child("port"), &action["port"]);
    let scheme = text(action, "scheme");
    if !matches!(scheme, "HTTP" | "HTTPS") {
        errors.not_supported(&path.child("scheme"), scheme, &["HTTP", "HTTPS"]);
    }
    for header in list(action, "httpHeaders") {
        let name = text(header, "name");
        errors.invalid_each(&path.child("httpHeaders"), name, names::http_header_name(name));
    }
}

/// A port's number or name.
pub(super) fn port(errors: &mut Errors, path: &Path<'_>, port: &Value) {
    match port.as_str() {
        Some(name) => errors.invalid_each(path, name, names::port_name(name)),
        None => container::port_number(errors, path, port.as_i64().unwrap_or_default()),
    }
}

fn sleep(errors: &mut Errors, path: &Path<'_>, action: &Value, grace_period: Option<i64>) {
    let seconds = number(action, "seconds").unwrap_or_default();
    if let Some(grace) = grace_period
        && (seconds < 0 || seconds > grace)
    {
        let detail =
            format!("must be non-negative and less than terminationGracePeriodSeconds ({grace})");
        errors.invalid_number(path, seconds, &detail);
    }
}
