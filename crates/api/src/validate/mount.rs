//! Where containers mount volumes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::container::is_privileged;
use super::path::{Errors, Path, flag, has, list, text};
use super::template::PodContext;
use super::volume::{local_descending_path, no_backsteps};
use crate::order;

fn volume_of<'a>(context: &PodContext<'a>, name: &str) -> Option<&'a Value> {
    context.volumes.iter().find(|(known, _)| *known == name).map(|(_, volume)| *volume)
}

fn paths_by_name<'a>(items: &'a [Value], field: &str) -> BTreeMap<&'a str, &'a str> {
    order::gather(items.iter().map(|item| (text(item, "name"), text(item, field))))
}

pub(super) fn volume_mounts(
    errors: &mut Errors,
    path: &Path<'_>,
    container: &Value,
    context: &PodContext<'_>,
) {
    let devices = paths_by_name(list(container, "volumeDevices"), "devicePath");
    let mut seen = BTreeSet::new();
    for (at, mount) in list(container, "volumeMounts").iter().enumerate() {
        let item = path.index(at);
        let (name, mount_path) = (text(mount, "name"), text(mount, "mountPath"));
        let (name_path, path_path) = (item.child("name"), item.child("mountPath"));
        if name.is_empty() {
            errors.required(&name_path, "");
        }
        let volume = volume_of(context, name);
        if volume.is_none() {
            errors.not_found(&name_path, name, "");
        }
        if mount_path.is_empty() {
            errors.required(&path_path, "");
        }
        if !seen.insert(mount_path) {
            errors.invalid(&path_path, mount_path, "must be unique");
        }
        if devices.contains_key(name) {
            errors.invalid(&name_path, name, "must not already exist in volumeDevices");
        }
        if devices.values().any(|device| *device == mount_path) {
            let detail = "must not already exist as a path in volumeDevices";
            errors.invalid(&path_path, mount_path, detail);
        }
        sub_paths(errors, path, &item, mount, volume.is_some_and(|volume| has(volume, "image")));
        if has(mount, "mountPropagation") {
            propagation(errors, &path.child("mountPropagation"), mount, container);
        }
        recursive_read_only(errors, &path.child("recursiveReadOnly"), mount);
    }
}

fn sub_paths(errors: &mut Errors, path: &Path<'_>, item: &Path<'_>, mount: &Value, of_image: bool) {
    let (sub_path, expression) = (text(mount, "subPath"), text(mount, "subPathExpr"));
    if of_image {
        for (field, value) in [("subPath", sub_path), ("subPathExpr", expression)] {
            if !value.is_empty() {
                errors.invalid(&item.child(field), value, "not allowed in image volume sources");
            }
        }
    }
    if !sub_path.is_empty() {
        local_descending_path(errors, &path.child("subPath"), sub_path);
    }
    if !expression.is_empty() {
        if !sub_path.is_empty() {
            let detail = "subPathExpr and subPath are mutually exclusive";
            errors.invalid(&item.child("subPathExpr"), expression, detail);
        }
        local_descending_path(errors, &path.child("subPathExpr"), expression);
    }
}

fn propagation(errors: &mut Errors, path: &Path<'_>, mount: &Value, container: &Value) {
    const MODES: [&str; 3] = ["Bidirectional", "HostToContainer", "None"];
    let mode = text(mount, "mountPropagation");
    if !MODES.contains(&mode) {
        errors.not_supported(path, mode, &MODES);
    }
    if mode == "Bidirectional" && !is_privileged(container) {
        errors.forbidden(
            path,
            "Bidirectional mount propagation is available only to privileged containers",
        );
    }
}

fn recursive_read_only(errors: &mut Errors, path: &Path<'_>, mount: &Value) {
    if !has(mount, "recursiveReadOnly") {
        return;
    }
    match text(mount, "recursiveReadOnly") {
        "Disabled" => {}
        "Enabled" | "IfPossible" => {
            if !flag(mount, "readOnly") {
                errors.forbidden(path, "may only be specified when readOnly is true");
            }
            if !matches!(text(mount, "mountPropagation"), "" | "None") {
                errors.forbidden(
                    path,
                    "may only be specified when mountPropagation is None or not specified",
                );
            }
        }
        other => errors.not_supported(path, other, &["Disabled", "Enabled", "IfPossible"]),
    }
}

pub(super) fn volume_devices(
    errors: &mut Errors,
    path: &Path<'_>,
    container: &Value,
    context: &PodContext<'_>,
) {
    let mounts = paths_by_name(list(container, "volumeMounts"), "mountPath");
    let (mut names, mut paths) = (BTreeSet::new(), BTreeSet::new());
    for (at, device) in list(container, "volumeDevices").iter().enumerate() {
        let item = path.index(at);
        let (name, device_path) = (text(device, "name"), text(device, "devicePath"));
        let (name_path, path_path) = (item.child("name"), item.child("devicePath"));
        if name.is_empty() {
            errors.required(&name_path, "");
        }
        if names.contains(name) {
            errors.invalid(&name_path, name, "must be unique");
        }
        match volume_of(context, name) {
            Some(volume) if !has(volume, "persistentVolumeClaim") && !has(volume, "ephemeral") => {
                errors.invalid(
                    &name_path,
                    name,
                    "can only use volume source type of PersistentVolumeClaim or Ephemeral for \
                     block mode",
                );
            }
            Some(_) => {}
            None => errors.not_found(&name_path, name, ""),
        }
        if device_path.is_empty() {
            errors.required(&path_path, "");
        }
        if paths.contains(device_path) {
            errors.invalid(&path_path, device_path, "must be unique");
        }
        if !device_path.is_empty() && !no_backsteps(device_path) {
            errors.invalid(&path_path, device_path, "can not contain backsteps ('..')");
        } else {
            paths.insert(device_path);
        }
        if mounts.contains_key(name) {
            errors.invalid(&name_path, name, "must not already exist in volumeMounts");
        }
        if mounts.values().any(|mount| *mount == device_path) {
            let detail = "must not already exist as a path in volumeMounts";
            errors.invalid(&path_path, device_path, detail);
        }
        if !name.is_empty() {
            names.insert(name);
        }
    }
}
