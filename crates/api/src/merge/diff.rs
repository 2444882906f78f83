//! Making strategic patches: what turns one object into another.

use serde_json::{Map, Value, json};

use super::order::{sort_by_order, sort_scalars};
use super::{
    DELETE_PRIMITIVES, DIRECTIVE, Element, Meta, PatchError, RETAIN_KEYS, Result, SET_ORDER,
    element_type, keyed, same_type,
};
use crate::gojson;
use crate::order;
use crate::schema::Merge;

/// What a diff looks for. Models `DiffOptions`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    pub(super) set_element_order: bool,
    pub(super) ignore_changes_and_additions: bool,
    pub(super) ignore_deletions: bool,
    pub(super) build_retain_keys: bool,
}

pub(super) fn diff_maps(
    original: &Map<String, Value>,
    modified: &Map<String, Value>,
    meta: Meta,
    options: Options,
) -> Result<Map<String, Value>> {
    let mut patch = Map::new();
    let mut retained = Vec::new();
    for (key, new) in modified {
        if options.build_retain_keys && !new.is_null() {
            retained.push(Value::from(key.as_str()));
        }
        let old = match original.get(key) {
            Some(old) => old,
            None => {
                if !options.ignore_changes_and_additions {
                    patch.insert(key.clone(), new.clone());
                }
                continue;
            }
        };
        if key == DIRECTIVE {
            if !old.is_string() || !new.is_string() {
                let text = format!("invalid value for special key: {DIRECTIVE}");
                return Err(PatchError::Other(text));
            }
            if old != new {
                patch.insert(key.clone(), new.clone());
            }
            continue;
        }
        match (old, new) {
            (old, new) if !same_type(old, new) => {
                if !options.ignore_changes_and_additions {
                    patch.insert(key.clone(), new.clone());
                }
            }
            (Value::Object(old), Value::Object(new)) => {
                diff_field_maps(key, old, new, &mut patch, meta, options)?;
            }
            (Value::Array(old), Value::Array(new)) => {
                diff_field_lists(key, old, new, &mut patch, meta, options)?;
            }
            (old, new) => replace_if_different(key, old, new, &mut patch, options),
        }
    }
    if !options.ignore_deletions {
        for key in original.keys().filter(|key| !modified.contains_key(*key)) {
            patch.insert(key.clone(), Value::Null);
        }
    }
    let more_in_original = original.keys().any(|key| !modified.contains_key(key));
    if !retained.is_empty() && (!patch.is_empty() || more_in_original) {
        sort_scalars(&mut retained);
        patch.insert(RETAIN_KEYS.to_owned(), Value::Array(retained));
    }
    Ok(patch)
}

fn replace_if_different(
    key: &str,
    old: &Value,
    new: &Value,
    patch: &mut Map<String, Value>,
    options: Options,
) {
    if !options.ignore_changes_and_additions && old != new {
        patch.insert(key.to_owned(), new.clone());
    }
}

fn diff_field_maps(
    key: &str,
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    patch: &mut Map<String, Value>,
    meta: Meta,
    mut options: Options,
) -> Result<()> {
    let field = match meta.field(key) {
        Ok(field) => field,
        // Of an unknown field nothing need be known as long as it did not change.
        Err(_) if old == new => return Ok(()),
        Err(error) => return Err(error),
    };
    options.build_retain_keys = field.retain_keys;
    let inner = diff_maps(old, new, field.inner, options)?;
    if !inner.is_empty() {
        patch.insert(key.to_owned(), Value::Object(inner));
    }
    Ok(())
}

fn diff_field_lists(
    key: &str,
    old: &[Value],
    new: &[Value],
    patch: &mut Map<String, Value>,
    meta: Meta,
    mut options: Options,
) -> Result<()> {
    let field = match meta.field(key) {
        Ok(field) => field,
        Err(_) if old == new => return Ok(()),
        Err(error) => return Err(error),
    };
    let merge_key = match field.merge {
        Merge::Key(merge_key) => merge_key,
        Merge::Set => "",
        Merge::None => {
            if !options.ignore_changes_and_additions && old != new {
                patch.insert(key.to_owned(), new.into());
            }
            return Ok(());
        }
    };
    options.build_retain_keys = field.retain_keys;
    let lists = diff_lists(old, new, field.inner, merge_key, options)?;
    for (name, list) in [
        (key.to_owned(), lists.patch),
        (format!("{DELETE_PRIMITIVES}/{key}"), lists.deletions),
        (format!("{SET_ORDER}/{key}"), lists.order),
    ] {
        if !list.is_empty() {
            patch.insert(name, Value::Array(list));
        }
    }
    Ok(())
}

#[derive(Default)]
struct Lists {
    patch: Vec<Value>,
    deletions: Vec<Value>,
    order: Vec<Value>,
}

fn diff_lists(
    old: &[Value],
    new: &[Value],
    meta: Meta,
    merge_key: &str,
    options: Options,
) -> Result<Lists> {
    if old.is_empty() {
        if new.is_empty() || options.ignore_changes_and_additions {
            return Ok(Lists::default());
        }
        return Ok(Lists { patch: new.to_vec(), ..Lists::default() });
    }
    match element_type(&[old, new])? {
        Element::Map => diff_lists_of_maps(old, new, meta, merge_key, options),
        Element::Scalar => Ok(diff_lists_of_scalars(old, new, options)),
    }
}

fn diff_lists_of_maps(
    old: &[Value],
    new: &[Value],
    meta: Meta,
    merge_key: &str,
    options: Options,
) -> Result<Lists> {
    let (old_sorted, new_sorted) = (by_key_text(old, merge_key), by_key_text(new, merge_key));
    let (mut at_old, mut at_new) = (0, 0);
    let (mut patch, mut deletions) = (Vec::new(), Vec::new());
    loop {
        let old_item = old_sorted.get(at_old).map(|item| keyed(item, merge_key)).transpose()?;
        let new_item = new_sorted.get(at_new).map(|item| keyed(item, merge_key)).transpose()?;
        let order = match (old_item, new_item) {
            (None, None) => break,
            (Some((_, old)), Some((_, new))) => gojson::sprint(old).cmp(&gojson::sprint(new)),
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(_), None) => std::cmp::Ordering::Less,
        };
        match (order, old_item, new_item) {
            (std::cmp::Ordering::Equal, Some((old, _)), Some((new, key))) => {
                let mut inner = diff_maps(old, new, meta, options)?;
                if !inner.is_empty() {
                    inner.insert(merge_key.to_owned(), key.clone());
                    patch.push(Value::Object(inner));
                }
                at_old += 1;
                at_new += 1;
            }
            (std::cmp::Ordering::Less, Some((_, key)), _) => {
                if !options.ignore_deletions {
                    deletions.push(json!({ DIRECTIVE: "delete", merge_key: key }));
                }
                at_old += 1;
            }
            (_, _, new) => {
                if let Some((new, _)) = new.filter(|_| !options.ignore_changes_and_additions) {
                    patch.push(Value::Object(new.clone()));
                }
                at_new += 1;
            }
        }
    }
    sort_by_order(&mut patch, new, merge_key, true)?;
    patch.append(&mut deletions);

    let same_order = is_order_same(old, new, merge_key)?;
    let changed = !options.ignore_changes_and_additions && (!patch.is_empty() || !same_order)
        || !options.ignore_deletions && !patch.is_empty();
    let order = if options.set_element_order && changed {
        new.iter()
            .map(|item| json!({ merge_key: item.get(merge_key).cloned().unwrap_or_default() }))
            .collect()
    } else {
        Vec::new()
    };
    Ok(Lists { patch, deletions: Vec::new(), order })
}

/// The elements sorted by the text of their merge key.
fn by_key_text(list: &[Value], merge_key: &str) -> Vec<Value> {
    let text = |item: &Value| item.get(merge_key).map(gojson::sprint).unwrap_or_default();
    let mut sorted = list.to_vec();
    order::sort_by_cached_key(&mut sorted, text);
    sorted
}

fn is_order_same(old: &[Value], new: &[Value], merge_key: &str) -> Result<bool> {
    if old.len() != new.len() {
        return Ok(false);
    }
    for (old, new) in old.iter().zip(new) {
        if keyed(old, merge_key)?.1 != keyed(new, merge_key)?.1 {
            return Ok(false);
        }
    }
    Ok(true)
}

fn diff_lists_of_scalars(old: &[Value], new: &[Value], options: Options) -> Lists {
    let (mut old_sorted, mut new_sorted) = (old.to_vec(), new.to_vec());
    sort_scalars(&mut old_sorted);
    sort_scalars(&mut new_sorted);
    let (mut at_old, mut at_new) = (0, 0);
    let (mut patch, mut deletions) = (Vec::new(), Vec::new());
    loop {
        let (old_item, new_item) = (old_sorted.get(at_old), new_sorted.get(at_new));
        let order = match (old_item, new_item) {
            (None, None) => break,
            (Some(old), Some(new)) => gojson::sprint(old).cmp(&gojson::sprint(new)),
            (None, _) => std::cmp::Ordering::Greater,
            (_, None) => std::cmp::Ordering::Less,
        };
        if order.is_lt() {
            deletions.extend(old_item.filter(|_| !options.ignore_deletions).cloned());
            at_old += 1;
        } else if order.is_gt() {
            patch.extend(new_item.filter(|_| !options.ignore_changes_and_additions).cloned());
            at_new += 1;
        } else {
            at_old += 1;
            at_new += 1;
        }
    }
    deletions.dedup();
    // Scalars are always in the list they are ordered by, so this cannot fail.
    let _ = sort_by_order(&mut patch, new, "", false);
    let changed = !options.ignore_deletions && !deletions.is_empty()
        || !options.ignore_changes_and_additions && old != new;
    let order = if options.set_element_order && changed { new.to_vec() } else { Vec::new() };
    Lists { patch, deletions, order }
}
