//! Commands that kubectl has and the playground has no room for, each with its reason.

use crate::command::{COMMAND, Command, Run};

const fn absent(name: &'static str, short: &'static str, why: &'static str) -> Command {
    Command { name, short, run: Run::Absent(why), ..COMMAND }
}

pub(crate) static CERTIFICATE: Command =
    absent("certificate", "Approve certificate requests", "there are no certificates");
pub(crate) static TOP: Command = Command {
    suggest_for: &["stats"],
    ..absent("top", "Show resource usage", "containers use no CPU and no memory here")
};
pub(crate) static LOGS: Command =
    absent("logs", "Print a container's output", "containers write nothing here");
pub(crate) static ATTACH: Command =
    absent("attach", "Attach to a container", "there are no processes behind the containers");
pub(crate) static EXEC: Command =
    absent("exec", "Run a program in a container", "there are no processes behind the containers");
pub(crate) static PORT_FORWARD: Command =
    absent("port-forward", "Forward a port to a pod", "there is no network behind the pods");
pub(crate) static PROXY: Command =
    absent("proxy", "Serve the API on this machine", "there is no server to reach");
pub(crate) static CP: Command =
    absent("cp", "Copy files to and from containers", "containers have no files here");
pub(crate) static AUTH: Command =
    absent("auth", "Inspect authorization", "there is one user who may do everything");
pub(crate) static DEBUG: Command =
    absent("debug", "Debug pods and nodes", "there are no processes behind the containers");
pub(crate) static KUSTOMIZE: Command =
    absent("kustomize", "Build a kustomization", "manifests are taken as they are");
pub(crate) static COMPLETION: Command = absent(
    "completion",
    "Print shell completion code",
    "the terminal completes with Tab by itself",
);
pub(crate) static CONFIG: Command =
    absent("config", "Change the configuration file", "there is one cluster and one user");
pub(crate) static PLUGIN: Command =
    absent("plugin", "List plugins", "there are no programs to plug in");
pub(crate) static KUBERC: Command =
    absent("kuberc", "Change preferences", "there is no preferences file");
