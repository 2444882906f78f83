//! Security contexts of pods and containers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::names;
use super::path::{Errors, Path, flag, has, list, number, text};
use super::volume::local_descending_path;

fn id(errors: &mut Errors, path: &Path<'_>, value: i64) {
    let max = i64::from(i32::MAX);
    if !(0..=max).contains(&value) {
        errors.invalid_number(path, value, &names::inclusive_range(0, max));
    }
}

pub(super) fn pod_security_context(errors: &mut Errors, path: &Path<'_>, spec: &Value) {
    let context = &spec["securityContext"];
    for field in ["fsGroup", "runAsUser", "runAsGroup"] {
        if let Some(value) = number(context, field) {
            id(errors, &path.child(field), value);
        }
    }
    let groups = path.child("supplementalGroups");
    for (at, group) in list(context, "supplementalGroups").iter().enumerate() {
        id(errors, &groups.index(at), group.as_i64().unwrap_or_default());
    }
    if flag(spec, "shareProcessNamespace") && flag(spec, "hostPID") {
        errors.invalid_raw(
            &path.child("shareProcessNamespace"),
            "true",
            "ShareProcessNamespace and HostPID cannot both be enabled",
        );
    }
    sysctls(errors, &path.child("sysctls"), context, spec);
    let policy = text(context, "fsGroupChangePolicy");
    if has(context, "fsGroupChangePolicy") && !matches!(policy, "Always" | "OnRootMismatch") {
        let path = path.child("fsGroupChangePolicy");
        errors.not_supported(&path, policy, &["Always", "OnRootMismatch"]);
    }
    seccomp(errors, &path.child("seccompProfile"), context);
    app_armor(errors, &path.child("appArmorProfile"), context);
    let policy = text(context, "supplementalGroupsPolicy");
    if has(context, "supplementalGroupsPolicy") && !matches!(policy, "Merge" | "Strict") {
        let path = path.child("supplementalGroupsPolicy");
        errors.not_supported(&path, policy, &["Merge", "Strict"]);
    }
    let policy = text(context, "seLinuxChangePolicy");
    if has(context, "seLinuxChangePolicy") && !matches!(policy, "MountOption" | "Recursive") {
        let path = path.child("seLinuxChangePolicy");
        errors.not_supported(&path, policy, &["MountOption", "Recursive"]);
    }
}

fn sysctls(errors: &mut Errors, path: &Path<'_>, context: &Value, spec: &Value) {
    let mut seen = BTreeSet::new();
    for (at, sysctl) in list(context, "sysctls").iter().enumerate() {
        let name = text(sysctl, "name");
        let item = path.index(at);
        let path = item.child("name");
        if name.is_empty() {
            errors.required(&path, "");
        } else if !is_sysctl_name(name) {
            errors.invalid(
                &path,
                name,
                "must have at most 253 characters and match regex \
                 ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$",
            );
        } else if seen.contains(name) {
            errors.duplicate(&path, name);
        }
        let dotted = name.replace('/', ".");
        if flag(spec, "hostNetwork") && dotted.starts_with("net.") {
            errors.invalid(&path, name, "may not be specified when 'hostNetwork' is true");
        } else if flag(spec, "hostIPC")
            && (dotted.starts_with("fs.mqueue.")
                || dotted.starts_with("kernel.shm")
                || dotted.starts_with("kernel.msg")
                || dotted == "kernel.sem")
        {
            errors.invalid(&path, name, "may not be specified when 'hostIPC' is true");
        }
        seen.insert(name);
    }
}

fn is_sysctl_name(name: &str) -> bool {
    let plain = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.len() <= 253
        && name.split(['.', '/']).all(|part| {
            let bytes = part.as_bytes();
            bytes.first().is_some_and(plain)
                && bytes.last().is_some_and(plain)
                && bytes.iter().all(|byte| plain(byte) || b"-_".contains(byte))
        })
}

pub(super) fn security_context(
    errors: &mut Errors,
    path: &Path<'_>,
    context: &Value,
    host_users: bool,
) {
    for field in ["runAsUser", "runAsGroup"] {
        if let Some(value) = number(context, field) {
            id(errors, &path.child(field), value);
        }
    }
    if has(context, "procMount") {
        let path = path.child("procMount");
        let mount = text(context, "procMount");
        if !matches!(mount, "Default" | "Unmasked") {
            errors.not_supported(&path, mount, &["Default", "Unmasked"]);
        }
        if host_users && mount == "Unmasked" {
            errors.invalid(&path, mount, "`hostUsers` must be false to use `Unmasked`");
        }
    }
    seccomp(errors, &path.child("seccompProfile"), context);
    if context.get("allowPrivilegeEscalation") == Some(&Value::Bool(false)) {
        if flag(context, "privileged") {
            errors.invalid_internal(
                path,
                "v1.SecurityContext",
                context,
                "cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
            );
        }
        let added = list(&context["capabilities"], "add");
        for _ in added.iter().filter(|capability| *capability == "CAP_SYS_ADMIN") {
            errors.invalid_internal(
                path,
                "v1.SecurityContext",
                context,
                "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` \
                 CAP_SYS_ADMIN",
            );
        }
    }
    app_armor(errors, &path.child("appArmorProfile"), context);
}

const PROFILES: [&str; 3] = ["Localhost", "RuntimeDefault", "Unconfined"];

fn seccomp(errors: &mut Errors, path: &Path<'_>, context: &Value) {
    let Some(profile) = context.get("seccompProfile").filter(|profile| !profile.is_null()) else {
        return;
    };
    let type_ = text(profile, "type");
    match type_ {
        "" => errors.required(&path.child("type"), "type is required when seccompProfile is set"),
        type_ if PROFILES.contains(&type_) => {}
        type_ => errors.not_supported(&path.child("type"), type_, &PROFILES),
    }
    let local_path = path.child("localhostProfile");
    let has_local = has(profile, "localhostProfile");
    if type_ == "Localhost" {
        if has_local {
            local_descending_path(errors, &local_path, text(profile, "localhostProfile"));
        } else {
            errors.required(&local_path, "must be set when seccomp type is Localhost");
        }
    } else if has_local {
        errors.invalid_internal(
            &local_path,
            "v1.SeccompProfile",
            profile,
            "can only be set when seccomp type is Localhost",
        );
    }
}

fn app_armor(errors: &mut Errors, path: &Path<'_>, context: &Value) {
    let Some(profile) = context.get("appArmorProfile").filter(|profile| !profile.is_null()) else {
        return;
    };
    let local = text(profile, "localhostProfile");
    let local_path = path.child("localhostProfile");
    match text(profile, "type") {
        "Localhost" => {
            if local.trim() != local {
                errors.invalid(&local_path, local, "must not be padded with whitespace");
            } else if local.is_empty() {
                errors.required(&local_path, "must be set when AppArmor type is Localhost");
            }
        }
        "RuntimeDefault" | "Unconfined" => {
            if has(profile, "localhostProfile") {
                let detail = "can only be set when AppArmor type is Localhost";
                errors.invalid(&local_path, local, detail);
            }
        }
        "" => errors.required(&path.child("type"), "type is required when appArmorProfile is set"),
        type_ => errors.not_supported(&path.child("type"), type_, &PROFILES),
    }
}
