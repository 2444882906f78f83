//! `--help`, in our own words, from the same tables the commands are read by.

use rollscope_api::order;

use crate::command::{Command, Run};
use crate::commands::{GLOBAL_FLAGS, ROOT};
use crate::flags::{Flag, Kind};

/// The help of a command.
pub(crate) fn command(command: &Command, path: &str) -> String {
    if std::ptr::eq(command, &ROOT) {
        return root();
    }
    let mut text = format!("{}.\n", command.short);
    if let Run::Absent(why) = command.run {
        text.push_str(&format!("\n{path} is not part of the playground: {why}.\n"));
    }
    if !command.subs.is_empty() {
        text.push_str("\nAvailable Commands:\n");
        text.push_str(&table(command.subs.iter().map(|sub| (sub.name, sub.short))));
    }
    if !command.examples.is_empty() {
        text.push_str("\nExamples:\n");
        for example in command.examples {
            text.push_str(&format!("  kubectl {example}\n"));
        }
    }
    let mut flags: Vec<&Flag> = command.flags.iter().flat_map(|group| group.iter()).collect();
    order::sort_by_key(&mut flags, |flag| flag.name);
    if !flags.is_empty() {
        text.push_str("\nOptions:\n");
        flags.iter().for_each(|flag| text.push_str(&flag_lines(flag)));
    }
    let usage = match (command.usage, command.subs.is_empty()) {
        ("", false) => "SUBCOMMAND",
        (usage, _) => usage,
    };
    text.push_str(&format!("\nUsage:\n  {}\n", format!("{path} {usage}").trim_end()));
    text.push_str("\nUse \"kubectl options\" for a list of global command-line options (applies to all commands).\n");
    text
}

fn root() -> String {
    let is_here = |sub: &&&Command| !matches!(sub.run, Run::Absent(_));
    let here: Vec<&&Command> = ROOT.subs.iter().filter(is_here).collect();
    let mut text =
        "kubectl controls the simulated cluster of this playground.\n\nCommands:\n".to_owned();
    text.push_str(&table(here.iter().map(|sub| (sub.name, sub.short))));
    text.push_str("\nNot part of the playground:\n");
    let absent: Vec<&str> = absent().iter().map(|(name, _)| *name).collect();
    text.push_str(&format!("  {}\n", absent.join(", ")));
    text.push_str("\nUsage:\n  kubectl [flags] [options]\n\nUse \"kubectl <command> --help\" for more information about a given command.\nUse \"kubectl options\" for a list of global command-line options (applies to all commands).\n");
    text
}

/// The commands the playground has no room for, and why.
pub fn absent() -> Vec<(&'static str, &'static str)> {
    ROOT.subs
        .iter()
        .filter_map(|sub| match sub.run {
            Run::Absent(why) => Some((sub.name, why)),
            _ => None,
        })
        .collect()
}

/// `kubectl options`
pub(crate) fn global_flags() -> String {
    let mut text = "The following options can be passed to any command:\n\n".to_owned();
    GLOBAL_FLAGS.iter().for_each(|flag| text.push_str(&flag_lines(flag)));
    text
}

fn table<'a>(rows: impl Iterator<Item = (&'a str, &'a str)> + Clone) -> String {
    let width = rows.clone().map(|(name, _)| name.len()).max().unwrap_or(0);
    rows.map(|(name, short)| format!("  {name:width$}   {short}\n")).collect()
}

fn flag_lines(flag: &Flag) -> String {
    let short = match flag.short {
        '\0' => String::new(),
        short => format!("-{short}, "),
    };
    let default = match flag.kind {
        Kind::Str => format!("'{}'", flag.default),
        Kind::List | Kind::Array => "[]".into(),
        _ => flag.default.into(),
    };
    format!("    {short}--{}={default}:\n\t{}\n\n", flag.name, flag.help)
}
