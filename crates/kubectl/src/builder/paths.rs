//! What `-f` names: a file, a directory or a pattern.

use rollscope_api::order;

/// A file that was found, and its text.
#[derive(Clone, Debug)]
pub(super) struct Path {
    pub(super) name: String,
    pub(super) text: String,
}

/// Files of a directory, or those a pattern with `*` matches.
pub(super) fn matching_files(paths: &[String], name: &str, recursive: bool) -> Vec<String> {
    let manifest =
        |path: &str| [".yaml", ".yml", ".json"].iter().any(|extension| path.ends_with(extension));
    let directory = match name.trim_end_matches('/') {
        "." | "" => String::new(),
        directory => format!("{directory}/"),
    };
    let inside = |path: &&String| {
        path.strip_prefix(&directory)
            .is_some_and(|rest| manifest(rest) && (recursive || !rest.contains('/')))
    };
    let mut found: Vec<String> = if name.contains('*') {
        paths.iter().filter(|path| glob(name, path)).cloned().collect()
    } else {
        paths.iter().filter(inside).cloned().collect()
    };
    order::sort(&mut found);
    found
}

/// Whether a pattern with `*` matches a whole path; `*` does not cross a `/`.
fn glob(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, after)) => path.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .take_while(|&at| !rest[..at].contains('/'))
                .any(|at| glob(after, &rest[at..]))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::matching_files;

    fn check(name: &str, recursive: bool, expected: &str) {
        let paths = ["web.yaml", "notes.txt", "app/b.yml", "app/a.json", "app/deep/c.yaml"];
        let paths: Vec<String> = paths.into_iter().map(str::to_owned).collect();
        assert_eq!(matching_files(&paths, name, recursive).join(" "), expected);
    }

    #[test]
    fn directories_and_patterns() {
        check(".", false, "web.yaml");
        check(".", true, "app/a.json app/b.yml app/deep/c.yaml web.yaml");
        check("app", false, "app/a.json app/b.yml");
        check("app/", true, "app/a.json app/b.yml app/deep/c.yaml");
        check("*.yaml", false, "web.yaml");
        check("app/*.y*ml", false, "app/b.yml");
        check("missing", false, "");
    }
}
