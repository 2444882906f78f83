//! What a pod may say depends on the operating system it names.
//!
//! Models `validateOS`, `validateLinux` and `validateWindows` of
//! pkg/apis/core/validation/validation.go.

use serde_json::Value;

use super::path::{Errors, Path, flag, has, list, text};

pub(super) fn os(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let Some(os) = spec.get("os").filter(|os| !os.is_null()) else { return };
    let os_path = path.child("os");
    match text(os, "name") {
        "linux" => linux(errors, path, spec),
        "windows" => windows(errors, path, spec),
        "" => errors.required(&os_path.child("name"), "cannot be empty"),
        name => errors.not_supported(&os_path, name, &["linux", "windows"]),
    }
}

/// Visits the security contexts of a pod's containers.
fn security_contexts(path: &Path<'_>, spec: &Value, mut visit: impl FnMut(&Path<'_>, &Value)) {
    for field in ["initContainers", "containers", "ephemeralContainers"] {
        let list_path = path.child(field);
        for (at, container) in list(spec, field).iter().enumerate() {
            let path = list_path.index(at);
            visit(&path.child("securityContext"), &container["securityContext"]);
        }
    }
}

fn linux(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let mut check = |path: &Path<'_>, context: &Value| {
        if has(context, "windowsOptions") {
            let detail = "windows options cannot be set for a linux pod";
            errors.forbidden(&path.child("windowsOptions"), detail);
        }
    };
    check(&path.child("securityContext"), &spec["securityContext"]);
    security_contexts(path, spec, check);
}

fn windows(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    const DETAIL: &str = "cannot be set for a windows pod";
    let context = &spec["securityContext"];
    let security = path.child("securityContext");
    let mut refuse = |path: Path<'_>, refused: bool| {
        if refused {
            errors.forbidden(&path, DETAIL);
        }
    };
    for field in ["appArmorProfile", "seLinuxOptions"] {
        refuse(security.child(field), has(context, field));
    }
    refuse(path.child("hostUsers"), has(spec, "hostUsers"));
    for field in ["hostPID", "hostIPC"] {
        refuse(path.child(field), flag(spec, field));
    }
    for field in ["seccompProfile", "fsGroup", "fsGroupChangePolicy"] {
        refuse(security.child(field), has(context, field));
    }
    refuse(security.child("sysctls"), !list(context, "sysctls").is_empty());
    refuse(path.child("shareProcessNamespace"), has(spec, "shareProcessNamespace"));
    for field in [
        "runAsUser",
        "runAsGroup",
        "supplementalGroups",
        "supplementalGroupsPolicy",
        "seLinuxChangePolicy",
    ] {
        refuse(security.child(field), has(context, field));
    }
    security_contexts(path, spec, |path, context| {
        for field in [
            "appArmorProfile",
            "seLinuxOptions",
            "seccompProfile",
            "capabilities",
            "readOnlyRootFilesystem",
            "privileged",
            "allowPrivilegeEscalation",
            "procMount",
            "runAsUser",
            "runAsGroup",
        ] {
            refuse(path.child(field), has(context, field));
        }
    });
}
