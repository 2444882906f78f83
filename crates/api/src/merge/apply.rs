//! Applying strategic patches, to objects and to other patches.

use serde_json::{Map, Value};

use super::order::merge_orders;
use super::{
    DELETE_PRIMITIVES, DIRECTIVE, Element, GO_SLICE, Meta, PatchError, RETAIN_KEYS, Result,
    SET_ORDER, as_map, element_type, key_of, keyed, same_type,
};
use crate::gojson;
use crate::order;
use crate::schema::Merge;

/// How a patch is applied. Models `MergeOptions`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    /// Follow directives, instead of keeping them for the patch that is being made.
    pub(super) merge_parallel_list: bool,
    /// A null for what is not there is dropped, instead of kept.
    pub(super) ignore_unmatched_nulls: bool,
}

pub(super) fn merge_map(
    mut original: Map<String, Value>,
    mut patch: Map<String, Value>,
    meta: Meta,
    options: Options,
) -> Result<Map<String, Value>> {
    if let Some(directive) = patch.remove(DIRECTIVE) {
        return match directive.as_str() {
            Some("replace") => Ok(patch),
            Some("delete") => Ok(Map::new()),
            _ => {
                patch.insert(DIRECTIVE.to_owned(), directive.clone());
                Err(bad_patch_type(&directive, &patch))
            }
        };
    }
    apply_retain_keys(&mut original, &mut patch, options)?;
    merge_ordered_lists(&mut original, &mut patch, meta, options)?;

    for (key, value) in patch {
        let (key, is_deletion_list) = match key.strip_prefix(DELETE_PRIMITIVES) {
            Some(_) if !options.merge_parallel_list => {
                original.insert(key, value);
                continue;
            }
            Some(name) => match name.strip_prefix('/') {
                Some(name) => (name.to_owned(), true),
                None => return Err(PatchError::bad_format("primitive list")),
            },
            None => (key, false),
        };
        if value.is_null() {
            original.remove(&key);
            if options.ignore_unmatched_nulls {
                continue;
            }
        }
        let Some(old) = original.get_mut(&key) else {
            if !is_deletion_list {
                take_new(&mut original, key, value, options);
            }
            continue;
        };
        if !same_type(old, &value) {
            if !is_deletion_list {
                take_new(&mut original, key, value, options);
            }
            continue;
        }
        match (old.take(), value) {
            (Value::Object(old_map), Value::Object(map)) => {
                let field = meta.field(&key)?;
                *old = Value::Object(merge_map(old_map, map, field.inner, options)?);
            }
            (Value::Array(old_list), Value::Array(list)) => {
                let field = meta.field(&key)?;
                let merged = merge_lists(
                    old_list,
                    list,
                    field.inner,
                    field.merge,
                    is_deletion_list,
                    options,
                )?;
                *old = Value::Array(merged);
            }
            (_, value) => *old = value,
        }
    }
    Ok(original)
}

fn bad_patch_type(directive: &Value, patch: &Map<String, Value>) -> PatchError {
    let (directive, patch) =
        (gojson::sprint(directive), gojson::sprint(&Value::Object(patch.clone())));
    PatchError::Other(format!("unknown patch type: {directive} in map: {patch}"))
}

fn take_new(original: &mut Map<String, Value>, key: String, mut value: Value, options: Options) {
    if options.ignore_unmatched_nulls {
        discard_nulls(&mut value);
    }
    match without_directives(value) {
        Some(value) => original.insert(key, value),
        None => original.remove(&key),
    };
}

fn discard_nulls(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|_, value| !value.is_null());
            map.values_mut().for_each(discard_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(discard_nulls),
        _ => {}
    }
}

/// The value without maps that are directives; nothing if it is one itself.
fn without_directives(value: Value) -> Option<Value> {
    match value {
        Value::Object(map) if map.contains_key(DIRECTIVE) => None,
        Value::Object(map) => Some(Value::Object(order::gather(
            map.into_iter().filter_map(|(key, value)| Some((key, without_directives(value)?))),
        ))),
        Value::Array(items) => {
            Some(Value::Array(items.into_iter().filter_map(without_directives).collect()))
        }
        other => Some(other),
    }
}

/// Drops what `$retainKeys` does not name. Models `applyRetainKeysDirective`.
fn apply_retain_keys(
    original: &mut Map<String, Value>,
    patch: &mut Map<String, Value>,
    options: Options,
) -> Result<()> {
    let Some(retained) = patch.remove(RETAIN_KEYS) else { return Ok(()) };
    if !options.merge_parallel_list {
        match original.get(RETAIN_KEYS) {
            Some(other) if *other != retained => {
                let (other, retained) = (gojson::sprint(other), gojson::sprint(&retained));
                return Err(PatchError::Other(format!(
                    "{other} and {retained} are not deep equal: this may happen when calculating \
                     the 3-way diff patch"
                )));
            }
            Some(_) => {}
            None => {
                original.insert(RETAIN_KEYS.to_owned(), retained);
            }
        }
        return Ok(());
    }
    let bad = || PatchError::bad_format("retainKeys");
    let retained = retained.as_array().ok_or_else(bad)?;
    let is_retained = |key: &str| retained.iter().any(|name| name.as_str() == Some(key));
    let is_directive = |key: &str| key.starts_with(DELETE_PRIMITIVES) || key.starts_with(SET_ORDER);
    if patch.iter().any(|(key, value)| !value.is_null() && !is_directive(key) && !is_retained(key))
    {
        return Err(bad());
    }
    original.retain(|key, _| is_retained(key));
    Ok(())
}

/// Merges every list that `$setElementOrder` speaks of, and takes it out of the patch.
/// Models `mergePatchIntoOriginal`.
fn merge_ordered_lists(
    original: &mut Map<String, Value>,
    patch: &mut Map<String, Value>,
    meta: Meta,
    options: Options,
) -> Result<()> {
    let directives: Vec<String> =
        patch.keys().filter(|key| key.starts_with(SET_ORDER)).cloned().collect();
    for directive in directives {
        let Some(order) = patch.remove(&directive) else { continue };
        let bad = || PatchError::bad_format("setElementOrder list");
        if !options.merge_parallel_list {
            match original.get(&directive) {
                Some(other) if *other != order => return Err(bad()),
                Some(_) => {}
                None => {
                    original.insert(directive.clone(), order.clone());
                }
            }
        }
        let Value::Array(order) = order else { return Err(PatchError::bad_type(GO_SLICE, &order)) };
        let key = directive
            .strip_prefix(SET_ORDER)
            .and_then(|rest| rest.strip_prefix('/'))
            .ok_or_else(bad)?;
        let old = list_field(original.get(key))?;
        let new = list_field(patch.get(key))?;
        let field = meta.field(key)?;
        let merge_key = match field.merge {
            Merge::Key(merge_key) => merge_key,
            _ => "",
        };
        check_order(new.as_deref().unwrap_or_default(), &order, merge_key)?;
        let merged = match (&old, &new) {
            (None, None) => continue,
            (Some(old), None) => old.clone(),
            (None, Some(new)) => new.iter().cloned().filter_map(without_directives).collect(),
            (Some(old), Some(new)) => {
                merge_lists(old.clone(), new.clone(), field.inner, field.merge, false, options)?
            }
        };
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        let (ordered, server_only) = partition(merged, &order, merge_key)?;
        let maps = element_type(&[&old, &new])? == Element::Map;
        let merged = merge_orders(ordered, server_only, &order, &old, merge_key, maps)?;
        original.insert(key.to_owned(), Value::Array(merged));
        patch.remove(key);
    }
    Ok(())
}

fn list_field(value: Option<&Value>) -> Result<Option<Vec<Value>>> {
    match value {
        None => Ok(None),
        Some(Value::Array(items)) => Ok(Some(items.clone())),
        Some(other) => Err(PatchError::bad_type(GO_SLICE, other)),
    }
}

/// The patch's elements must come in the directive's order. Models
/// `validatePatchWithSetOrderList`.
fn check_order(patch: &[Value], order: &[Value], merge_key: &str) -> Result<()> {
    if patch.is_empty() || order.is_empty() {
        return Ok(());
    }
    let mut kept = Vec::new();
    for item in patch {
        if merge_key.is_empty() || !as_map(item)?.contains_key(DIRECTIVE) {
            kept.push(item);
        }
    }
    let mut kept = kept.into_iter().peekable();
    for name in order {
        let Some(item) = kept.peek() else { break };
        let equal = if merge_key.is_empty() {
            *item == name
        } else {
            keyed(item, merge_key)?.1 == keyed(name, merge_key)?.1
        };
        if equal {
            kept.next();
        }
    }
    if kept.peek().is_some() {
        let text = |list: &[Value]| gojson::sprint(&Value::Array(list.to_vec()));
        return Err(PatchError::Other(format!(
            "The order in patch list:\n{}\n doesn't match {SET_ORDER} list:\n{}\n",
            text(patch),
            text(order)
        )));
    }
    Ok(())
}

/// What a list has in common with another, and what it has alone.
fn partition(list: Vec<Value>, by: &[Value], merge_key: &str) -> Result<(Vec<Value>, Vec<Value>)> {
    let (mut common, mut alone) = (Vec::new(), Vec::new());
    for item in list {
        if !merge_key.is_empty() {
            keyed(&item, merge_key)?;
        }
        let key = key_of(&item, merge_key);
        let found = by.iter().any(|other| key_of(other, merge_key) == key);
        if found { common.push(item) } else { alone.push(item) }
    }
    Ok((common, alone))
}

fn merge_lists(
    old: Vec<Value>,
    new: Vec<Value>,
    meta: Meta,
    merge: Merge,
    is_deletion_list: bool,
    options: Options,
) -> Result<Vec<Value>> {
    let merge_key = match merge {
        Merge::None if !is_deletion_list => return Ok(new),
        Merge::None | Merge::Set => "",
        Merge::Key(merge_key) => merge_key,
    };
    if old.is_empty() && new.is_empty() {
        return Ok(old);
    }
    let maps = element_type(&[&old, &new])? == Element::Map;
    if !maps {
        if options.merge_parallel_list && is_deletion_list {
            return Ok(old.into_iter().filter(|item| !new.contains(item)).collect());
        }
        let mut both: Vec<Value> = Vec::new();
        for item in old.iter().chain(&new) {
            if !both.contains(item) {
                both.push(item.clone());
            }
        }
        let (ordered, server_only) = partition(both, &new, merge_key)?;
        return merge_orders(ordered, server_only, &new, &old, merge_key, false);
    }
    if merge_key.is_empty() {
        let name = meta.name;
        return Err(PatchError::Other(format!("cannot merge lists without merge key for {name}")));
    }
    let (mut old, new) = follow_directives(old, new, merge_key)?;
    for item in &new {
        let (map, key) = keyed(item, merge_key)?;
        if let Some(other) = old.iter().find(|item| !item.is_object()) {
            let at = old.iter().position(|item| item == other).unwrap_or_default();
            return Err(PatchError::Other(format!("value for key {at} is not a map")));
        }
        match old.iter_mut().find(|item| item.get(merge_key) == Some(key)) {
            Some(found) => {
                let Value::Object(found_map) = found.take() else { continue };
                *found = Value::Object(merge_map(found_map, map.clone(), meta, options)?);
            }
            None => old.push(item.clone()),
        }
    }
    let server_order = old.clone();
    let (ordered, server_only) = partition(old, &new, merge_key)?;
    merge_orders(ordered, server_only, &new, &server_order, merge_key, true)
}

/// Follows `$patch` elements of a list of maps. Models `mergeSliceWithSpecialElements`.
fn follow_directives(
    mut old: Vec<Value>,
    new: Vec<Value>,
    merge_key: &str,
) -> Result<(Vec<Value>, Vec<Value>)> {
    let mut plain = Vec::new();
    let mut replace = false;
    for item in new {
        let map = as_map(&item)?;
        let Some(directive) = map.get(DIRECTIVE) else {
            plain.push(item);
            continue;
        };
        match directive.as_str() {
            Some("delete") => {
                let (_, key) = keyed(&item, merge_key)?;
                old.retain(|other| other.get(merge_key) != Some(key));
            }
            Some("replace") => replace = true,
            Some("merge") => {
                let text = "merging lists cannot yet be specified in the patch";
                return Err(PatchError::Other(text.to_owned()));
            }
            _ => return Err(bad_patch_type(directive, map)),
        }
    }
    if replace { Ok((plain, Vec::new())) } else { Ok((old, plain)) }
}
