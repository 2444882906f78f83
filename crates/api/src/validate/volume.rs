//! Volumes.

use std::collections::BTreeSet;

use serde_json::Value;

use super::env::{VOLUME_FIELDS, field_selector, items, resource_field_selector};
use super::names;
use super::path::{Errors, Path, has, list, number, text};
use crate::quantity::{Quantity, wire_text};

const FILE_MODE: &str = "must be a number between 0 and 0777 (octal), both inclusive";

/// Checks volumes and returns those without errors, which containers may then mount.
pub(super) fn volumes<'a>(
    errors: &mut Errors,
    path: &Path<'_>,
    volumes: &'a [Value],
) -> Vec<(&'a str, &'a Value)> {
    let mut good: Vec<(&str, &Value)> = Vec::new();
    for (at, volume) in volumes.iter().enumerate() {
        let path = path.index(at);
        let before = errors.0.len();
        source(errors, &path, volume);
        let name = text(volume, "name");
        if name.is_empty() {
            errors.required(&path.child("name"), "");
        } else {
            errors.invalid_each(&path.child("name"), name, names::dns1123_label(name));
        }
        if good.iter().any(|(known, _)| *known == name) {
            errors.duplicate(&path.child("name"), name);
        }
        if errors.0.len() == before {
            good.push((name, volume));
        }
    }
    good
}

/// The kinds of volume in the order upstream looks for them, with the names errors use where they
/// differ: of a second source, and of what is wrong in the source.
const SOURCES: [(&str, &str, &str); 30] = [
    ("emptyDir", "emptyDir", "emptyDir"),
    ("hostPath", "hostPath", "hostPath"),
    ("gitRepo", "gitRepo", "gitRepo"),
    ("gcePersistentDisk", "gcePersistentDisk", "persistentDisk"),
    ("awsElasticBlockStore", "awsElasticBlockStore", "awsElasticBlockStore"),
    ("secret", "secret", "secret"),
    ("nfs", "nfs", "nfs"),
    ("iscsi", "iscsi", "iscsi"),
    ("glusterfs", "glusterfs", "glusterfs"),
    ("flocker", "flocker", "flocker"),
    ("persistentVolumeClaim", "persistentVolumeClaim", "persistentVolumeClaim"),
    ("rbd", "rbd", "rbd"),
    ("cinder", "cinder", "cinder"),
    ("cephfs", "cephFS", "cephfs"),
    ("quobyte", "quobyte", "quobyte"),
    ("downwardAPI", "downwarAPI", "downwardAPI"),
    ("fc", "fc", "fc"),
    ("flexVolume", "flexVolume", "flexVolume"),
    ("configMap", "configMap", "configMap"),
    ("azureFile", "azureFile", "azureFile"),
    ("vsphereVolume", "vsphereVolume", "vsphereVolume"),
    ("photonPersistentDisk", "photonPersistentDisk", "photonPersistentDisk"),
    ("portworxVolume", "portworxVolume", "portworxVolume"),
    ("azureDisk", "azureDisk", "azureDisk"),
    ("storageos", "storageos", "storageos"),
    ("projected", "projected", "projected"),
    ("scaleIO", "scaleIO", "scaleIO"),
    ("csi", "csi", "csi"),
    ("ephemeral", "ephemeral", "ephemeral"),
    ("image", "image", "image"),
];

fn source(errors: &mut Errors, path: &Path<'_>, volume: &Value) {
    let mut count = 0;
    for (field, second, shown) in SOURCES {
        let Some(source) = volume.get(field).filter(|source| !source.is_null()) else { continue };
        if count > 0 {
            errors.forbidden(&path.child(second), "may not specify more than 1 volume type");
            continue;
        }
        count += 1;
        one_source(errors, &path.child(shown), field, source);
    }
    if count == 0 {
        errors.required(path, "must specify a volume type");
    }
}

/// Fields that must not be empty, by kind of volume.
fn required_fields(kind: &str) -> &'static [&'static str] {
    match kind {
        "gitRepo" => &["repository"],
        "gcePersistentDisk" => &["pdName"],
        "awsElasticBlockStore" | "cinder" => &["volumeID"],
        "secret" => &["secretName"],
        "configMap" => &["name"],
        "iscsi" => &["targetPortal", "iqn"],
        "glusterfs" => &["endpoints", "path"],
        "persistentVolumeClaim" => &["claimName"],
        "rbd" => &["monitors", "image"],
        "cephfs" => &["monitors"],
        "flexVolume" | "csi" => &["driver"],
        "azureFile" => &["secretName", "shareName"],
        "azureDisk" => &["diskName", "diskURI"],
        "vsphereVolume" => &["volumePath"],
        "photonPersistentDisk" => &["pdID"],
        "portworxVolume" => &["volumeID"],
        "scaleIO" => &["gateway", "system", "volumeName"],
        "nfs" => &["server", "path"],
        "quobyte" => &["volume"],
        _ => &[],
    }
}

fn one_source(errors: &mut Errors, path: &Path<'_>, kind: &str, source: &Value) {
    for field in required_fields(kind) {
        let value = source.get(field).unwrap_or(&Value::Null);
        let empty = match value {
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            other => other.is_null(),
        };
        if empty {
            errors.required(&path.child(field), "");
        }
    }
    match kind {
        "emptyDir" => {
            let limit = source.get("sizeLimit").map(wire_text).unwrap_or_default();
            if Quantity::parse(&limit).is_ok_and(|limit| limit.sign() < 0) {
                let detail = "SizeLimit field must be a valid resource quantity";
                errors.forbidden(&path.child("sizeLimit"), detail);
            }
        }
        "hostPath" => host_path(errors, path, source),
        "nfs" => {
            let nfs_path = text(source, "path");
            if !nfs_path.starts_with('/') {
                errors.invalid(&path.child("path"), nfs_path, "must be an absolute path");
            }
        }
        "gitRepo" => {
            local_descending_path(errors, &path.child("directory"), text(source, "directory"));
        }
        "gcePersistentDisk" | "awsElasticBlockStore" => {
            let partition = number(source, "partition").unwrap_or_default();
            if !(0..=255).contains(&partition) {
                let detail = names::inclusive_range(1, 255);
                errors.invalid_number(&path.child("partition"), partition, &detail);
            }
        }
        "secret" | "configMap" => {
            mode(errors, path, source, "defaultMode");
            for (at, item) in items(source) {
                key_to_path(errors, &path.child("items").index(at), item);
            }
        }
        "downwardAPI" => {
            mode(errors, path, source, "defaultMode");
            // Upstream names the volume, not the item.
            for (_, file) in items(source) {
                downward_file(errors, path, file);
            }
        }
        "projected" => {
            mode(errors, path, source, "defaultMode");
            projected(errors, path, source);
        }
        "ephemeral" => ephemeral(errors, path, source),
        "image" => image(errors, path, source),
        _ => {}
    }
}

fn host_path(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    const TYPES: [&str; 8] = [
        "",
        "BlockDevice",
        "CharDevice",
        "Directory",
        "DirectoryOrCreate",
        "File",
        "FileOrCreate",
        "Socket",
    ];
    let host_path = text(source, "path");
    if host_path.is_empty() {
        errors.required(&path.child("path"), "");
        return;
    }
    backsteps(errors, &path.child("path"), host_path);
    let type_ = text(source, "type");
    if !TYPES.contains(&type_) {
        errors.not_supported(&path.child("type"), type_, &TYPES);
    }
}

fn mode(errors: &mut Errors, path: &Path<'_>, source: &Value, field: &str) {
    if let Some(mode) = number(source, field)
        && !(0..=0o777).contains(&mode)
    {
        errors.invalid_number(&path.child(field), mode, FILE_MODE);
    }
}

fn key_to_path(errors: &mut Errors, path: &Path<'_>, item: &Value) {
    for field in ["key", "path"] {
        if text(item, field).is_empty() {
            errors.required(&path.child(field), "");
        }
    }
    local_non_reserved_path(errors, &path.child("path"), text(item, "path"));
    mode(errors, path, item, "mode");
}

fn downward_file(errors: &mut Errors, path: &Path<'_>, file: &Value) {
    let file_path = text(file, "path");
    if file_path.is_empty() {
        errors.required(&path.child("path"), "");
    }
    local_non_reserved_path(errors, &path.child("path"), file_path);
    if has(file, "fieldRef") {
        field_selector(errors, &path.child("fieldRef"), &file["fieldRef"], &VOLUME_FIELDS);
        if has(file, "resourceFieldRef") {
            errors.invalid(
                path,
                "resource",
                "fieldRef and resourceFieldRef can not be specified simultaneously",
            );
        }
    } else if has(file, "resourceFieldRef") {
        let reference = &file["resourceFieldRef"];
        resource_field_selector(errors, &path.child("resourceFieldRef"), reference, true);
    } else {
        errors.required(path, "one of fieldRef and resourceFieldRef is required");
    }
    mode(errors, path, file, "mode");
}

fn projected(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let sources_path = path.child("sources");
    for (at, source) in list(source, "sources").iter().enumerate() {
        let source_path = sources_path.index(at);
        let mut count = 0;
        for kind in ["secret", "configMap"] {
            if !has(source, kind) {
                continue;
            }
            count += 1;
            let (inner, inner_path) = (&source[kind], source_path.child(kind));
            let name = text(inner, "name");
            if name.is_empty() {
                errors.required(&inner_path.child("name"), "");
            }
            for (at, item) in items(inner) {
                key_to_path(errors, &inner_path.child("items").index(at), item);
                let item_path = text(item, "path");
                if !item_path.is_empty() && !seen.insert(item_path) {
                    errors.invalid(path, name, "conflicting duplicate paths");
                }
            }
        }
        if has(source, "downwardAPI") {
            count += 1;
            for (_, file) in items(&source["downwardAPI"]) {
                downward_file(errors, &source_path.child("downwardAPI"), file);
                let file_path = text(file, "path");
                if !file_path.is_empty() && !seen.insert(file_path) {
                    errors.invalid(path, file_path, "conflicting duplicate paths");
                }
            }
        }
        if has(source, "serviceAccountToken") {
            count += 1;
            let token = &source["serviceAccountToken"];
            token_projection(errors, path, &source_path.child("serviceAccountToken"), token);
        }
        if has(source, "clusterTrustBundle") {
            count += 1;
        }
        if has(source, "podCertificate") {
            count += 1;
        }
        if count > 1 {
            let detail = "may not specify more than 1 volume type per source";
            errors.forbidden(&source_path, detail);
        }
    }
}

fn token_projection(errors: &mut Errors, volume: &Path<'_>, path: &Path<'_>, token: &Value) {
    let seconds = number(token, "expirationSeconds").unwrap_or_default();
    let seconds_path = path.child("expirationSeconds");
    if seconds < 600 {
        let detail = "may not specify a duration less than 10 minutes";
        errors.invalid_number(&seconds_path, seconds, detail);
    }
    if seconds > 1 << 32 {
        let detail = "may not specify a duration larger than 2^32 seconds";
        errors.invalid_number(&seconds_path, seconds, detail);
    }
    // Upstream names the volume, not the source.
    let token_path = text(token, "path");
    if token_path.is_empty() {
        errors.required(&volume.child("path"), "");
    } else {
        local_non_reserved_path(errors, &volume.child("path"), token_path);
    }
}

fn ephemeral(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    let path = path.child("volumeClaimTemplate");
    if !has(source, "volumeClaimTemplate") {
        errors.required(&path, "");
        return;
    }
    let (spec, path) = (&source["volumeClaimTemplate"]["spec"], path.child("spec"));
    if list(spec, "accessModes").is_empty() {
        errors.required(&path.child("accessModes"), "at least 1 access mode is required");
    }
    if spec["resources"]["requests"].get("storage").is_none() {
        errors.required(&path.child("resources").key("storage"), "");
    }
}

fn image(errors: &mut Errors, path: &Path<'_>, source: &Value) {
    if text(source, "reference").is_empty() {
        errors.required(&path.child("reference"), "");
    }
    const POLICIES: [&str; 3] = ["Always", "IfNotPresent", "Never"];
    match text(source, "pullPolicy") {
        policy if POLICIES.contains(&policy) => {}
        "" => errors.required(&path.child("pullPolicy"), ""),
        policy => errors.not_supported(&path.child("pullPolicy"), policy, &POLICIES),
    }
}

/// Whether no part of a path is `..`.
pub(super) fn no_backsteps(path: &str) -> bool {
    path.split('/').all(|part| part != "..")
}

fn backsteps(errors: &mut Errors, path: &Path<'_>, value: &str) {
    if !no_backsteps(value) {
        errors.invalid(path, value, "must not contain '..'");
    }
}

/// A relative path that never climbs.
pub(super) fn local_descending_path(errors: &mut Errors, path: &Path<'_>, value: &str) {
    if value.starts_with('/') {
        errors.invalid(path, value, "must be a relative path");
    }
    backsteps(errors, path, value);
}

fn local_non_reserved_path(errors: &mut Errors, path: &Path<'_>, value: &str) {
    local_descending_path(errors, path, value);
    if value.starts_with("..") && !value.starts_with("../") {
        errors.invalid(path, value, "must not start with '..'");
    }
}
