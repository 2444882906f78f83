//! Names of images.

/// The image with its tag, `latest` where it names none. Models `applyDefaultImageTag` with
/// `ParseNormalizedNamed` of github.com/distribution/reference.
///
/// # Errors
/// Why it is no image's name.
pub(super) fn with_default_tag(image: &str) -> Result<String, String> {
    let is_id =
        |text: &str| text.len() == 64 && text.bytes().all(|b| b"0123456789abcdef".contains(&b));
    if is_id(image) {
        return Err(format!(
            "invalid repository name ({image}), cannot specify 64-byte hexadecimal strings"
        ));
    }
    if let Some(name) = upper_case_repository(image) {
        return Err(format!(
            "invalid reference format: repository name ({name}) must be lowercase"
        ));
    }
    tagged(image).ok_or_else(|| "invalid reference format".to_owned())
}

/// The repository, where it has upper-case letters. Those of a registry may.
fn upper_case_repository(image: &str) -> Option<String> {
    let is_host = |first: &str| {
        first.contains(['.', ':']) || first == "localhost" || first.to_lowercase() != first
    };
    let rest = match image.split_once('/') {
        Some(("docker.io" | "index.docker.io", rest)) if !rest.contains('/') => {
            format!("library/{rest}")
        }
        Some((first, rest)) if is_host(first) => rest.to_owned(),
        Some(_) => image.to_owned(),
        None => format!("library/{image}"),
    };
    let name = rest.split(':').next().unwrap_or_default();
    (name.to_lowercase() != name).then(|| name.to_owned())
}

fn tagged(image: &str) -> Option<String> {
    let (name, digest) = match image.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (image, None),
    };
    let last = name.rsplit('/').next()?;
    let (repository, tag) = match last.split_once(':') {
        Some((_, tag)) => (&name[..name.len() - tag.len() - 1], Some(tag)),
        None => (name, None),
    };
    let part = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b))
            && part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.ends_with(|c: char| c.is_ascii_alphanumeric())
    };
    let host = |host: &str| {
        let name = host.split(':').next().unwrap_or_default();
        !name.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.:[]".contains(&b))
    };
    let mut parts = repository.split('/').peekable();
    let first = *parts.peek()?;
    let has_host = repository.contains('/')
        && (first.contains(['.', ':'])
            || first == "localhost"
            || first.contains(|c: char| c.is_ascii_uppercase()));
    if has_host && !host(parts.next()?) {
        return None;
    }
    let good_tag = tag.is_none_or(|tag| {
        (1..=128).contains(&tag.len())
            && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b))
            && !tag.starts_with(['-', '.'])
    });
    let good_digest = digest.is_none_or(|digest| {
        digest.split_once(':').is_some_and(|(algorithm, hex)| {
            !algorithm.is_empty() && hex.len() >= 32 && hex.bytes().all(|b| b.is_ascii_hexdigit())
        })
    });
    if !parts.all(part) || !good_tag || !good_digest {
        return None;
    }
    let tagged = tag.is_some() || digest.is_some();
    Some(if tagged { image.to_owned() } else { format!("{image}:latest") })
}

#[cfg(test)]
mod tests {
    use super::with_default_tag;

    #[test]
    fn images_have_a_tag() {
        let check = |image: &str, wanted: Option<&str>| {
            assert_eq!(with_default_tag(image).ok().as_deref(), wanted, "{image}");
        };
        check("web", Some("web:latest"));
        check("web:1.0", Some("web:1.0"));
        check(
            "registry.example.com:5000/team/web",
            Some("registry.example.com:5000/team/web:latest"),
        );
        check("Web:1.0", None);
        check("web:", None);
        check("we b", None);
        check("web:1.0:2", None);
        check("", None);
        check("web@sha256:0123", None);
    }

    #[test]
    fn what_is_no_image_says_why() {
        let why = |image: &str| with_default_tag(image).unwrap_err();
        assert_eq!(why("we b"), "invalid reference format");
        let lower = |name: &str| {
            format!("invalid reference format: repository name ({name}) must be lowercase")
        };
        assert_eq!(why("Web:1.0"), lower("library/Web"));
        assert_eq!(why("team/Web"), lower("team/Web"));
        assert_eq!(why("example.com/Web:1.0"), lower("Web"));
        assert!(why(&"a".repeat(64)).contains("cannot specify 64-byte hexadecimal strings"));
        assert!(with_default_tag("Registry/web:Tag").is_ok());
    }
}
