//! Arguments: types, names, and what is done with them.

use rollscope_api::order;
use rollscope_api::{Resource, Value};

use super::{Offer, commands};
use crate::commands::ROOT;
use crate::context::Ctx;
use crate::info::name_of;
use crate::kinds::{self, Kind};
use crate::workload::pod_spec;

/// What a command's arguments are.
enum Takes {
    /// Nothing that could be offered.
    Nothing,
    /// Commands.
    Commands,
    /// `-f` and a file.
    Files,
    /// Types of every kind, then names.
    Types,
    /// Objects of these types.
    Objects(&'static [Resource]),
    /// Names of nodes.
    Nodes,
}

fn takes(path: &str) -> Takes {
    use Resource::{Deployments, Nodes, Pods, ReplicaSets, Services};
    let path = path.strip_prefix("kubectl ").unwrap_or(path);
    match path {
        "help" => Takes::Commands,
        "apply" | "create" | "replace" | "diff" | "apply set-last-applied" => Takes::Files,
        "get" | "describe" | "delete" | "label" | "annotate" | "edit" | "patch" | "wait"
        | "explain" => Takes::Types,
        "scale" | "autoscale" => Takes::Objects(&[Deployments, ReplicaSets]),
        "expose" => Takes::Objects(&[Deployments, ReplicaSets, Services, Pods]),
        "set image" => Takes::Objects(&[Deployments, Pods]),
        "set selector" => Takes::Objects(&[Services]),
        "taint" => Takes::Objects(&[Nodes]),
        "cordon" | "uncordon" | "drain" => Takes::Nodes,
        "apply view-last-applied" => Takes::Objects(&[Deployments]),
        _ if path.starts_with("rollout ") || path.starts_with("set ") => {
            Takes::Objects(&[Deployments])
        }
        _ => Takes::Nothing,
    }
}

/// What may stand at the cursor, if it is no flag.
pub(super) fn of(ctx: &mut Ctx<'_>, typed: &str) -> Vec<Offer> {
    let args = ctx.args();
    if !ctx.given().list("filename").is_empty() {
        return pairs(ctx, typed);
    }
    match takes(&ctx.call.path) {
        Takes::Nothing => Vec::new(),
        Takes::Commands => {
            let words: Vec<String> = args;
            match crate::command::find(&ROOT, &words) {
                Ok(found) => commands(found.command).collect(),
                Err(_) => Vec::new(),
            }
        }
        Takes::Files if args.is_empty() => vec![Offer::new("-f", "A file of the editor.")],
        Takes::Files => Vec::new(),
        Takes::Nodes => named(ctx, Resource::Nodes, &args),
        Takes::Types if ctx.call.command.name == "explain" && !args.is_empty() => Vec::new(),
        Takes::Types => after(ctx, &Resource::ALL, &args, typed, types),
        Takes::Objects(resources) => {
            after(ctx, resources, &args, typed, |ctx, resources, typed| {
                let mut offers = slashed(ctx, resources, typed);
                if typed.is_empty() && offers.is_empty() {
                    offers = types(ctx, resources, typed);
                }
                offers
            })
        }
    }
}

/// The first argument is offered as told; behind it come names, and pairs for those objects.
fn after(
    ctx: &mut Ctx<'_>,
    resources: &[Resource],
    args: &[String],
    typed: &str,
    first: impl Fn(&mut Ctx<'_>, &[Resource], &str) -> Vec<Offer>,
) -> Vec<Offer> {
    let Some(before) = args.first() else {
        if typed.contains('/') {
            return slashed(ctx, resources, typed);
        }
        return first(ctx, resources, typed);
    };
    let wants_pairs = ctx.call.path.starts_with("kubectl set ")
        || matches!(ctx.call.command.name, "label" | "annotate");
    if before.contains('/') {
        return if wants_pairs {
            pairs(ctx, typed)
        } else if typed.contains('/') {
            slashed(ctx, resources, typed)
        } else {
            Vec::new()
        };
    }
    if wants_pairs && args.len() > 1 {
        return pairs(ctx, typed);
    }
    let kinds: Vec<Resource> =
        before.split(',').filter_map(|part| kinds::find(part)?.resource()).collect();
    kinds.into_iter().flat_map(|resource| named(ctx, resource, &args[1..])).collect()
}

/// The names of types; in a comma list, behind those that stand there.
fn types(_: &mut Ctx<'_>, resources: &[Resource], typed: &str) -> Vec<Offer> {
    let at = typed.rfind(',').map_or(0, |comma| comma + 1);
    let (stem, last) = typed.split_at(at);
    let mut offers: Vec<Offer> = Vec::new();
    for resource in resources {
        let short = resource.short_name();
        let leads_on = resources.iter().any(|one| one.plural().starts_with(last));
        if !short.is_empty() && short == last && !leads_on {
            offers.push(Offer::new(short, resource.plural()));
        }
        offers.push(Offer::new(resource.plural(), short));
    }
    if resources.len() > 1 {
        offers.push(Offer::new("all", "the workloads and services"));
    }
    offers.into_iter().map(|offer| offer.behind(stem)).collect()
}

/// `TYPE/NAME`, with the type as it was typed.
pub(super) fn slashed(ctx: &mut Ctx<'_>, resources: &[Resource], typed: &str) -> Vec<Offer> {
    let given = typed.split_once('/').map(|(given, _)| given);
    let mut offers = Vec::new();
    for &resource in resources {
        let prefix = match given {
            None => resource.singular(),
            Some(given) if kinds::find(given).and_then(Kind::resource) == Some(resource) => given,
            Some(_) => continue,
        };
        for offer in named(ctx, resource, &[]) {
            offers.push(offer.behind(&format!("{prefix}/")));
        }
    }
    offers
}

/// Names of objects that have not been given.
fn named(ctx: &mut Ctx<'_>, resource: Resource, given: &[String]) -> Vec<Offer> {
    let mut names: Vec<String> =
        objects(ctx, resource).iter().map(|object| name_of(object).to_owned()).collect();
    names.retain(|name| !given.contains(name));
    order::sort(&mut names);
    names.into_iter().map(|name| Offer::new(name, resource.singular())).collect()
}

/// The objects of a type in the command's namespace.
pub(super) fn objects(ctx: &mut Ctx<'_>, resource: Resource) -> Vec<Value> {
    let everywhere = !resource.namespaced() || ctx.given().on("all-namespaces");
    let namespace = if everywhere { String::new() } else { ctx.namespace() };
    ctx.list(kinds::of(resource), &namespace, "", "").unwrap_or_default()
}

/// The object the arguments name: `TYPE/NAME` or `TYPE NAME`.
pub(super) fn target(ctx: &mut Ctx<'_>) -> Option<(&'static Kind, Value)> {
    let args = ctx.args();
    let first = args.first()?;
    let (typed, name) = match first.split_once('/') {
        Some((typed, name)) => (typed, name),
        None => (first.as_str(), args.get(1)?.as_str()),
    };
    let kind = kinds::find(typed)?;
    let namespace = if kind.namespaced { ctx.namespace() } else { String::new() };
    Some((kind, ctx.get(kind, &namespace, name).ok()?))
}

/// The containers of that object and their images.
pub(super) fn containers(ctx: &mut Ctx<'_>) -> Vec<(String, String)> {
    let Some((kind, mut object)) = target(ctx) else { return Vec::new() };
    let Ok(spec) = pod_spec(kind, &mut object) else { return Vec::new() };
    let text =
        |container: &Value, key: &str| container[key].as_str().unwrap_or_default().to_owned();
    ["containers", "initContainers"]
        .into_iter()
        .flat_map(|list| spec[list].as_array().cloned().unwrap_or_default())
        .map(|container| (text(&container, "name"), text(&container, "image")))
        .collect()
}

/// `web=web:1.0` for `set image`, `key=` and `key-` for labels and annotations, `NAME=` for
/// variables.
fn pairs(ctx: &mut Ctx<'_>, typed: &str) -> Vec<Offer> {
    match ctx.call.command.name {
        "image" => containers(ctx)
            .into_iter()
            .map(|(name, image)| match typed.contains('=') {
                true => Offer::new(format!("{name}={image}"), "the present image"),
                false => Offer::new(format!("{name}="), image),
            })
            .collect(),
        "label" => keys(ctx, "labels"),
        "annotate" => keys(ctx, "annotations"),
        "env" => variables(ctx),
        _ => Vec::new(),
    }
}

fn keys(ctx: &mut Ctx<'_>, field: &str) -> Vec<Offer> {
    let Some((_, object)) = target(ctx) else { return Vec::new() };
    let Some(map) = object["metadata"][field].as_object() else { return Vec::new() };
    map.keys()
        .flat_map(|key| {
            [Offer::new(format!("{key}="), "change"), Offer::new(format!("{key}-"), "remove")]
        })
        .collect()
}

fn variables(ctx: &mut Ctx<'_>) -> Vec<Offer> {
    let Some((kind, mut object)) = target(ctx) else { return Vec::new() };
    let Ok(spec) = pod_spec(kind, &mut object) else { return Vec::new() };
    let containers = spec["containers"].as_array().cloned().unwrap_or_default();
    let mut names: Vec<String> = containers
        .iter()
        .flat_map(|container| container["env"].as_array().cloned().unwrap_or_default())
        .filter_map(|variable| Some(variable["name"].as_str()?.to_owned()))
        .collect();
    order::sort(&mut names);
    names.dedup();
    names
        .into_iter()
        .flat_map(|name| {
            [Offer::new(format!("{name}="), "change"), Offer::new(format!("{name}-"), "remove")]
        })
        .collect()
}
