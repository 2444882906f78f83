//! The order of merged lists: what the patch orders first, what only the server has between.

use serde_json::Value;

use super::{DIRECTIVE, Result, key_of, keyed};
use crate::gojson;
use crate::order;

/// Sorts scalars by their text.
pub(super) fn sort_scalars(list: &mut [Value]) {
    order::sort_by_cached_key(list, gojson::sprint);
}

fn index_of(list: &[Value], item: &Value, merge_key: &str) -> Option<usize> {
    let key = key_of(item, merge_key);
    list.iter().position(|other| key_of(other, merge_key) == key)
}

fn is_deletion(item: &Value) -> bool {
    item.get(DIRECTIVE).and_then(Value::as_str) == Some("delete")
}

/// Sorts a list by another; deletions of maps go to the end. Models `normalizeSliceOrder`.
pub(super) fn sort_by_order(
    list: &mut Vec<Value>,
    order: &[Value],
    merge_key: &str,
    maps: bool,
) -> Result<()> {
    let mut deletions = Vec::new();
    if maps {
        for item in list.iter().chain(order) {
            keyed(item, merge_key)?;
        }
        let (delete, keep) = list.drain(..).partition(is_deletion);
        (deletions, *list) = (delete, keep);
    }
    let mut indexed: Vec<(Option<usize>, Value)> =
        list.drain(..).map(|item| (index_of(order, &item, merge_key), item)).collect();
    // What the order does not name moves to the front, as upstream's comparison has it.
    for start in 1..indexed.len() {
        let mut at = start;
        while at > 0
            && match (indexed[at].0, indexed[at - 1].0) {
                (Some(this), Some(before)) => this < before,
                _ => true,
            }
        {
            indexed.swap(at, at - 1);
            at -= 1;
        }
    }
    list.extend(indexed.into_iter().map(|(_, item)| item));
    list.append(&mut deletions);
    Ok(())
}

/// Merges what the patch orders with what only the server has. Models `normalizeElementOrder`.
pub(super) fn merge_orders(
    mut patch: Vec<Value>,
    mut server_only: Vec<Value>,
    patch_order: &[Value],
    server_order: &[Value],
    merge_key: &str,
    maps: bool,
) -> Result<Vec<Value>> {
    sort_by_order(&mut patch, patch_order, merge_key, maps)?;
    sort_by_order(&mut server_only, server_order, merge_key, maps)?;
    let mut merged = Vec::with_capacity(patch.len() + server_only.len());
    let mut patch = patch.into_iter().peekable();
    let mut server_only = server_only.into_iter().peekable();
    loop {
        let server_first = match (server_only.peek(), patch.peek()) {
            (None, None) => return Ok(merged),
            (Some(_), None) => true,
            (None, Some(_)) => false,
            (Some(server), Some(patch)) => {
                let server = index_of(server_order, server, merge_key);
                let patch = index_of(server_order, patch, merge_key);
                matches!((server, patch), (Some(server), Some(patch)) if server < patch)
            }
        };
        merged.extend(if server_first { server_only.next() } else { patch.next() });
    }
}
