//! `kubectl cluster-info`. Models `kubectl/pkg/cmd/clusterinfo/clusterinfo.go`.

use crate::command::{COMMAND, Command, Run};
use crate::waiting::Flow;

/// `cluster-info`
pub(crate) static CLUSTER_INFO: Command = Command {
    name: "cluster-info",
    short: "Show where the cluster is",
    examples: &["cluster-info"],
    subs: &[&DUMP],
    run: Run::Verb(|ctx| {
        ctx.println("Kubernetes control plane is running at rollscope://this-page");
        ctx.println("");
        ctx.println(
            "To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.",
        );
        Ok(Flow::Done)
    }),
    ..COMMAND
};

static DUMP: Command = Command {
    name: "dump",
    short: "Not part of the playground",
    run: Run::Absent("everything there is can be seen with get and describe"),
    ..COMMAND
};
