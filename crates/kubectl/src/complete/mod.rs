//! What Tab offers: commands, flags and their values, types, names, containers, revisions, files.

mod arguments;
mod place;
mod values;

use std::collections::BTreeSet;

use rollscope_api::Api;
use rollscope_api::order;

use self::place::{Place, Words};
use crate::command::{self, Command, Run};
use crate::commands::{GLOBAL_FLAGS, ROOT};
use crate::context::{Call, Ctx};
use crate::flags::{Flag, Given, Kind};
use crate::{Completion, Files, Output, flags};

/// A way to go on: the whole word, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Offer {
    text: String,
    note: String,
}

impl Offer {
    fn new(text: impl Into<String>, note: impl Into<String>) -> Self {
        Self { text: text.into(), note: note.into() }
    }

    /// Behind what stands before it in the same word.
    fn behind(self, stem: &str) -> Self {
        Self { text: format!("{stem}{}", self.text), ..self }
    }
}

/// The ways to go on with a line.
pub(crate) fn complete(
    api: &mut dyn Api,
    files: &dyn Files,
    line: &str,
    cursor: usize,
) -> Vec<Completion> {
    let Some(place) = Place::of(line, cursor) else { return Vec::new() };
    let Ok(found) = command::find(&ROOT, &place.words) else { return Vec::new() };
    if matches!(found.command.run, Run::Absent(_)) {
        return Vec::new();
    }
    let known = found.command.known_flags();
    let Some(words) = Words::of(&known, found.words) else { return Vec::new() };
    let given = flags::parse(known, &words.whole).unwrap_or_default();
    let call = Call {
        command: found.command,
        path: found.path,
        given,
        line: Vec::new(),
        stdin: None,
        warned: BTreeSet::new(),
    };
    let mut ctx = Ctx { api, files, call, out: Output::default() };
    let mut offers = offers(&mut ctx, &place, words.wanting);
    offers.retain(|offer| offer.text.starts_with(&place.typed));
    offers
        .into_iter()
        .map(|Offer { text, note }| Completion { text: quoted(text), start: place.start, note })
        .collect()
}

fn offers(ctx: &mut Ctx<'_>, place: &Place, wanting: Option<Flag>) -> Vec<Offer> {
    let typed = place.typed.as_str();
    if let Some(flag) = wanting {
        return values::of(ctx, &flag, typed);
    }
    if let Some((stem, flag, value)) = place::inline_value(&ctx.call.command.known_flags(), typed) {
        let values = values::of(ctx, &flag, value);
        return values.into_iter().map(|offer| offer.behind(stem)).collect();
    }
    if typed.starts_with('-') {
        return flag_offers(ctx.call.command, ctx.given(), typed);
    }
    let mut offers = Vec::new();
    if ctx.given().args.is_empty() {
        offers.extend(commands(ctx.call.command));
        if place.is_first && !typed.is_empty() {
            offers.push(Offer::new("kubectl", ""));
        }
    }
    offers.extend(arguments::of(ctx, typed));
    offers
}

/// The commands below one.
fn commands(command: &Command) -> impl Iterator<Item = Offer> + '_ {
    let present = command.subs.iter().filter(|sub| !matches!(sub.run, Run::Absent(_)));
    present.map(|sub| Offer::new(sub.name, sub.short))
}

/// The command's flags that have not been given.
fn flag_offers(command: &Command, given: &Given, typed: &str) -> Vec<Offer> {
    let namespace = GLOBAL_FLAGS.iter().filter(|flag| flag.name == "namespace");
    let all = command.flags.iter().flat_map(|group| group.iter()).chain(namespace);
    let repeatable = |flag: &Flag| matches!(flag.kind, Kind::List | Kind::Array);
    let fresh: Vec<&Flag> = all
        .filter(|flag| flag.deprecated.is_empty() && flag.help != "Has no effect here.")
        .filter(|flag| repeatable(flag) || !given.changed(flag.name))
        .collect();
    if typed.len() == 2 && typed != "--" {
        return fresh
            .into_iter()
            .filter(|flag| flag.short != '\0')
            .map(|flag| Offer::new(format!("-{}", flag.short), flag.help))
            .collect();
    }
    let mut offers: Vec<Offer> = fresh
        .into_iter()
        .map(|flag| {
            let equals = if flag.kind == Kind::Bool { "" } else { "=" };
            Offer::new(format!("--{}{equals}", flag.name), flag.help)
        })
        .collect();
    offers.push(Offer::new("--help", "Explain the command."));
    order::sort_by(&mut offers, |a, b| a.text.cmp(&b.text));
    offers.dedup_by(|a, b| a.text == b.text);
    offers
}

/// In quotes, where the shell would not take the word as it is.
fn quoted(text: String) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=:,@%+{}".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
