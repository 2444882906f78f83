//! `kubectl api-resources` and `api-versions`. Models `kubectl/pkg/cmd/apiresources`.

use rollscope_api::order;

use crate::command::{COMMAND, Command, Run};
use crate::context::Ctx;
use crate::error::Error;
use crate::flags::{Flag, Kind as FlagKind};
use crate::kinds::{KINDS, Kind};
use crate::waiting::Flow;
use crate::{go, tabwriter};

const FLAGS: &[Flag] = &[
    Flag::text("output", "wide or name.").short('o'),
    Flag::switch("no-headers", "No header line."),
    Flag::switch("show-managed-fields", "Has no effect here."),
    Flag::text("api-group", "Only this group."),
    Flag::switch("namespaced", "Only types with, or without, namespaces.").default("true"),
    Flag::of(FlagKind::List, "verbs", "", "Only types with these verbs."),
    Flag::text("sort-by", "name or kind."),
    Flag::switch("cached", "Has no effect here."),
    Flag::of(FlagKind::List, "categories", "", "Only types of these categories."),
];

/// `api-resources`
pub(crate) static API_RESOURCES: Command = Command {
    name: "api-resources",
    short: "List the resource types a real API server has",
    examples: &["api-resources", "api-resources --api-group=apps -o wide"],
    flags: &[FLAGS],
    run: Run::Verb(resources),
    ..COMMAND
};

/// `api-versions`
pub(crate) static API_VERSIONS: Command = Command {
    name: "api-versions",
    short: "List the API versions a real API server has",
    examples: &["api-versions"],
    run: Run::Verb(versions),
    ..COMMAND
};

fn resources(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let args = ctx.args();
    if !args.is_empty() {
        return Err(ctx.usage_error(&format!("unexpected arguments: {}", go::list(&args))));
    }
    let given = ctx.given().clone();
    let output = given.text("output");
    if !matches!(output, "" | "wide" | "name") {
        return Err(Error::Text(format!(
            "unable to match a printer suitable for the output format {}, allowed formats are: \
             json,kyaml,name,wide,yaml",
            go::quote(output)
        )));
    }
    let sort_by = given.text("sort-by");
    if !matches!(sort_by, "" | "name" | "kind") {
        return Err("--sort-by accepts only name or kind".into());
    }
    let mut kinds: Vec<&Kind> = KINDS.iter().filter(|kind| wanted(ctx, kind)).collect();
    order::sort_by_key(&mut kinds, |kind| {
        let first = match sort_by {
            "name" => kind.plural,
            "kind" => kind.kind,
            _ => kind.group,
        };
        (first, kind.plural)
    });
    if output == "name" {
        for kind in kinds {
            ctx.println(&kind.group_resource());
        }
        return Ok(Flow::Done);
    }
    let wide = output == "wide";
    let mut rows = String::new();
    if !given.on("no-headers") {
        rows.push_str("NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND");
        rows.push_str(if wide { "\tVERBS\tCATEGORIES\n" } else { "\n" });
    }
    for kind in kinds {
        rows.push_str(&format!(
            "{}\t{}\t{}\t{}\t{}",
            kind.plural,
            kind.short.join(","),
            kind.api_version(),
            kind.namespaced,
            kind.kind
        ));
        if wide {
            rows.push_str(&format!("\t{}\t{}", kind.verbs.text(), kind.category));
        }
        rows.push('\n');
    }
    ctx.print(&tabwriter::align(&rows, 6, 3));
    Ok(Flow::Done)
}

fn wanted(ctx: &Ctx<'_>, kind: &Kind) -> bool {
    let given = ctx.given();
    let verbs: Vec<&str> = kind.verbs.text().split(',').collect();
    (!given.changed("api-group") || given.text("api-group") == kind.group)
        && (!given.changed("namespaced") || given.on("namespaced") == kind.namespaced)
        && given.list("verbs").iter().all(|verb| verbs.contains(&verb.as_str()))
        && given.list("categories").iter().all(|category| category == kind.category)
}

fn versions(ctx: &mut Ctx<'_>) -> Result<Flow, Error> {
    let args = ctx.args();
    if !args.is_empty() {
        return Err(ctx.usage_error(&format!("unexpected arguments: {}", go::list(&args))));
    }
    let mut versions: Vec<String> = KINDS.iter().map(Kind::api_version).collect();
    // Served beside v2.
    versions.push("autoscaling/v1".into());
    order::sort(&mut versions);
    versions.dedup();
    for version in versions {
        ctx.println(&version);
    }
    Ok(Flow::Done)
}
