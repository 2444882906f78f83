//! What probes and hooks find when they ask a container.
//!
//! The texts are those of Go's network library, of the runtime and of the commands.
//! Models `pkg/kubelet/prober/prober.go` and `pkg/probe`.

use rollscope_api::{SimDuration, SimTime};

use super::go_time::duration;
use super::probe::ProbeKind;
use super::runtime::Record;
use super::spec::{Handler, Probe};
use crate::World;
use crate::world::ProbeRule;

/// An answer, and how long it takes to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// What went wrong; `None` for success.
    pub(super) failure: Option<String>,
    pub(super) takes: SimDuration,
}

/// A container that is asked, and by whom.
pub(super) struct Asked<'a> {
    pub(super) world: &'a World,
    pub(super) kind: ProbeKind,
    pub(super) image: &'a str,
    pub(super) record: &'a Record,
    /// The pod's address.
    pub(super) ip: &'a str,
    /// It is to say that it is not ready.
    pub(super) denied: bool,
    /// It will never be ready.
    pub(super) never_ready: bool,
    pub(super) now: SimTime,
}

/// How a container is when it is asked.
enum Condition<'a> {
    Well,
    /// It does not answer yet.
    NotYet,
    /// It answers that it is not ready, and will for ever.
    NeverReady,
    Hangs,
    /// A rule of the world says so.
    Ruled(&'a ProbeRule),
}

fn condition<'a>(asked: &Asked<'a>, handler: &Handler) -> Condition<'a> {
    let Asked { world, image, record, now, .. } = *asked;
    if asked.denied {
        return Condition::NeverReady;
    }
    if let Some(rule) = world.probe(image, &handler.question()) {
        let age = (now - record.started).as_millis();
        return if rule.fails_at(age) { Condition::Ruled(rule) } else { Condition::Well };
    }
    if record.hangs.is_some_and(|at| at <= now) {
        Condition::Hangs
    } else if now < record.ready {
        Condition::NotYet
    } else if asked.kind == ProbeKind::Readiness && asked.never_ready {
        Condition::NeverReady
    } else {
        Condition::Well
    }
}

/// The answer to a probe of a running container.
pub(super) fn answer(asked: &Asked<'_>, probe: &Probe) -> Answer {
    let (handler, ip) = (&probe.handler, asked.ip);
    let condition = condition(asked, handler);
    let rule = asked.world.probe(asked.image, &handler.question());
    let takes = handler.sleeps() + rule.map_or(SimDuration::ZERO, |rule| rule.takes_ms.max());
    let hangs = matches!(condition, Condition::Hangs) && !matches!(handler, Handler::Tcp { .. });
    if takes >= probe.timeout || hangs {
        let text = timed_out(handler, ip, probe.timeout);
        return Answer { failure: Some(text), takes: probe.timeout };
    }
    Answer { failure: failure(handler, &condition, ip, probe.timeout), takes }
}

fn failure(
    handler: &Handler,
    condition: &Condition<'_>,
    ip: &str,
    timeout: SimDuration,
) -> Option<String> {
    let refused = |target: &str| format!("dial tcp {target}: connect: connection refused");
    match (handler, condition) {
        (_, Condition::Well) | (Handler::Tcp { .. }, Condition::Hangs) => None,
        (Handler::Exec(_), Condition::Ruled(rule)) => Some(rule.output.clone()),
        (Handler::Http { .. }, Condition::Ruled(rule)) => {
            Some(format!("HTTP probe failed with statuscode: {}", rule.status_code))
        }
        (Handler::Http { .. }, Condition::NeverReady) => {
            Some("HTTP probe failed with statuscode: 503".to_owned())
        }
        (Handler::Grpc { .. }, Condition::NeverReady) => {
            Some("service unhealthy (responded with \"NOT_SERVING\")".to_owned())
        }
        (Handler::Http { .. }, _) => {
            let target = target(handler, ip);
            Some(format!("Get \"{}\": {}", url(handler, ip), refused(&target)))
        }
        (Handler::Tcp { .. }, _) => Some(refused(&target(handler, ip))),
        (Handler::Grpc { .. }, _) => Some(format!(
            "timeout: failed to connect service \"{}\" within {}: context deadline exceeded",
            target(handler, ip),
            duration(timeout)
        )),
        (Handler::Exec(command), _) => Some(match command.as_slice() {
            [program, file] if program == "cat" || program.ends_with("/cat") => {
                format!("cat: can't open '{file}': No such file or directory\n")
            }
            _ => String::new(),
        }),
        (Handler::Sleep(_), _) => None,
    }
}

fn timed_out(handler: &Handler, ip: &str, timeout: SimDuration) -> String {
    match handler {
        Handler::Exec(command) => {
            format!(
                "command timed out: {:?} timed out after {}",
                command.join(" "),
                duration(timeout)
            )
        }
        Handler::Grpc { .. } => {
            format!("timeout: health rpc did not complete within {}", duration(timeout))
        }
        Handler::Tcp { .. } => format!("dial tcp {}: i/o timeout", target(handler, ip)),
        _ => format!(
            "Get \"{}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
            url(handler, ip)
        ),
    }
}

fn target(handler: &Handler, ip: &str) -> String {
    match handler {
        Handler::Http { host, port, .. } | Handler::Tcp { host, port } => {
            format!("{}:{port}", if host.is_empty() { ip } else { host })
        }
        Handler::Grpc { port } => format!("{ip}:{port}"),
        _ => String::new(),
    }
}

fn url(handler: &Handler, ip: &str) -> String {
    match handler {
        Handler::Http { scheme, path, .. } => format!("{scheme}://{}{path}", target(handler, ip)),
        _ => String::new(),
    }
}

/// The next moment at which the answer to a probe may be another, if there is one.
pub(super) fn next_change(
    world: &World,
    probe: &Probe,
    image: &str,
    record: &Record,
    now: SimTime,
) -> Option<SimTime> {
    let moments = match world.probe(image, &probe.handler.question()) {
        Some(rule) => [rule.fails_before_ms, rule.fails_after_ms]
            .map(|ms| Some(record.started + SimDuration::from_millis(i64::from(ms?)))),
        None => [Some(record.ready), record.hangs],
    };
    moments.into_iter().flatten().filter(|moment| *moment > now).min()
}

/// What a lifecycle hook of a container of that age finds. The failure says what went wrong, as
/// the kubelet words it after `failed - error: `. Models `pkg/kubelet/lifecycle/handlers.go`.
pub(super) fn hook(world: &World, handler: &Handler, image: &str, ip: &str, age_ms: i64) -> Answer {
    let rule = world.probe(image, &handler.question());
    let takes = handler.sleeps() + rule.map_or(SimDuration::ZERO, |rule| rule.takes_ms.max());
    let rule = rule.filter(|rule| rule.fails_at(age_ms));
    let failure = match (handler, rule) {
        // There is no such hook, although validation lets it through.
        (Handler::Tcp { .. }, _) => Some("invalid handler".to_owned()),
        (_, None) => None,
        (Handler::Exec(command), Some(rule)) => Some(format!(
            "command '{}' exited with 1: {}, message: {:?}",
            command.join(" "),
            if rule.on_stdout { "" } else { &rule.output },
            rule.output
        )),
        (_, Some(_)) => {
            let target = target(handler, ip);
            let url = url(handler, ip);
            Some(format!("Get \"{url}\": dial tcp {target}: connect: connection refused"))
        }
    };
    Answer { failure, takes }
}

/// What a container waits for whose postStart hook has failed.
pub(super) fn hook_failed(handler: &Handler, container: &str, pod: &str, error: &str) -> String {
    let (kind, what) = match handler {
        Handler::Exec(command) => ("Exec", format!("[{}]", command.join(" "))),
        Handler::Http { path, .. } => ("HTTP", path.clone()),
        Handler::Sleep(span) => ("Sleep", span.as_secs().to_string()),
        Handler::Tcp { host, port } => {
            return format!(
                "Cannot run handler: {error}: &LifecycleHandler{{Exec:nil,HTTPGet:nil,\
                 TCPSocket:&TCPSocketAction{{Port:{{0 {port} }},Host:{host},}},Sleep:nil,}}"
            );
        }
        Handler::Grpc { .. } => ("gRPC", String::new()),
    };
    format!(
        "{kind} lifecycle hook ({what}) for Container \"{container}\" in Pod \"{pod}\" failed - \
         error: {error}"
    )
}
