//! The world panel: a draft of a world, what is wrong with it, and putting it to use.

use std::collections::{BTreeMap, BTreeSet};

use rollscope_api::order;
use rollscope_scenario::{Input, NodeAction, Runs, Script};
use rollscope_sim::World;
use rollscope_sim::world::{ImageRule, NodeGroup, Nodes, Range, WorldProblem};

use serde::{Deserialize, Serialize};

use super::engine::Engine;
use super::world_field::{Entry, Field, ImageField, NodeField, Unreadable};
use super::{Dialog, Model};

/// What happened in the world panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorldMsg {
    /// The panel was asked for.
    Open,
    /// A field holds another text.
    Edit(Field, String),
    /// Another group of nodes.
    AddNodes,
    /// A group of nodes goes.
    RemoveNodes(usize),
    /// Another rule for images.
    AddImage,
    /// A rule for images goes.
    RemoveImage(usize),
    /// A rule is moved before the one above it: the first that matches counts.
    RaiseImage(usize),
    /// A ready-made world.
    Preset(Preset),
    /// The draft is what is in use again.
    Revert,
    /// The draft is put to use.
    Use,
    /// A machine of this make joins the running cluster.
    AddMachine,
    /// What the machine to be added is made of.
    EditMachine(NodeField, String),
    /// Something happens to a running machine.
    Act(String, NodeAction),
    /// A node is cordoned (true) or uncordoned.
    Cordon(String, bool),
    /// A node is drained.
    Drain(String),
}

/// Worlds to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after what it is")]
pub enum Preset {
    Usual,
    RoomForThree,
    ManyNodes,
    SlowImages,
    SlowProxies,
    Busy,
}

impl Preset {
    /// In the order they are offered in.
    pub const ALL: [Self; 6] = [
        Self::Usual,
        Self::RoomForThree,
        Self::ManyNodes,
        Self::SlowImages,
        Self::SlowProxies,
        Self::Busy,
    ];

    /// The world with what makes it this one; the rest stays as it was.
    fn put(self, world: &mut World) {
        match self {
            Self::Usual => *world = Engine::usual_world(),
            Self::RoomForThree => {
                world.nodes = Nodes(vec![NodeGroup { pods: 3, ..NodeGroup::default() }]);
            }
            Self::ManyNodes => {
                world.nodes = Nodes(vec![NodeGroup { count: 30, ..NodeGroup::default() }]);
            }
            Self::SlowImages => world.images.insert(
                0,
                ImageRule {
                    pull_ms: Range::new(20_000, 40_000),
                    start_ms: Range::new(2_000, 5_000),
                    ready_ms: Range::new(5_000, 15_000),
                    ..ImageRule::default()
                },
            ),
            Self::SlowProxies => {
                world.delays.endpoint_slice_ms = Range::new(500, 1_500);
                world.delays.proxy_ms = Range::new(2_000, 5_000);
            }
            Self::Busy => world.traffic.requests_per_second = 200,
        }
    }
}

/// A world that is being written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// What the fields say, as far as that can be read.
    pub world: World,
    /// What is written in fields that were touched.
    typed: BTreeMap<Field, String>,
    /// Fields that cannot be read.
    unreadable: BTreeMap<Field, Unreadable>,
    /// Where the world makes no sense: the field as it is named, and why.
    pub invalid: Option<(String, WorldProblem)>,
    /// The machine to be added to a running cluster.
    pub machine: Machine,
    /// It differs from what is in use.
    pub touched: bool,
    /// How often it was tried in vain: the focus goes to the first wrong field each time.
    pub refused: usize,
    /// Image patterns that no container's image has.
    pub idle: BTreeSet<usize>,
}

/// A machine as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// By field.
    pub typed: BTreeMap<NodeField, String>,
    /// What is wrong with it: the field and why.
    pub problem: Option<(NodeField, Problem)>,
}

impl Default for Machine {
    fn default() -> Self {
        let usual = World::default();
        let fields = [NodeField::Cpu, NodeField::Memory, NodeField::Pods];
        let typed = fields.map(|field| (field, Field::Node(0, field).text(&usual)));
        Self { typed: typed.into(), problem: None }
    }
}

/// A draft as it is kept over a reload.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Kept {
    /// Of a script with this world.
    script: String,
    /// How many groups of nodes there are, and how many rules for images.
    groups: usize,
    rules: usize,
    /// By path of the field.
    typed: BTreeMap<String, String>,
    /// By key of the field.
    machine: BTreeMap<String, String>,
}

/// More parts than these are not taken in: nobody has written them by hand.
const PARTS_MAX: usize = 1_000;

/// What is said at a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The text is no such value.
    Unreadable(Unreadable),
    /// The value makes no sense.
    Invalid(WorldProblem),
    /// There is a node of this name.
    NameTaken(String),
}

impl Draft {
    /// A draft of what is in use.
    pub fn of(world: World) -> Self {
        Self { world, ..Self::default() }
    }

    /// What stands in a field.
    pub fn text(&self, field: Field) -> String {
        self.typed.get(&field).cloned().unwrap_or_else(|| field.text(&self.world))
    }

    /// What is wrong at a field.
    pub fn problem(&self, field: Field) -> Option<Problem> {
        if let Some(unreadable) = self.unreadable.get(&field) {
            return Some(Problem::Unreadable(*unreadable));
        }
        let (path, problem) = self.invalid.as_ref()?;
        (*path == field.path()).then(|| Problem::Invalid(problem.clone()))
    }

    /// What is wrong with the whole, and where, if no field of the panel is to blame.
    pub fn problem_elsewhere(&self) -> Option<&(String, WorldProblem)> {
        let wrong = self.invalid.as_ref()?;
        let shown = self.fields().iter().any(|field| field.path() == wrong.0);
        (!shown).then_some(wrong)
    }

    /// Whether it can be put to use.
    pub fn is_sound(&self) -> bool {
        self.unreadable.is_empty() && self.invalid.is_none()
    }

    /// Every field of the panel, from the top down.
    fn fields(&self) -> Vec<Field> {
        use super::world_field::{TimeField, TrafficField};
        let nodes = (0..self.world.nodes.0.len())
            .flat_map(|at| NodeField::ALL.map(|field| Field::Node(at, field)));
        let images = (0..self.world.images.len())
            .flat_map(|at| ImageField::ALL.map(|field| Field::Image(at, field)));
        let rest = TrafficField::ALL.map(Field::Traffic).into_iter();
        nodes.chain(images).chain(rest).chain(TimeField::ALL.map(Field::Time)).collect()
    }

    /// The first field that is wrong.
    pub fn first_wrong(&self) -> Option<Field> {
        self.fields().into_iter().find(|field| self.problem(*field).is_some())
    }

    fn edit(&mut self, field: Field, text: String) {
        match field.set(&mut self.world, &text) {
            Ok(()) => self.unreadable.remove(&field),
            Err(unreadable) => self.unreadable.insert(field, unreadable),
        };
        // A switch has no text of its own that could be lost.
        if field.entry() != Entry::Switch {
            self.typed.insert(field, text);
        }
    }

    /// Takes out what was typed about a numbered thing and moves what was typed below it up.
    fn shift(&mut self, number: impl Fn(Field) -> Option<Field>) {
        let typed = std::mem::take(&mut self.typed);
        self.typed = typed.into_iter().filter_map(|(at, text)| Some((number(at)?, text))).collect();
        let unreadable = std::mem::take(&mut self.unreadable);
        self.unreadable =
            unreadable.into_iter().filter_map(|(at, why)| Some((number(at)?, why))).collect();
    }

    fn change(&mut self, msg: WorldMsg) {
        match msg {
            WorldMsg::Edit(field, text) => self.edit(field, text),
            WorldMsg::AddNodes => self.world.nodes.0.push(NodeGroup::default()),
            WorldMsg::RemoveNodes(gone) if gone < self.world.nodes.0.len() => {
                self.world.nodes.0.remove(gone);
                self.shift(|field| match field {
                    Field::Node(at, _) if at == gone => None,
                    Field::Node(at, name) if at > gone => Some(Field::Node(at - 1, name)),
                    other => Some(other),
                });
            }
            WorldMsg::AddImage => self.world.images.push(ImageRule::default()),
            WorldMsg::RemoveImage(gone) if gone < self.world.images.len() => {
                self.world.images.remove(gone);
                self.shift(|field| match field {
                    Field::Image(at, _) if at == gone => None,
                    Field::Image(at, name) if at > gone => Some(Field::Image(at - 1, name)),
                    other => Some(other),
                });
            }
            WorldMsg::RaiseImage(at) if (1..self.world.images.len()).contains(&at) => {
                self.world.images.swap(at - 1, at);
                self.shift(|field| {
                    Some(match field {
                        Field::Image(one, name) if one == at => Field::Image(at - 1, name),
                        Field::Image(one, name) if one + 1 == at => Field::Image(at, name),
                        other => other,
                    })
                });
            }
            WorldMsg::Preset(preset) => {
                preset.put(&mut self.world);
                // Ready-made values stand where something else was typed.
                self.shift(|_| None);
            }
            _ => {}
        }
    }

    /// What is to be kept of it, if anything was written.
    pub(super) fn keep(&self) -> Option<Kept> {
        let machine = self.machine.typed.clone();
        if !self.touched && machine == Machine::default().typed {
            return None;
        }
        let mut kept = Self::of(self.world.clone());
        let mut typed = self.typed.clone();
        // What is kept is a world that can be; what cannot be stands beside it as it was typed.
        while let Err(error) = kept.world.validate() {
            let wrong = self.fields().into_iter().find(|field| field.path() == error.field);
            let usual = wrong.is_some_and(|field| {
                typed.insert(field, self.text(field));
                let text = field.usual();
                let was_other = field.text(&kept.world) != text;
                was_other && field.set(&mut kept.world, &text).is_ok()
            });
            if !usual {
                kept.world = Engine::usual_world();
                typed.extend(self.fields().into_iter().map(|field| (field, self.text(field))));
            }
        }
        let script = Script { world: kept.world, ..Script::default() };
        Some(Kept {
            script: script.to_yaml(),
            groups: self.world.nodes.0.len(),
            rules: self.world.images.len(),
            typed: typed.into_iter().map(|(field, text)| (field.path(), text)).collect(),
            machine: machine
                .into_iter()
                .map(|(field, text)| (field.key().to_owned(), text))
                .collect(),
        })
    }

    /// Takes in what was kept; what of it cannot be read counts as nothing.
    pub(super) fn kept(kept: Kept) -> Option<Self> {
        let script = Script::from_yaml(&kept.script).ok()?;
        let mut draft = Self { touched: true, ..Self::of(script.world) };
        let (groups, rules) = (kept.groups.min(PARTS_MAX), kept.rules.min(PARTS_MAX));
        draft.world.nodes.0.resize_with(groups, NodeGroup::default);
        draft.world.images.resize_with(rules, ImageRule::default);
        let fields = draft.fields();
        for (path, text) in kept.typed {
            if let Some(field) = fields.iter().find(|field| field.path() == path) {
                draft.edit(*field, text);
            }
        }
        for field in NodeField::ALL {
            if let Some(text) = kept.machine.get(field.key()) {
                draft.machine.typed.insert(field, text.clone());
            }
        }
        Some(draft)
    }

    fn check(&mut self, in_use: &World, images: &[String], is_fresh: bool) {
        self.invalid = self.world.validate().err().map(|error| (error.field, error.problem));
        let same_nodes = !is_fresh || self.world.nodes == in_use.nodes;
        let rest = World { nodes: in_use.nodes.clone(), ..self.world.clone() };
        self.touched = !same_nodes || rest != *in_use || !self.unreadable.is_empty();
        let rules = self.world.images.iter().enumerate();
        let idle = rules.filter(|(_, rule)| !images.iter().any(|image| rule.matches(image)));
        self.idle = idle.map(|(at, _)| at).collect();
    }
}

impl Model {
    pub(super) fn world(&mut self, msg: WorldMsg) {
        // A draft that nobody has changed follows the world in use.
        if !self.draft.touched {
            let machine = std::mem::take(&mut self.draft.machine);
            self.draft = Draft { machine, ..Draft::of(self.world_in_use()) };
        }
        match msg {
            WorldMsg::Open => self.dialog = Some(Dialog::World),
            WorldMsg::Use => return self.use_world(),
            WorldMsg::Revert => {
                let machine = std::mem::take(&mut self.draft.machine);
                self.draft = Draft { machine, ..Draft::of(self.world_in_use()) };
            }
            WorldMsg::EditMachine(field, text) => {
                self.draft.machine.typed.insert(field, text);
                self.draft.machine.problem = None;
            }
            WorldMsg::AddMachine => self.add_machine(),
            WorldMsg::Act(node, action) => {
                self.act(Input::Node { node, action, machine: None });
            }
            WorldMsg::Cordon(node, cordoned) => {
                let verb = if cordoned { "cordon" } else { "uncordon" };
                self.command(&format!("kubectl {verb} {node}"));
            }
            WorldMsg::Drain(node) => {
                self.command(&format!("kubectl drain {node} --ignore-daemonsets"));
            }
            change => self.draft.change(change),
        }
        self.check_draft();
    }

    pub(super) fn check_draft(&mut self) {
        let (in_use, images) = (self.world_in_use(), self.images());
        let is_fresh = self.engine.is_untouched();
        self.draft.check(&in_use, &images, is_fresh);
    }

    /// The world as it is at the moment shown.
    pub fn world_in_use(&self) -> World {
        self.engine.session().cluster().world().clone()
    }

    /// The images of all containers, running ones and those of the editor's files.
    fn images(&self) -> Vec<String> {
        let store = self.engine.store();
        let sets = store.replica_sets().flat_map(|(_, set)| set.spec.template.images());
        let deployments = store.deployments().flat_map(|(_, one)| one.spec.template.images());
        let mut images: Vec<String> = sets.chain(deployments).map(str::to_owned).collect();
        for (_, pod) in store.pods() {
            images.extend(pod.status.container_statuses.iter().map(|one| one.image.to_string()));
        }
        for file in &self.manifest.files {
            let lines = file.text.lines().filter_map(|line| {
                let (_, image) = line.trim_start_matches([' ', '-']).split_once("image:")?;
                Some(image.trim().trim_matches(['"', '\'']).to_owned())
            });
            images.extend(lines);
        }
        order::sort(&mut images);
        images.dedup();
        images
    }

    /// Puts the draft to use: as the script's world where nothing has been done yet, and as an
    /// input where a cluster is running. What makes no sense is not put to use.
    fn use_world(&mut self) {
        self.check_draft();
        if !self.draft.is_sound() {
            self.draft.refused += 1;
            let message = (self.texts().world.refused)().to_owned();
            self.announcer.say((self.texts().said_refused)(&message));
            return;
        }
        let world = self.draft.world.clone();
        if self.engine.is_untouched() {
            let script = Script { world, ..self.engine.timeline().script().clone() };
            self.engine.replace(Runs::new(script));
        } else {
            self.act(Input::World { world: Box::new(world) });
        }
        let machine = self.draft.machine.clone();
        self.draft = Draft { machine, ..Draft::of(self.world_in_use()) };
        self.dialog = None;
        self.announcer.say((self.texts().world.in_use)().to_owned());
    }

    /// A machine joins: its name is the next that is free, unless one is given.
    fn add_machine(&mut self) {
        let mut world = World { nodes: Nodes(vec![NodeGroup::default()]), ..World::default() };
        let mut problem = None;
        for (field, text) in &self.draft.machine.typed {
            if let Err(unreadable) = Field::Node(0, *field).set(&mut world, text) {
                problem = problem.or(Some((*field, Problem::Unreadable(unreadable))));
            }
        }
        let store = self.engine.store();
        let name = world.nodes.0[0].name.clone().unwrap_or_else(|| {
            let names = (0..).map(|number| format!("node-{number}"));
            names.into_iter().find(|name| store.node(name).is_none()).unwrap_or_default()
        });
        if problem.is_none() {
            problem = world.validate().err().map(|error| {
                let field = NodeField::ALL
                    .into_iter()
                    .find(|field| Field::Node(0, *field).path() == error.field);
                (field.unwrap_or(NodeField::Name), Problem::Invalid(error.problem))
            });
        }
        if problem.is_none() && store.node(&name).is_some() {
            problem = Some((NodeField::Name, Problem::NameTaken(name.clone())));
        }
        if problem.is_some() {
            self.draft.machine.problem = problem;
            return;
        }
        let machine = NodeGroup { name: None, count: 1, ..world.nodes.0.remove(0) };
        let machine = Some(Box::new(machine));
        self.act(Input::Node { node: name, action: NodeAction::Add, machine });
        self.draft.machine.typed.remove(&NodeField::Name);
    }
}
