//! What happens to the machines of a running cluster, and how its world is replaced.

use std::rc::Rc;

use rollscope_api::object::Node;

use crate::controller::node_lifecycle;
use crate::core::Core;
use crate::world::{NodeGroup, WorldError};
use crate::{Cluster, Ctx, Pace, World, kubelet, traffic, watch};

/// What happens to one machine. Cordoning, draining and tainting are commands and no part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MachineAction {
    /// A machine of this make joins: its kubelet registers a Node. Nothing happens if there is a
    /// Node of that name.
    Add(NodeGroup),
    /// The machine is taken away for good, and its Node object with it.
    Remove,
    /// The machine's network is cut: its kubelet is not heard of, and nobody reaches its pods,
    /// which go on running there.
    Lose,
    /// The network is back.
    Recover,
}

impl Cluster {
    /// Lets something happen to a machine. Returns whether anything did: there may be no such
    /// machine, or already one, or it is (not) lost. Where nodes are played, machines only join.
    pub fn act_on_machine(&mut self, name: &str, action: &MachineAction) -> bool {
        if self.core.pace != Pace::Live && !matches!(action, MachineAction::Add(_)) {
            return false;
        }
        let (core, agents) = (&mut self.core, &mut self.agents);
        match action {
            MachineAction::Add(machine) => {
                if core.store.node(name).is_some() {
                    return false;
                }
                core.register_node(name, machine);
                watch::node_written(core, name);
                kubelet::machine_added(agents, &mut Ctx { core }, name);
            }
            MachineAction::Remove => {
                if core.store.node(name).is_none() {
                    return false;
                }
                kubelet::machine_lost(agents, &mut Ctx { core }, name);
                traffic::node_lost(&mut core.traffic, name, true, core.now);
                core.store.remove_node(name);
                watch::node_removed(core, name);
            }
            MachineAction::Lose => {
                if core.store.node(name).is_none() || kubelet::is_lost(agents, name) {
                    return false;
                }
                kubelet::machine_lost(agents, &mut Ctx { core }, name);
                traffic::node_lost(&mut core.traffic, name, false, core.now);
                node_lifecycle::fell_silent(core, name);
            }
            MachineAction::Recover => {
                if core.store.node(name).is_none() || !kubelet::is_lost(agents, name) {
                    return false;
                }
                kubelet::machine_recovered(agents, &mut Ctx { core }, name);
                traffic::node_recovered(core, name);
                node_lifecycle::came_back(core, name);
            }
        }
        true
    }

    /// Whether the network of a machine is cut.
    pub fn is_machine_lost(&self, name: &str) -> bool {
        kubelet::is_lost(&self.agents, name)
    }

    /// Replaces what the script says about images, probes, traffic and times from now on. What has
    /// begun ends as it was going to; the nodes stay, as they change by [`MachineAction`]s alone.
    ///
    /// # Errors
    /// The first value that makes no sense; nothing is changed then.
    pub fn set_world(&mut self, world: World) -> Result<(), WorldError> {
        world.validate()?;
        let nodes = self.core.world.nodes.clone();
        self.core.world = Rc::new(World { nodes, ..world });
        traffic::world_changed(&mut self.core);
        kubelet::world_changed(&mut self.agents, &mut Ctx { core: &mut self.core });
        Ok(())
    }
}

impl Core {
    /// The Node of a machine, as its kubelet registers it.
    pub(crate) fn register_node(&mut self, name: &str, machine: &NodeGroup) {
        let mut node = machine.object(name, self.machines, self.now);
        self.machines += 1;
        traffic::node_joined(&mut self.traffic, name, self.now);
        if self.pace == Pace::Live {
            node.spec.pod_cidr = self.addresses.block(machine.pods);
            node.spec.pod_cidrs = vec![node.spec.pod_cidr.clone()];
        }
        node.metadata.uid = self.new_uid();
        self.store.put_node(node);
    }

    /// Stores a node.
    pub(crate) fn put_node(&mut self, node: Node) -> Rc<Node> {
        let stored = self.store.put_node(node);
        watch::node_written(self, &stored.metadata.name);
        stored
    }
}
