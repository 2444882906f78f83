//! `TYPE NAME`, `TYPE/NAME`, `TYPE,TYPE NAME`: how arguments are taken apart.

use crate::error::Error;

/// `a,b c` means `a/c b/c`.
pub(super) fn normalize(args: &[String]) -> Vec<String> {
    let Some(first) = args.first() else { return Vec::new() };
    let types = split_commas(first);
    if args.len() < 2 || types.len() < 2 {
        return args.to_vec();
    }
    let names = &args[1..];
    types.iter().flat_map(|typed| names.iter().map(move |name| format!("{typed}/{name}"))).collect()
}

/// A comma list without repetitions.
pub(super) fn split_commas(list: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in list.split(',') {
        if !parts.iter().any(|known| known == part) {
            parts.push(part.to_owned());
        }
    }
    parts
}

pub(super) fn split_tuple(arg: &str) -> Result<Option<(String, String)>, Error> {
    let parts: Vec<&str> = arg.split('/').collect();
    match parts.as_slice() {
        [_] => Ok(None),
        [typed, name] => {
            if typed.is_empty() || name.is_empty() || split_commas(typed).len() != 1 {
                let text = "arguments in resource/name form must have a single resource and name";
                return Err(text.into());
            }
            Ok(Some(((*typed).to_owned(), (*name).to_owned())))
        }
        _ => Err("arguments in resource/name form may not have more than one slash".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{normalize, split_tuple};

    fn check(line: &str, expected: &str) {
        let args: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        assert_eq!(normalize(&args).join(" "), expected);
    }

    #[test]
    fn lists_of_types() {
        check("deploy web", "deploy web");
        check("deploy,rs web", "deploy/web rs/web");
        check("deploy,rs,deploy a b", "deploy/a deploy/b rs/a rs/b");
        check("deploy,rs", "deploy,rs");
    }

    #[test]
    fn slashes() {
        let check = |arg: &str, expected: &str| {
            let text = match split_tuple(arg) {
                Ok(None) => "-".to_owned(),
                Ok(Some((typed, name))) => format!("{typed} {name}"),
                Err(error) => error.message(),
            };
            assert_eq!(text, expected);
        };
        check("web", "-");
        check("deploy/web", "deploy web");
        check("deploy/", "arguments in resource/name form must have a single resource and name");
        check("a/b/c", "arguments in resource/name form may not have more than one slash");
    }
}
