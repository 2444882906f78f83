//! Plain words: what a message means and what to do about it.

use serde_json::Value;

use super::nearest::nearest;
use crate::Resource;
use crate::schema::{Kind, Schema, Struct};
use crate::status::Cause;
use crate::yaml::{Step, parse_path};

pub(super) const NOT_A_MAP: &str =
    "A manifest begins with keys such as apiVersion, kind, metadata and spec.";

/// Of a text that is no YAML. `line` is the line of the place, `rest` what of it follows.
pub(super) fn of_yaml(message: &str, line: &str, rest: &str) -> &'static str {
    let says = |part: &str| message.contains(part);
    if line.contains('\t') && (says("cannot start any token") || says("tab character")) {
        "A tab cannot indent YAML: use spaces."
    } else if says("{{") || (says("invalid map key") && line.contains("{{")) {
        "Braces begin a map in YAML. A template's {{ … }} must be filled in first, or put in quotes."
    } else if says("cannot start any token") {
        "A value cannot begin with this character: put the value in quotes."
    } else if says("mapping values are not allowed") && !line.contains(':') {
        "A key needs a colon and a space behind it: `key: value`."
    } else if says("mapping values are not allowed") {
        "This colon is not expected here. Check the indentation of this line and the one above, or \
         put a text that contains a colon in quotes."
    } else if says("did not find expected key") {
        "This line is indented differently from the keys beside it, or something above it is not \
         finished."
    } else if says("could not find expected ':'") {
        "A key needs a colon and a space behind it: `key: value`."
    } else if says("did not find expected '-' indicator") {
        "This line is indented like the list's dashes but has none, or is indented too little for \
         the item above."
    } else if says("block sequence entries are not allowed") {
        "A list item begins on its own line, below the key it belongs to."
    } else if says("unexpected end of stream") {
        "A quote is opened here and never closed."
    } else if says("expected ',' or ']'") {
        "A list in brackets is not closed before this."
    } else if says("expected ',' or '}'") {
        "A map in braces is not closed before this."
    } else if says("expected node content") && rest.starts_with([']', '}']) {
        "This bracket closes nothing."
    } else if says("unknown anchor") {
        "`*name` repeats what `&name` marked above; nothing is marked so. If a star is meant, put \
         the value in quotes."
    } else if says("unknown escape character") {
        "In double quotes a backslash begins a special character: use single quotes, or two \
         backslashes."
    } else if says("document separator") {
        "Three dashes alone on a line begin the next document."
    } else if says("alphabetic or numeric character") {
        "`&` and `*` begin anchors and aliases: put the value in quotes."
    } else if says("control characters") {
        "There is an invisible character here: delete it and type the line again."
    } else if says("json: offset") || says("unexpected EOF") {
        "The text begins with { and so is read as JSON: check commas, quotes and brackets."
    } else {
        ""
    }
}

pub(super) fn missing_type(value: &Value) -> String {
    match (value.get("kind").and_then(Value::as_str), value.get("apiVersion").is_some()) {
        (Some(kind), _) => match Resource::ALL.iter().find(|resource| resource.kind() == kind) {
            Some(resource) => format!("Add `apiVersion: {}`.", resource.api_version()),
            None => "Say which version of the API the kind belongs to.".to_owned(),
        },
        (None, true) => "Say what it is, for instance `kind: Deployment`.".to_owned(),
        (None, false) => {
            "Every manifest begins with apiVersion and kind: `apiVersion: apps/v1` and \
             `kind: Deployment`."
                .to_owned()
        }
    }
}

pub(super) fn unknown_kind(version: &str, kind: &str) -> String {
    if let Some(resource) = Resource::ALL.iter().find(|resource| resource.kind() == kind) {
        let right = resource.api_version();
        return format!("{kind} is served as `apiVersion: {right}`, not `{version}`.");
    }
    match nearest(kind, Resource::ALL.iter().map(|resource| resource.kind())) {
        Some(right) => format!("Did you mean `kind: {right}`?"),
        None => {
            let kinds: Vec<&str> = Resource::ALL.iter().map(|resource| resource.kind()).collect();
            format!("This playground has {}.", kinds.join(", "))
        }
    }
}

/// The struct a field's parent is.
fn parent_struct(resource: Resource, path: &str) -> Option<(&'static Struct, String)> {
    let schema = Schema::get();
    let steps = parse_path(path);
    let (last, before) = steps.split_last()?;
    let mut id = schema.root(resource);
    for step in before {
        let resolved = schema.resolve(id);
        id = match (step, &schema.ty(resolved).kind) {
            (Step::Key(key), Kind::Struct(index)) => {
                schema.field(schema.struct_at(*index), key)?.ty
            }
            (Step::Key(_), Kind::Map(element)) | (Step::Index(_), Kind::Slice(element)) => *element,
            _ => return None,
        };
    }
    match last {
        Step::Key(name) => Some((schema.as_struct(id)?, name.clone())),
        Step::Index(_) => None,
    }
}

pub(super) fn unknown_field(resource: Resource, path: &str) -> String {
    let schema = Schema::get();
    let Some((structure, name)) = parent_struct(resource, path) else { return String::new() };
    let names = || schema.fields_by_json(structure).map(|field| field.json);
    if let Some(right) = nearest(&name, names()) {
        return format!("Did you mean `{right}`?");
    }
    match elsewhere(schema, resource, &name) {
        Some(place) => format!("There is a field of this name at {place}: check the indentation."),
        None => "There is no such field here: remove it, or check its spelling and indentation."
            .to_owned(),
    }
}

/// Where else in an object a field of that name is: where a wrong indentation took it from.
fn elsewhere(schema: &'static Schema, resource: Resource, name: &str) -> Option<String> {
    if !matches!(resource, Resource::Deployments | Resource::ReplicaSets | Resource::Pods) {
        return None;
    }
    let pod = if resource == Resource::Pods { "spec" } else { "spec.template.spec" };
    let places = [
        (format!("{pod}.containers[]"), "v1.Container"),
        (pod.to_owned(), "v1.PodSpec"),
        ("metadata".to_owned(), "v1.ObjectMeta"),
        ("spec".to_owned(), "v1.DeploymentSpec"),
    ];
    places.into_iter().find_map(|(place, type_)| {
        if type_ == "v1.DeploymentSpec" && resource != Resource::Deployments {
            return None;
        }
        let structure = schema.as_struct(schema.by_name(type_)?)?;
        schema.field(structure, name).map(|field| format!("{place}.{}", field.json))
    })
}

/// Of a type error; `given` is the scalar that stands there.
pub(super) fn of_type(message: &str, given: &str) -> String {
    let Some((found, rest)) =
        message.strip_prefix("json: cannot unmarshal ").and_then(|rest| rest.split_once(" into "))
    else {
        if message.starts_with("quantities must match") || message.contains("parse quantity") {
            return "Write amounts as 500m or 1 (CPU), 128Mi or 1Gi (memory). There is no MB: use M \
                    or Mi."
                .to_owned();
        }
        if message.starts_with("parsing time") {
            return "Times are written as 2026-01-31T12:00:00Z.".to_owned();
        }
        return String::new();
    };
    let wanted = rest.rsplit(" of type ").next().unwrap_or_default();
    let schema = Schema::get();
    let kind = schema.by_name(wanted).map(|id| &schema.ty(schema.resolve(id)).kind);
    let wanted = if matches!(kind, Some(Kind::String)) { "string" } else { wanted };
    let found = found.split(' ').next().unwrap_or_default();
    match (found, wanted) {
        ("string", "int32" | "int64") if given.parse::<i64>().is_ok() => {
            "A number is needed: remove the quotes.".to_owned()
        }
        ("number", "int32") if given.contains('.') => "A whole number is needed.".to_owned(),
        ("number", "int32") => "The number is too large.".to_owned(),
        (_, "int32" | "int64") => {
            let example = if given.is_empty() { "3" } else { number_word(given) };
            format!("A whole number is needed, for instance {example}.")
        }
        ("string", "bool") => "Write true or false, without quotes.".to_owned(),
        (_, "bool") => "Write true or false.".to_owned(),
        ("bool", "string") => {
            format!("YAML reads this word as true or false. Put it in quotes: \"{given}\".")
        }
        ("number", "string") => format!("A text is needed. Put it in quotes: \"{given}\"."),
        (_, "string") => "A text is needed here.".to_owned(),
        (_, wanted) if wanted.starts_with("[]") => {
            "A list is needed here: begin each item with a dash.".to_owned()
        }
        (_, wanted) if wanted.starts_with("map[") || wanted == "v1.ResourceList" => {
            "Pairs of key and value are needed here, one a line and indented.".to_owned()
        }
        ("array", _) => {
            "There is a list here where one object is needed: remove the dash.".to_owned()
        }
        (_, wanted) => {
            let names: Vec<&str> = schema
                .by_name(wanted)
                .and_then(|id| schema.as_struct(id))
                .map(|structure| structure.fields.iter().map(|field| field.json).take(4).collect())
                .unwrap_or_default();
            format!("An object with fields of its own is needed here: {} …", names.join(", "))
        }
    }
}

/// The number that a word names.
fn number_word(word: &str) -> &'static str {
    const WORDS: [&str; 11] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    const DIGITS: [&str; 11] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    WORDS.iter().position(|known| *known == word.to_lowercase()).map_or("3", |at| DIGITS[at])
}

/// Of a validation error.
pub(super) fn of_cause(resource: Resource, cause: &Cause) -> String {
    let (field, message) = (cause.field.as_str(), cause.message.as_str());
    let says = |part: &str| message.contains(part);
    let name = field.rsplit('.').next().unwrap_or_default();
    if let Some(rest) = message.strip_prefix("Unsupported value: ") {
        return unsupported(name, rest);
    }
    let hint = if says("`selector` does not match template `labels`") {
        "Every label in spec.selector.matchLabels must also be among \
         spec.template.metadata.labels, with the same value: that is how a Deployment knows its \
         pods."
    } else if says("may not be 0 when `maxSurge` is 0") {
        "With no pod more (maxSurge) and no pod fewer (maxUnavailable) nothing could ever be \
         replaced: raise one of the two."
    } else if says("when strategy `type` is 'Recreate'") {
        "Recreate has no settings of its own: remove rollingUpdate."
    } else if says("a valid percent string") {
        "Write a whole number without quotes, or a percentage such as 25%."
    } else if says("must not be greater than 100%") {
        "No more than all pods can be unavailable."
    } else if says("must be greater than minReadySeconds") {
        "A rollout needs more time than a pod needs to become available: raise \
         progressDeadlineSeconds or lower minReadySeconds."
    } else if says("must be greater than or equal to 0") {
        "It cannot be negative."
    } else if says("must be greater than zero") || says("must be greater than 0") {
        "It must be at least 1."
    } else if says("empty selector") {
        "An empty selector would match every pod: give it matchLabels."
    } else if says("lowercase RFC 1123") || says("DNS-1035") {
        "Use lower-case letters, digits and dashes; begin and end with a letter or digit."
    } else if says("must not contain dots") {
        "Use dashes instead of dots here."
    } else if says("a valid label") || says("name part") {
        "Labels are made of letters, digits, dashes, underscores and dots; they begin and end with \
         a letter or digit."
    } else if says("must be no more than") {
        "It is too long."
    } else if says("must be between") {
        "It is out of range."
    } else if message.starts_with("Duplicate value") {
        "It is used twice; it must be different each time."
    } else if message.starts_with("Not found") && name == "name" {
        "No volume of this name is listed in the pod's volumes (or it has a mistake of its own)."
    } else if says("must specify a handler type") {
        "Say how to ask: httpGet, tcpSocket, exec or grpc."
    } else if says("may not specify more than 1 handler type") {
        "Only one way to ask is possible: keep one of them."
    } else if says("may not specify more than 1 volume type") {
        "A volume has one source: keep one of them."
    } else if says("cpu limit of") || says("memory limit of") || says("limit of") {
        "A container cannot ask for more than it is limited to: lower the request or raise the \
         limit."
    } else if says("must be a standard resource") {
        "Resources are cpu, memory and ephemeral-storage; others need a domain, such as \
         example.com/gpu."
    } else if says("must be 1") && name == "successThreshold" {
        "Liveness and startup probes succeed at once: leave successThreshold out."
    } else if says("activeDeadlineSeconds in ReplicaSet") {
        "Pods of a Deployment run until they are replaced: remove it."
    } else if says("must specify one of") {
        "Say where the value comes from."
    } else if says("when `value` is not empty") {
        "A variable has either a value or a source, not both."
    } else if says("terminationGracePeriodSeconds (") {
        "The hook may not last longer than the pod is given to stop."
    } else if message.starts_with("Required value") {
        return required(resource, field, name);
    } else {
        ""
    };
    hint.to_owned()
}

fn required(resource: Resource, field: &str, name: &str) -> String {
    match name {
        "selector" if resource != Resource::Services => {
            "Say which pods belong to it: spec.selector.matchLabels, with the labels of the \
             template."
        }
        "containers" => "A pod needs at least one container, with a name and an image.",
        "image" => "Say which image the container runs.",
        "name" if field == "metadata.name" => "Every object needs a name: metadata.name.",
        "name" => "It needs a name.",
        "containerPort" => "Say on which port, from 1 to 65535, the container listens.",
        "ports" => "A Service needs at least one port.",
        "mountPath" => "Say at which path the container sees the volume.",
        _ => "This field is needed.",
    }
    .to_owned()
}

fn unsupported(name: &str, rest: &str) -> String {
    if name == "restartPolicy" && rest.ends_with("supported values: \"Always\"") {
        return "Pods of a Deployment are always restarted: leave restartPolicy out.".to_owned();
    }
    let Some((given, supported)) = rest.split_once(": supported values: ") else {
        return String::new();
    };
    let supported: Vec<&str> = supported.split(", ").map(|value| value.trim_matches('"')).collect();
    // Of an object with a type, the type is meant: {"Type":"recreate",…}.
    let given = given.strip_prefix("{\"Type\":").unwrap_or(given);
    let given = given.split(',').next().unwrap_or_default();
    let given: String = given.chars().filter(|c| c.is_alphanumeric()).collect();
    match nearest(&given, supported.iter().copied()) {
        Some(right) => format!("Did you mean `{right}`?"),
        None => format!("Use one of {}.", supported.join(", ")),
    }
}

pub(super) fn of_warning(message: &str) -> &'static str {
    if message.contains("DNS label is recommended") {
        "Pods are named after it; a shorter name without dots is safer."
    } else if message.contains("fractional byte value") {
        "Memory is counted in bytes: m means thousandths. Mi may be meant."
    } else if message.contains("hides previous definition") {
        "The variable is set twice: the last one counts."
    } else if message.contains("duplicate port definition") {
        "The same port is listed twice."
    } else if message.contains("must be >= 0") {
        "It cannot be negative."
    } else {
        ""
    }
}
