//! The pull policy, which follows from the image's tag.
//!
//! Models `SetDefaults_Container` of pkg/apis/core/v1/defaults.go with the image reference grammar
//! of github.com/distribution/reference.

use serde_json::Map;

use crate::Value;

/// `Always` for an image whose tag is `latest` or that has neither tag nor digest, otherwise
/// `IfNotPresent`, also for what is no image reference at all.
pub fn pull_policy(image: &str) -> &'static str {
    match tag(image) {
        Some("latest") => "Always",
        _ => "IfNotPresent",
    }
}

/// The tag an image reference stands for: `latest` where it has none and no digest, nothing where
/// it has a digest alone or is malformed.
fn tag(image: &str) -> Option<&str> {
    let (rest, digest) = match image.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (image, None),
    };
    if let Some(digest) = digest {
        if !is_digest(digest) {
            return None;
        }
    } else if is_hex(rest, 64) {
        // A bare image id is refused as a name.
        return None;
    }
    let (name, tag) = match rest.rsplit_once(':') {
        // A colon before a slash belongs to the registry's port.
        Some((name, tag)) if !tag.contains('/') => (name, Some(tag)),
        _ => (rest, None),
    };
    if !is_name(name) {
        return None;
    }
    match (tag, digest) {
        (Some(tag), _) => is_tag(tag).then_some(tag),
        (None, Some(_)) => None,
        (None, None) => Some("latest"),
    }
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn is_digest(text: &str) -> bool {
    match text.split_once(':') {
        Some(("sha256", hex)) => is_hex(hex, 64),
        Some(("sha384", hex)) => is_hex(hex, 96),
        Some(("sha512", hex)) => is_hex(hex, 128),
        _ => false,
    }
}

fn is_tag(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    text.len() <= 128
        && text.bytes().next().is_some_and(word)
        && text.bytes().all(|b| word(b) || b == b'.' || b == b'-')
}

fn is_name(name: &str) -> bool {
    let path = match name.split_once('/') {
        Some((first, rest)) if is_domain_like(first) => {
            if !is_domain(first) {
                return false;
            }
            rest
        }
        _ => name,
    };
    name.len() <= 255 && path.split('/').all(is_path_component)
}

/// Whether the first part of a name is a registry rather than a part of the path.
fn is_domain_like(first: &str) -> bool {
    first.contains(['.', ':'])
        || first == "localhost"
        || first.bytes().any(|b| b.is_ascii_uppercase())
}

fn is_domain(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let bracketed = host.starts_with('[') && host.ends_with(']');
    let component = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    port.is_none_or(|port| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()))
        && (bracketed || host.split('.').all(component))
}

/// Lower-case letters and digits with single separators: `.`, `_`, `__` or dashes.
fn is_path_component(text: &str) -> bool {
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let mut separator = String::new();
    let mut started = false;
    for c in text.chars() {
        match c {
            '.' | '_' | '-' => separator.push(c),
            c if c.is_ascii() && alphanumeric(c as u8) => {
                let known = match separator.as_str() {
                    "" | "." | "_" | "__" => true,
                    dashes => dashes.bytes().all(|b| b == b'-'),
                };
                if !known || (!started && !separator.is_empty()) {
                    return false;
                }
                started = true;
                separator.clear();
            }
            _ => return false,
        }
    }
    started && separator.is_empty()
}

fn fill(object: &mut Map<String, Value>, image_field: &str, policy_field: &str) {
    let empty = object.get(policy_field).and_then(Value::as_str).unwrap_or_default().is_empty();
    if empty {
        let image = object.get(image_field).and_then(Value::as_str).unwrap_or_default();
        object.insert(policy_field.to_owned(), pull_policy(image).into());
    }
}

pub(super) fn default_container(container: &mut Map<String, Value>) {
    fill(container, "image", "imagePullPolicy");
}

pub(super) fn default_image_volume(volume: &mut Map<String, Value>) {
    fill(volume, "reference", "pullPolicy");
}

#[cfg(test)]
mod tests {
    use super::pull_policy;

    #[test]
    fn latest_and_untagged_images_are_always_pulled() {
        let hash = "a".repeat(64);
        for (image, always) in [
            ("nginx", true),
            ("nginx:latest", true),
            ("registry.local:5000/a/b", true),
            ("registry.local:5000/a/b:latest", true),
            ("nginx:1.25", false),
            (&format!("nginx@sha256:{hash}"), false),
            (&format!("nginx:latest@sha256:{hash}"), true),
            ("web::1.0", false),
            ("web:1.0 ", false),
            ("Web", false),
            ("", false),
        ] {
            assert_eq!(pull_policy(image) == "Always", always, "{image}");
        }
    }
}
