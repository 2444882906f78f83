//! `KEY=VALUE` and `KEY-` behind resource arguments. Models `GetResourcesAndPairs` and `ParsePairs`.

use std::collections::BTreeMap;

use crate::error::Error;

/// Splits arguments into resources and pairs; `pair` is what a pair is called.
///
/// # Errors
/// Resources behind pairs are refused.
pub(crate) fn split(args: &[String], pair: &str) -> Result<(Vec<String>, Vec<String>), Error> {
    let mut resources = Vec::new();
    let mut pairs: Vec<String> = Vec::new();
    for arg in args {
        let is_pair =
            (arg.contains('=') && !arg.starts_with('=')) || (arg.ends_with('-') && arg != "-");
        if is_pair {
            pairs.push(arg.clone());
        } else if pairs.is_empty() {
            resources.push(arg.clone());
        } else {
            return Err(Error::Text(format!(
                "all resources must be specified before {pair} changes: {arg}"
            )));
        }
    }
    Ok((resources, pairs))
}

/// Values to set, and keys to remove.
pub(crate) type Changes = (BTreeMap<String, String>, Vec<String>);

/// Reads pairs.
///
/// # Errors
/// Those that are no pairs are refused.
pub(crate) fn parse(args: &[String], pair: &str, removal: bool) -> Result<Changes, Error> {
    let mut set = BTreeMap::new();
    let mut remove = Vec::new();
    let mut invalid: Vec<&str> = Vec::new();
    for arg in args {
        match arg.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                set.insert(key.to_owned(), value.to_owned());
            }
            _ => match arg.strip_suffix('-') {
                Some(key) if removal && !key.is_empty() => remove.push(key.to_owned()),
                _ => invalid.push(arg),
            },
        }
    }
    if invalid.is_empty() {
        Ok((set, remove))
    } else {
        Err(Error::Text(format!("invalid {pair} format: {}", invalid.join(", "))))
    }
}
