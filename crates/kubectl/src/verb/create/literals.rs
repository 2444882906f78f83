//! Keys and values for config maps and secrets: `--from-literal`, `--from-file`, `--from-env-file`.
//! Models `kubectl/pkg/util/util.go` and `kubectl/pkg/cmd/util/env_file.go`.

use crate::context::Ctx;
use crate::error::Error;
use crate::flags::{Flag, Kind};

/// The flags that name keys and values.
pub(crate) const FLAGS: &[Flag] = &[
    Flag::of(Kind::List, "from-file", "", "A file of the editor, as PATH or KEY=PATH."),
    Flag::of(Kind::Array, "from-literal", "", "A key and its value, as KEY=VALUE."),
    Flag::of(Kind::List, "from-env-file", "", "A file with a KEY=VALUE on each line."),
    Flag::switch("append-hash", "Append a hash of the content to the name."),
];

/// All keys and values, in the order of the files and then the literals where `files_last` is
/// false.
///
/// # Errors
/// kubectl's words for sources that cannot be read.
pub(crate) fn read(ctx: &Ctx<'_>, literals_first: bool) -> Result<Vec<(String, String)>, Error> {
    let given = ctx.given();
    let (files, literals, env_files) =
        (given.list("from-file"), given.list("from-literal"), given.list("from-env-file"));
    if !env_files.is_empty() && (!files.is_empty() || !literals.is_empty()) {
        return Err("from-env-file cannot be combined with from-file or from-literal".into());
    }
    let mut from_files = Vec::new();
    for source in &files {
        let (key, path) = file_source(source)?;
        let inside = files_in(ctx, &path);
        if inside.is_empty() {
            from_files.push((key, open(ctx, &path)?));
        } else if source.contains('=') {
            return Err("cannot give a key name for a directory path".into());
        }
        from_files.extend(inside);
    }
    let mut from_literals = Vec::new();
    for source in &literals {
        match source.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                from_literals.push((key.to_owned(), value.to_owned()));
            }
            _ => {
                return Err(Error::Text(format!(
                    "invalid literal source {source}, expected key=value"
                )));
            }
        }
    }
    let mut pairs = Vec::new();
    if literals_first {
        pairs.extend(from_literals);
        pairs.extend(from_files);
    } else {
        pairs.extend(from_files);
        pairs.extend(from_literals);
    }
    for path in &env_files {
        for line in open(ctx, path)?.lines() {
            let line = line.trim_start();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (key, value) = line.split_once('=').unwrap_or((line, ""));
            pairs.push((key.to_owned(), value.to_owned()));
        }
    }
    Ok(pairs)
}

/// The files of a directory by their names; those of directories in it are left out, as are names
/// that cannot be keys.
fn files_in(ctx: &Ctx<'_>, path: &str) -> Vec<(String, String)> {
    let directory = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
    if ctx.files.read(directory).is_some() {
        return Vec::new();
    }
    let prefix = if directory == "." { String::new() } else { format!("{directory}/") };
    let mut found: Vec<(String, String)> = ctx
        .files
        .paths()
        .iter()
        .filter_map(|path| {
            let name = path.strip_prefix(&prefix)?;
            let here = !name.contains('/') && wrong_key(name).is_empty();
            here.then(|| (name.to_owned(), ctx.files.read(path).unwrap_or_default().to_owned()))
        })
        .collect();
    rollscope_api::order::sort(&mut found);
    found
}

fn open(ctx: &Ctx<'_>, path: &str) -> Result<String, Error> {
    let plain = path.strip_prefix("./").unwrap_or(path);
    let text = ctx.files.read(plain).map(str::to_owned);
    text.ok_or_else(|| Error::Text(format!("error reading {path}: no such file or directory")))
}

fn file_source(source: &str) -> Result<(String, String), Error> {
    let parts: Vec<&str> = source.split('=').collect();
    match parts.as_slice() {
        [path] => Ok((path.rsplit('/').next().unwrap_or(path).to_owned(), (*path).to_owned())),
        ["", path] => Err(Error::Text(format!("key name for file path {path} missing"))),
        [key, ""] => Err(Error::Text(format!("file path for key name {key} missing"))),
        [key, path] => Ok(((*key).to_owned(), (*path).to_owned())),
        _ => Err("key names or file paths cannot contain '='".into()),
    }
}

/// Why a text cannot be a key of a config map or secret. Models `IsConfigMapKey`.
pub(crate) fn wrong_key(key: &str) -> Vec<String> {
    let mut problems = Vec::new();
    if key.len() > 253 {
        problems.push("must be no more than 253 bytes".to_owned());
    }
    let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    if key.is_empty() || !key.chars().all(known) {
        problems.push(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. \
             'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is \
             '[-._a-zA-Z0-9]+')"
                .to_owned(),
        );
    }
    match key {
        "." => problems.push("must not be '.'".into()),
        ".." => problems.push("must not be '..'".into()),
        key if key.starts_with("..") => problems.push("must not start with '..'".into()),
        _ => {}
    }
    problems
}
