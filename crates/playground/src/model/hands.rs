//! What hands do on the stage: what the pointer rests on, and the menu of a pod.

use std::rc::Rc;

use rollscope_api::object::{Node, Pod, PodPhase};
use rollscope_scenario::{Input, NodeAction, PodAction};
use rollscope_sim::store::{Key, Store};

use super::card::Card;
use super::drawer::Tab;
use super::{Model, Shared};

/// A rectangle of the window, in CSS pixels: beside it something is to appear.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Spot {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
}

/// Something on the stage that the pointer can rest on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A pod, by its name.
    Pod(String),
    /// A ReplicaSet, by the name of its lane.
    ReplicaSet(String),
}

/// What hands did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandsMsg {
    /// The pointer or the focus rests on something, or on nothing any more.
    Point(Option<(Target, Spot)>),
    /// The menu of a pod was asked for.
    OpenMenu(String, Spot),
    /// The menu of a node was asked for.
    OpenNodeMenu(String, Spot),
    /// The menu was left.
    CloseMenu,
    /// Something is to be done to the menu's pod.
    Do(Deed),
}

/// What can be done to a pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named after what it does")]
pub enum Deed {
    Inspect,
    Delete,
    Unready,
    Ready,
    Crash,
    Fail,
    Evict,
    Cordon,
    Uncordon,
    Drain,
    Lose,
    Recover,
    Remove,
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuItem {
    /// What it does.
    pub deed: Deed,
    /// The command that does the same, where there is one.
    pub command: Option<String>,
    /// Whether it can be done now.
    pub enabled: bool,
}

/// The open menu of a pod or a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Menu {
    /// The name of the pod or node.
    pub name: String,
    /// The pod's namespace; nodes have none.
    pub namespace: Option<String>,
    /// Beside what it opens.
    pub spot: Spot,
    /// Its lines.
    pub items: Vec<MenuItem>,
}

/// What hands are at.
#[derive(Clone, Default)]
pub struct Hands {
    /// What the pointer or the focus rests on.
    pub at: Option<(Target, Spot)>,
    /// What is told of it.
    pub card: Shared<Option<Card>>,
    /// The open menu.
    pub menu: Option<Menu>,
}

impl Model {
    pub(super) fn hands(&mut self, msg: HandsMsg) {
        match msg {
            HandsMsg::Point(at) => self.hands.at = at,
            HandsMsg::OpenMenu(name, spot) => self.open_menu(&name, spot),
            HandsMsg::OpenNodeMenu(name, spot) => self.open_node_menu(&name, spot),
            HandsMsg::CloseMenu => self.hands.menu = None,
            HandsMsg::Do(deed) => {
                if let Some(menu) = self.hands.menu.take() {
                    self.do_by_menu(&menu, deed);
                }
            }
        }
    }

    /// The pod of that name on the stage. Names are unique but for other namespaces.
    pub(super) fn pod_on_stage(&self, name: &str) -> Option<Rc<Pod>> {
        let item = self.shown.stage.pods().find(|pod| pod.name() == name && !pod.gone)?;
        Some(item.pod.clone())
    }

    fn open_menu(&mut self, name: &str, spot: Spot) {
        let Some(pod) = self.pod_on_stage(name) else { return };
        let cluster = self.engine.session().cluster();
        let id = cluster.listers().pod_id(&Key::of(&pod.metadata));
        let denied = id.is_some_and(|id| cluster.is_readiness_denied(id));
        self.hands.at = None;
        self.hands.menu = Some(Menu {
            name: name.to_owned(),
            namespace: Some(pod.metadata.namespace.to_string()),
            spot,
            items: items(cluster.listers(), &pod, denied),
        });
    }

    fn do_by_menu(&mut self, menu: &Menu, deed: Deed) {
        let Some(item) = menu.items.iter().find(|item| item.deed == deed && item.enabled) else {
            return;
        };
        if let Some(command) = &item.command {
            return self.command(command);
        }
        let machine = match deed {
            Deed::Lose => Some(NodeAction::Lose),
            Deed::Recover => Some(NodeAction::Recover),
            Deed::Remove => Some(NodeAction::Remove),
            _ => None,
        };
        if let Some(action) = machine {
            self.act(Input::Node { node: menu.name.clone(), action, machine: None });
            self.announcer.say((self.texts().hands.done)(deed, &menu.name));
            return;
        }
        let action = match deed {
            Deed::Unready => PodAction::Unready,
            Deed::Ready => PodAction::Ready,
            Deed::Crash => PodAction::Crash,
            Deed::Fail => PodAction::Fail,
            Deed::Evict => PodAction::Evict,
            // What has a command was done above.
            _ => {
                self.pod = Some(menu.name.clone());
                self.tab = Tab::Inspector;
                return;
            }
        };
        let pod = match menu.namespace.as_deref() {
            None | Some("default") => menu.name.clone(),
            Some(namespace) => format!("{namespace}/{}", menu.name),
        };
        self.act(Input::Pod { pod, action });
        self.announcer.say((self.texts().hands.done)(deed, &menu.name));
    }

    fn open_node_menu(&mut self, name: &str, spot: Spot) {
        let Some(node) = self.engine.store().node(name) else { return };
        let mut items = node_items(node).to_vec();
        let ready = super::nodes::is_ready(node);
        let plain = |deed| MenuItem { deed, command: None, enabled: true };
        items.push(plain(if ready { Deed::Lose } else { Deed::Recover }));
        items.push(plain(Deed::Remove));
        self.hands.at = None;
        self.hands.menu = Some(Menu { name: name.to_owned(), namespace: None, spot, items });
    }
}

/// The lines of a pod's menu.
fn items(store: &Store, pod: &Pod, denied: bool) -> Vec<MenuItem> {
    let name = &pod.metadata.name;
    let stays = pod.metadata.deletion_timestamp.is_none();
    let acts = stays && pod.node_name.is_some() && !pod.status.phase.is_terminal();
    let runs = acts && pod.status.phase == PodPhase::Running;
    let plain = |deed, enabled| MenuItem { deed, command: None, enabled };
    let namespace = match &*pod.metadata.namespace {
        "default" => String::new(),
        other => format!(" -n {other}"),
    };
    let mut items = vec![
        plain(Deed::Inspect, true),
        MenuItem {
            deed: Deed::Delete,
            // A command that waits would end the one that waits in the terminal already.
            command: Some(format!("kubectl delete pod {name}{namespace} --wait=false")),
            enabled: stays,
        },
        plain(if denied { Deed::Ready } else { Deed::Unready }, runs),
        plain(Deed::Crash, runs),
        plain(Deed::Fail, acts),
        plain(Deed::Evict, stays),
    ];
    let node = pod.node_name.as_ref().and_then(|name| store.node(name));
    items.extend(node.into_iter().flat_map(|node| node_items(node)));
    items
}

fn node_items(node: &Node) -> [MenuItem; 2] {
    let name = &node.metadata.name;
    let cordoned = node.spec.unschedulable;
    let (deed, verb) = match cordoned {
        true => (Deed::Uncordon, "uncordon"),
        false => (Deed::Cordon, "cordon"),
    };
    let by = |deed, command| MenuItem { deed, command: Some(command), enabled: true };
    [
        by(deed, format!("kubectl {verb} {name}")),
        by(Deed::Drain, format!("kubectl drain {name} --ignore-daemonsets")),
    ]
}
