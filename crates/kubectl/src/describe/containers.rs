//! Containers, of a template or of a pod with their statuses. Models `describeContainers`.

use rollscope_api::Value;
use rollscope_api::order;

use super::writer::Writer;
use super::{env, probe, time};
use crate::value::{Peek, or, plain};

/// What the containers belong to.
#[derive(Clone, Copy)]
pub(super) enum Owner<'a> {
    /// A template: names are indented by one blank more, and nothing has a value yet.
    Template,
    /// A pod, whose own fields environment variables may refer to.
    Pod(&'a Value),
}

/// Writes a list of containers under a label.
pub(super) fn write(
    w: &mut Writer,
    label: &str,
    containers: &[Value],
    statuses: &[Value],
    owner: Owner<'_>,
) {
    let (indent, name_indent) = match owner {
        Owner::Template => ("  ", " "),
        Owner::Pod(_) => ("", ""),
    };
    let none = if containers.is_empty() { " <none>" } else { "" };
    w.put(0, &format!("{indent}{label}:{none}\n"));
    for container in containers {
        let name = container.text("name");
        // Of two statuses of one name the last one counts.
        let status = statuses.iter().rev().find(|status| status.text("name") == name);
        w.put(1, &format!("{name_indent}{name}:\n"));
        basics(w, container, status);
        command(w, "Command", container.items("command"));
        command(w, "Args", container.items("args"));
        if let Some(status) = status {
            state(w, status);
        }
        if let Some(resources) = container.at("resources") {
            write_resources(w, resources, 2);
        }
        for (title, field) in [
            ("Liveness", "livenessProbe"),
            ("Readiness", "readinessProbe"),
            ("Startup", "startupProbe"),
        ] {
            if let Some(probe) = container.at(field) {
                w.field(2, title, probe::text(probe));
            }
        }
        env::write(w, container, owner);
        mounts(w, container);
    }
}

fn basics(w: &mut Writer, container: &Value, status: Option<&Value>) {
    if let Some(status) = status {
        w.field(2, "Container ID", status.text("containerID"));
    }
    w.field(2, "Image", container.text("image"));
    if let Some(status) = status {
        w.field(2, "Image ID", status.text("imageID"));
    }
    for (title, field) in [("Port", "containerPort"), ("Host Port", "hostPort")] {
        let ports = ports(container.items("ports"), field);
        let plural = if ports.contains(',') { "s" } else { "" };
        w.put(2, &format!("{title}{plural}:\t{}\n", or(&ports, "<none>")));
    }
    seccomp_profile(w, 2, container);
}

/// The profile of a pod or of a container, which stands one level deeper.
pub(super) fn seccomp_profile(w: &mut Writer, level: usize, owner: &Value) {
    let Some(profile) = owner.at("securityContext.seccompProfile") else { return };
    w.field(level, "SeccompProfile", profile.text("type"));
    if profile.text("type") == "Localhost" {
        let deeper = if level == 0 { 0 } else { level + 1 };
        w.field(deeper, "LocalhostProfile", profile.text("localhostProfile"));
    }
}

/// `80/TCP (http), 9090/TCP`.
fn ports(ports: &[Value], number_field: &str) -> String {
    let texts: Vec<String> = ports
        .iter()
        .map(|port| {
            let text = format!("{}/{}", port.int(number_field), port.text("protocol"));
            match port.text("name") {
                "" => text,
                name => format!("{text} ({name})"),
            }
        })
        .collect();
    texts.join(", ")
}

/// One word a line, and a line for every line of a word.
fn command(w: &mut Writer, title: &str, words: &[Value]) {
    if words.is_empty() {
        return;
    }
    w.put(2, &format!("{title}:\n"));
    for line in words.iter().filter_map(Value::as_str).flat_map(|word| word.split('\n')) {
        w.put(3, &format!("{line}\n"));
    }
}

fn state(w: &mut Writer, status: &Value) {
    write_state(w, "State", status.at("state"));
    if status.has("lastState.terminated") {
        write_state(w, "Last State", status.at("lastState"));
    }
    w.field(2, "Ready", if status.flag("ready") { "True" } else { "False" });
    w.field(2, "Restart Count", status.int("restartCount"));
}

fn write_state(w: &mut Writer, title: &str, state: Option<&Value>) {
    let state = state.unwrap_or(&Value::Null);
    if let Some(running) = state.at("running") {
        w.field(2, title, "Running");
        w.field(3, "Started", time(running.at("startedAt")));
        return;
    }
    if let (Some(terminated), None) = (state.at("terminated"), state.at("waiting")) {
        w.field(2, title, "Terminated");
        for (title, field) in [("Reason", "reason"), ("Message", "message")] {
            if !terminated.text(field).is_empty() {
                w.field(3, title, terminated.text(field));
            }
        }
        w.field(3, "Exit Code", terminated.int("exitCode"));
        if terminated.int("signal") > 0 {
            w.field(3, "Signal", terminated.int("signal"));
        }
        w.field(3, "Started", time(terminated.at("startedAt")));
        w.field(3, "Finished", time(terminated.at("finishedAt")));
        return;
    }
    // No state at all is waiting, too.
    w.field(2, title, "Waiting");
    let reason = state.text("waiting.reason");
    if !reason.is_empty() {
        w.field(3, "Reason", reason);
    }
}

/// Limits and requests, each sorted by name.
pub(super) fn write_resources(w: &mut Writer, resources: &Value, level: usize) {
    for (title, field) in [("Limits", "limits"), ("Requests", "requests")] {
        let Some(quantities) = resources.fields(field) else { continue };
        w.put(level, &format!("{title}:\n"));
        for (name, quantity) in quantities {
            w.field(level + 1, name, plain(quantity));
        }
    }
}

fn mounts(w: &mut Writer, container: &Value) {
    let mut mounts: Vec<&Value> = container.items("volumeMounts").iter().collect();
    order::sort_by_key(&mut mounts, |mount| mount.text("mountPath"));
    let none = if mounts.is_empty() { "\t<none>" } else { "" };
    w.put(2, &format!("Mounts:{none}\n"));
    for mount in mounts {
        let mode = if mount.flag("readOnly") { "ro" } else { "rw" };
        let sub_path = match mount.text("subPath") {
            "" => String::new(),
            path => format!(",path={path:?}"),
        };
        let (path, name) = (mount.text("mountPath"), mount.text("name"));
        w.put(3, &format!("{path} from {name} ({mode}{sub_path})\n"));
    }
    let mut devices: Vec<&Value> = container.items("volumeDevices").iter().collect();
    if devices.is_empty() {
        return;
    }
    order::sort_by_key(&mut devices, |device| device.text("devicePath"));
    // Upstream asks for the mounts here: without mounts the devices are announced as none.
    w.put(2, &format!("Devices:{none}\n"));
    for device in devices {
        let line = format!("{} from {}\n", device.text("devicePath"), device.text("name"));
        w.put(3, &line);
    }
}
