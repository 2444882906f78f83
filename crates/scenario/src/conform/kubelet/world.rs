//! The recordings' scripted container runtime as a world.
//!
//! A pull takes 1 s and fails for images named `missing`; `crash` exits 1 after 1 s, `done` exits 0
//! after 1 s, `oom` is killed for its memory after 2 s; a stop takes half a second and exits 143, or
//! the whole grace for `stubborn`. Commands: `never` fails, `after3` fails until the container is 3 s
//! old, `until10` fails once it is 10 s old, `sleep N` takes N seconds.

use std::collections::{BTreeMap, BTreeSet};

use rollscope_api::Value;
use rollscope_api::order;
use rollscope_sim::World;
use rollscope_sim::world::{ImageRule, KubeletWorld, Nodes, ProbeRule, Range};

use super::Recording;

/// Longer than any recording: a day.
const FOR_EVER_MS: u32 = 86_400_000;

/// The world of a recording: one node, whose kubelet syncs every 10 s and pulls in parallel.
pub(super) fn scripted(recording: &Recording, case: &Value) -> World {
    let spec = &case["manifest"]["spec"]["template"]["spec"];
    let mut images = images(spec);
    // Images that come with a later command.
    images.extend(recording.commands.iter().flat_map(|command| {
        command.what.split_whitespace().filter_map(|word| {
            let (_, image) = word.split_once('=').filter(|(name, _)| !name.starts_with('-'))?;
            Some(image.to_owned())
        })
    }));
    let present = first_words(recording);
    images.extend(present.keys().map(|image| (*image).to_owned()));
    let mut world = World {
        nodes: Nodes::uniform(1),
        images: images
            .iter()
            .map(|image| rule(image, present.get(image.as_str()) == Some(&true)))
            .collect(),
        kubelet: KubeletWorld {
            relist_ms: 1_000,
            sync_ms: 10_000,
            retry_jitter_percent: None,
            sandbox_ms: Range::exactly(30),
            serialize_image_pulls: false,
        },
        ..World::default()
    };
    for rule in &mut world.images {
        if is_initial(spec, &rule.image) {
            // Without a word that says otherwise a container goes on for ever.
            rule.ready_ms = Range::exactly(FOR_EVER_MS);
        }
    }
    let mut commands = BTreeSet::new();
    find_commands(&case["manifest"], &mut commands);
    world.probes = commands.iter().filter_map(|command| probe(command)).collect();
    if hooks_print_on_stdout(recording) {
        world.probes.iter_mut().for_each(|rule| rule.on_stdout = true);
    }
    world
}

/// Whether an image is that of an init container that is to end, and of no other.
fn is_initial(spec: &Value, image: &str) -> bool {
    let of = |list: &str| spec[list].as_array().map(Vec::as_slice).unwrap_or_default();
    let named = |container: &&Value| container["image"] == image;
    let mut inits = of("initContainers").iter().filter(named).peekable();
    inits.peek().is_some()
        && inits.all(|init| init["restartPolicy"] != "Always")
        && !of("containers").iter().any(|container| named(&container))
}

/// Whether the runtime's failing commands print on standard output: the error of a hook repeats
/// what was printed on standard error alone.
fn hooks_print_on_stdout(recording: &Recording) -> bool {
    let mut statuses = recording.pods.iter().flat_map(|pod| &pod.statuses);
    statuses.any(|status| status.what.contains("' exited with 1: , message:"))
}

/// Whether an image was on the node before: what the first Event about it says.
fn first_words(recording: &Recording) -> BTreeMap<&str, bool> {
    let mut events: Vec<_> = recording.pods.iter().flat_map(|pod| &pod.events).collect();
    order::sort_by_key(&mut events, |event| event.at);
    let mut present = BTreeMap::new();
    for event in events {
        let Some((before, rest)) = event.what.split_once("image \"") else { continue };
        let Some((image, after)) = rest.split_once('"') else { continue };
        if before.ends_with("Container ") || before.ends_with("Pulling ") {
            present.entry(image).or_insert_with(|| after.contains("already present"));
        }
    }
    present
}

fn images(spec: &Value) -> BTreeSet<String> {
    let lists = ["containers", "initContainers"].map(|list| spec[list].as_array());
    let containers = lists.into_iter().flatten().flatten();
    containers.filter_map(|container| Some(container["image"].as_str()?.to_owned())).collect()
}

fn rule(image: &str, present: bool) -> ImageRule {
    let named = |word: &str| image.contains(word);
    let after = |ms: u32| Some(Range::exactly(ms));
    ImageRule {
        image: image.to_owned(),
        present,
        missing: named("missing"),
        pull_ms: Range::exactly(1_000),
        repull_ms: Range::exactly(1_000),
        size_mib: 0,
        start_ms: Range::exactly(5),
        ready_ms: Range::exactly(0),
        crash_after_ms: match () {
            () if named("oom") => after(2_000),
            () if named("crash") || named("done") => after(1_000),
            () => None,
        },
        exit_code: i32::from(!named("done")),
        oom: named("oom"),
        ignores_sigterm: named("stubborn"),
        stop_ms: Range::exactly(500),
        stop_exit_code: 143,
        ..ImageRule::default()
    }
}

/// Every `exec.command` of the manifest, its words joined by spaces.
fn find_commands(value: &Value, found: &mut BTreeSet<String>) {
    if let Some(command) = value["exec"]["command"].as_array() {
        let words: Vec<&str> = command.iter().filter_map(Value::as_str).collect();
        found.insert(words.join(" "));
    }
    match value {
        Value::Object(fields) => fields.values().for_each(|value| find_commands(value, found)),
        Value::Array(items) => items.iter().for_each(|value| find_commands(value, found)),
        _ => {}
    }
}

fn probe(command: &str) -> Option<ProbeRule> {
    let seconds = |word: &str, prefix: &str| {
        let number = word.strip_prefix(prefix)?;
        number.parse::<u32>().ok()?.checked_mul(1_000)
    };
    let mut rule = ProbeRule {
        asks: command.to_owned(),
        output: "not yet".to_owned(),
        ..ProbeRule::default()
    };
    for word in command.split_whitespace() {
        rule.fails |= word == "never";
        rule.fails_before_ms = rule.fails_before_ms.or(seconds(word, "after"));
        rule.fails_after_ms = rule.fails_after_ms.or(seconds(word, "until"));
    }
    let says_anything =
        rule.fails || rule.fails_before_ms.is_some() || rule.fails_after_ms.is_some();
    says_anything.then_some(rule)
}
