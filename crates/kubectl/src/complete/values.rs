//! The values of flags.

use rollscope_api::order;
use rollscope_api::{Resource, Value};

use super::Offer;
use super::arguments::{objects, slashed, target};
use crate::context::Ctx;
use crate::flags::Flag;
use crate::info::name_of;
use crate::verb::rollout::revisions::{replica_sets, revision};

/// What may stand behind this flag.
pub(super) fn of(ctx: &mut Ctx<'_>, flag: &Flag, typed: &str) -> Vec<Offer> {
    let command = ctx.call.command.name;
    match flag.name {
        "namespace" => objects(ctx, Resource::Namespaces)
            .iter()
            .map(|namespace| Offer::new(name_of(namespace), "namespace"))
            .collect(),
        "filename" | "from-file" | "patch-file" | "from-env-file" => files(ctx, typed),
        "output" => fixed(formats(command)),
        "dry-run" => fixed("client server none"),
        "to-revision" | "revision" => revisions(ctx),
        "selector" => labels(ctx),
        "containers" => super::arguments::containers(ctx)
            .iter()
            .map(|(name, image)| Offer::new(name, image))
            .collect(),
        "for" if command == "events" => slashed(ctx, &Resource::ALL, typed),
        "for" => fixed("condition=Available condition=Progressing condition=Ready delete create"),
        "cascade" => fixed("background foreground orphan"),
        "validate" => fixed("strict warn ignore"),
        "type" if command == "patch" => fixed("strategic merge json"),
        "type" if command == "expose" => fixed("ClusterIP NodePort LoadBalancer ExternalName"),
        "types" => fixed("Normal Warning"),
        "sort-by" => fixed(".metadata.name .metadata.creationTimestamp .lastTimestamp"),
        "subresource" => fixed("scale status"),
        "restart" => fixed("Always OnFailure Never"),
        "image-pull-policy" => fixed("Always IfNotPresent Never"),
        "protocol" => fixed("TCP UDP SCTP"),
        _ if flag.alone == "true" => fixed("true false"),
        _ => Vec::new(),
    }
}

fn fixed(values: &str) -> Vec<Offer> {
    values.split(' ').map(|value| Offer::new(value, "")).collect()
}

fn formats(command: &str) -> &'static str {
    match command {
        "get" => "wide yaml json name jsonpath= custom-columns= go-template= kyaml",
        "api-resources" => "wide name",
        "events" | "version" | "view-last-applied" => "yaml json",
        "explain" => "plaintext plaintext-openapiv2",
        _ => "yaml json name jsonpath= go-template=",
    }
}

/// Files, behind those that already stand in a comma list.
fn files(ctx: &Ctx<'_>, typed: &str) -> Vec<Offer> {
    let stem = &typed[..typed.rfind(',').map_or(0, |comma| comma + 1)];
    let mut paths = ctx.files.paths();
    order::sort(&mut paths);
    paths.into_iter().map(|path| Offer::new(path, "file").behind(stem)).collect()
}

/// The revisions of the named Deployment, newest first.
fn revisions(ctx: &mut Ctx<'_>) -> Vec<Offer> {
    let Some((_, deployment)) = target(ctx) else { return Vec::new() };
    let mut found: Vec<(i64, String)> = replica_sets(ctx, &deployment)
        .unwrap_or_default()
        .iter()
        .filter_map(|set| Some((revision(set)?, images(set))))
        .collect();
    order::sort(&mut found);
    found.into_iter().rev().map(|(number, images)| Offer::new(number.to_string(), images)).collect()
}

fn images(set: &Value) -> String {
    let containers = set["spec"]["template"]["spec"]["containers"].as_array();
    let images = containers.into_iter().flatten().filter_map(|one| one["image"].as_str());
    images.collect::<Vec<_>>().join(", ")
}

/// The labels of the objects of the named type.
fn labels(ctx: &mut Ctx<'_>) -> Vec<Offer> {
    let typed = ctx.args().into_iter().next().unwrap_or_default();
    let Some(resource) = crate::kinds::find(&typed).and_then(crate::kinds::Kind::resource) else {
        return Vec::new();
    };
    let mut found: Vec<String> = objects(ctx, resource)
        .iter()
        .filter_map(|object| object["metadata"]["labels"].as_object().cloned())
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    order::sort(&mut found);
    found.dedup();
    found.into_iter().map(|label| Offer::new(label, "label")).collect()
}
