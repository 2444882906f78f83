//! The fields of a world, one by one: each can be read as text, written from text, and named as
//! the world's own validation names it.

use rollscope_sim::World;
use rollscope_sim::world::{ImageRule, NodeGroup, Range, TrafficBegins};

/// One value of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Of the group of nodes with this number.
    Node(usize, NodeField),
    /// Of the image rule with this number.
    Image(usize, ImageField),
    /// Of the clients.
    Traffic(TrafficField),
    /// Of the way from a pod to the proxies, and of the machinery.
    Time(TimeField),
}

/// A value of a group of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after the field it is")]
pub enum NodeField {
    Name,
    Count,
    Cpu,
    Memory,
    Pods,
}

/// A value of an image rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after the field it is")]
pub enum ImageField {
    Image,
    Missing,
    Error,
    Present,
    PullMs,
    RepullMs,
    SizeMib,
    StartMs,
    StartError,
    ReadyMs,
    NeverReady,
    HangsAfterMs,
    CrashAfterMs,
    ExitCode,
    Oom,
    IgnoresSigterm,
    StopMs,
    StopExitCode,
    LatencyMs,
    ErrorPercent,
}

/// A value of the clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after the field it is")]
pub enum TrafficField {
    RequestsPerSecond,
    Service,
    FromTheStart,
    TimeoutMs,
}

/// A span of the machinery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "each is named after the field it is")]
pub enum TimeField {
    EndpointSliceMs,
    ProxyMs,
    SandboxMs,
    BindMs,
}

/// Why a text is no value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is no whole number.
    NoNumber,
    /// It is less than nothing.
    Negative,
    /// It is larger than any number that makes sense.
    Absurd,
    /// It is no span: a number of milliseconds, or two with a dash between them.
    NoRange,
}

/// How a field is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Words.
    Text,
    /// A whole number.
    Number,
    /// Milliseconds, or the least and the most.
    Range,
    /// As `Range`, or nothing at all.
    OptionalRange,
    /// Yes or no.
    Switch,
}

impl NodeField {
    /// In the order they are entered in.
    pub const ALL: [Self; 5] = [Self::Name, Self::Count, Self::Cpu, Self::Memory, Self::Pods];

    /// As the world's validation names it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Count => "count",
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Pods => "pods",
        }
    }
}

impl ImageField {
    /// In the order of a container's life.
    pub const ALL: [Self; 20] = [
        Self::Image,
        Self::Present,
        Self::PullMs,
        Self::RepullMs,
        Self::SizeMib,
        Self::Missing,
        Self::Error,
        Self::StartMs,
        Self::StartError,
        Self::ReadyMs,
        Self::NeverReady,
        Self::HangsAfterMs,
        Self::CrashAfterMs,
        Self::ExitCode,
        Self::Oom,
        Self::StopMs,
        Self::StopExitCode,
        Self::IgnoresSigterm,
        Self::LatencyMs,
        Self::ErrorPercent,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Missing => "missing",
            Self::Error => "error",
            Self::Present => "present",
            Self::PullMs => "pull_ms",
            Self::RepullMs => "repull_ms",
            Self::SizeMib => "size_mib",
            Self::StartMs => "start_ms",
            Self::StartError => "start_error",
            Self::ReadyMs => "ready_ms",
            Self::NeverReady => "never_ready",
            Self::HangsAfterMs => "hangs_after_ms",
            Self::CrashAfterMs => "crash_after_ms",
            Self::ExitCode => "exit_code",
            Self::Oom => "oom",
            Self::IgnoresSigterm => "ignores_sigterm",
            Self::StopMs => "stop_ms",
            Self::StopExitCode => "stop_exit_code",
            Self::LatencyMs => "latency_ms",
            Self::ErrorPercent => "error_percent",
        }
    }
}

impl TrafficField {
    /// In their order.
    pub const ALL: [Self; 4] =
        [Self::RequestsPerSecond, Self::Service, Self::FromTheStart, Self::TimeoutMs];

    const fn key(self) -> &'static str {
        match self {
            Self::RequestsPerSecond => "requests_per_second",
            Self::Service => "service",
            Self::FromTheStart => "begins",
            Self::TimeoutMs => "timeout_ms",
        }
    }
}

impl TimeField {
    /// In their order.
    pub const ALL: [Self; 4] =
        [Self::EndpointSliceMs, Self::ProxyMs, Self::SandboxMs, Self::BindMs];
}

/// A value as it lies in the world.
enum Place<'a> {
    Text(&'a mut String),
    OptionalText(&'a mut Option<String>),
    Number(&'a mut u32),
    Code(&'a mut i32),
    Range(&'a mut Range),
    OptionalRange(&'a mut Option<Range>),
    Switch(&'a mut bool),
    Begins(&'a mut TrafficBegins),
}

impl Field {
    /// As the world's validation names it: `images[0].pull_ms`.
    pub fn path(self) -> String {
        match self {
            Self::Node(at, field) => format!("nodes[{at}].{}", field.key()),
            Self::Image(at, field) => format!("images[{at}].{}", field.key()),
            Self::Traffic(field) => format!("traffic.{}", field.key()),
            Self::Time(TimeField::EndpointSliceMs) => "delays.endpoint_slice_ms".to_owned(),
            Self::Time(TimeField::ProxyMs) => "delays.proxy_ms".to_owned(),
            Self::Time(TimeField::SandboxMs) => "kubelet.sandbox_ms".to_owned(),
            Self::Time(TimeField::BindMs) => "scheduler.bind_ms".to_owned(),
        }
    }

    /// How it is entered.
    pub fn entry(self) -> Entry {
        // Any world tells of what kind a field is, so long as it has one of each.
        let mut world = World { images: vec![ImageRule::default()], ..World::default() };
        world.nodes.0.truncate(1);
        match self.at_first().place(&mut world) {
            Some(Place::Text(_) | Place::OptionalText(_)) | None => Entry::Text,
            Some(Place::Number(_) | Place::Code(_)) => Entry::Number,
            Some(Place::Range(_)) => Entry::Range,
            Some(Place::OptionalRange(_)) => Entry::OptionalRange,
            Some(Place::Switch(_) | Place::Begins(_)) => Entry::Switch,
        }
    }

    /// The value that it has where nobody has written another.
    pub fn usual(self) -> String {
        let mut world = World { images: vec![ImageRule::default()], ..World::default() };
        world.nodes.0.truncate(1);
        self.at_first().text(&world)
    }

    fn at_first(self) -> Self {
        match self {
            Self::Node(_, field) => Self::Node(0, field),
            Self::Image(_, field) => Self::Image(0, field),
            other => other,
        }
    }

    /// The value as text; switches are `true` or empty.
    pub fn text(self, world: &World) -> String {
        let mut world = world.clone();
        match self.place(&mut world) {
            None => String::new(),
            Some(Place::Text(text)) => text.clone(),
            Some(Place::OptionalText(text)) => text.clone().unwrap_or_default(),
            Some(Place::Number(number)) => number.to_string(),
            Some(Place::Code(code)) => code.to_string(),
            Some(Place::Range(range)) => range_text(*range),
            Some(Place::OptionalRange(range)) => range.map_or_else(String::new, range_text),
            Some(Place::Switch(is)) => switch_text(*is),
            Some(Place::Begins(begins)) => switch_text(*begins == TrafficBegins::Service),
        }
    }

    /// Writes the value that a text says into the world.
    ///
    /// # Errors
    /// The text says no such value; the world stays as it is.
    pub fn set(self, world: &mut World, text: &str) -> Result<(), Unreadable> {
        let text = text.trim();
        match self.place(world) {
            None => {}
            Some(Place::Text(place)) => *place = text.to_owned(),
            Some(Place::OptionalText(place)) => {
                *place = (!text.is_empty()).then(|| text.to_owned());
            }
            Some(Place::Number(place)) => *place = whole(text)?,
            Some(Place::Code(place)) => {
                *place = i32::try_from(whole(text)?).map_err(|_| Unreadable::Absurd)?;
            }
            Some(Place::Range(place)) => *place = range(text)?,
            Some(Place::OptionalRange(place)) => {
                *place = if text.is_empty() { None } else { Some(range(text)?) };
            }
            Some(Place::Switch(place)) => *place = !text.is_empty(),
            Some(Place::Begins(place)) => {
                *place = match text.is_empty() {
                    true => TrafficBegins::FirstEndpoint,
                    false => TrafficBegins::Service,
                };
            }
        }
        Ok(())
    }

    fn place(self, world: &mut World) -> Option<Place<'_>> {
        Some(match self {
            Self::Node(at, field) => node_place(world.nodes.0.get_mut(at)?, field),
            Self::Image(at, field) => image_place(world.images.get_mut(at)?, field),
            Self::Traffic(field) => {
                let traffic = &mut world.traffic;
                match field {
                    TrafficField::RequestsPerSecond => {
                        Place::Number(&mut traffic.requests_per_second)
                    }
                    TrafficField::Service => Place::Text(&mut traffic.service),
                    TrafficField::FromTheStart => Place::Begins(&mut traffic.begins),
                    TrafficField::TimeoutMs => Place::Number(&mut traffic.timeout_ms),
                }
            }
            Self::Time(field) => Place::Range(match field {
                TimeField::EndpointSliceMs => &mut world.delays.endpoint_slice_ms,
                TimeField::ProxyMs => &mut world.delays.proxy_ms,
                TimeField::SandboxMs => &mut world.kubelet.sandbox_ms,
                TimeField::BindMs => &mut world.scheduler.bind_ms,
            }),
        })
    }
}

fn node_place(group: &mut NodeGroup, field: NodeField) -> Place<'_> {
    match field {
        NodeField::Name => Place::OptionalText(&mut group.name),
        NodeField::Count => Place::Number(&mut group.count),
        NodeField::Cpu => Place::Text(&mut group.cpu),
        NodeField::Memory => Place::Text(&mut group.memory),
        NodeField::Pods => Place::Number(&mut group.pods),
    }
}

fn image_place(rule: &mut ImageRule, field: ImageField) -> Place<'_> {
    match field {
        ImageField::Image => Place::Text(&mut rule.image),
        ImageField::Missing => Place::Switch(&mut rule.missing),
        ImageField::Error => Place::OptionalText(&mut rule.error),
        ImageField::Present => Place::Switch(&mut rule.present),
        ImageField::PullMs => Place::Range(&mut rule.pull_ms),
        ImageField::RepullMs => Place::Range(&mut rule.repull_ms),
        ImageField::SizeMib => Place::Number(&mut rule.size_mib),
        ImageField::StartMs => Place::Range(&mut rule.start_ms),
        ImageField::StartError => Place::OptionalText(&mut rule.start_error),
        ImageField::ReadyMs => Place::Range(&mut rule.ready_ms),
        ImageField::NeverReady => Place::Switch(&mut rule.never_ready),
        ImageField::HangsAfterMs => Place::OptionalRange(&mut rule.hangs_after_ms),
        ImageField::CrashAfterMs => Place::OptionalRange(&mut rule.crash_after_ms),
        ImageField::ExitCode => Place::Code(&mut rule.exit_code),
        ImageField::Oom => Place::Switch(&mut rule.oom),
        ImageField::IgnoresSigterm => Place::Switch(&mut rule.ignores_sigterm),
        ImageField::StopMs => Place::Range(&mut rule.stop_ms),
        ImageField::StopExitCode => Place::Code(&mut rule.stop_exit_code),
        ImageField::LatencyMs => Place::Range(&mut rule.latency_ms),
        ImageField::ErrorPercent => Place::Number(&mut rule.error_percent),
    }
}

fn switch_text(is: bool) -> String {
    if is { "true".to_owned() } else { String::new() }
}

fn range_text(range: Range) -> String {
    match range.min_ms == range.max_ms {
        true => range.min_ms.to_string(),
        false => format!("{}–{}", range.min_ms, range.max_ms),
    }
}

/// A whole number that is not negative.
fn whole(text: &str) -> Result<u32, Unreadable> {
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Unreadable::NoNumber);
    }
    if negative {
        return Err(Unreadable::Negative);
    }
    digits.parse().map_err(|_| Unreadable::Absurd)
}

/// One number of milliseconds, or two with a dash, two dots or a comma between them. Whether the
/// least comes first is the world's to say.
fn range(text: &str) -> Result<Range, Unreadable> {
    let inner = text.trim_start_matches('[').trim_end_matches(']').trim();
    let sign = inner.chars().next().filter(|c| ['-', '−'].contains(c)).map_or(0, char::len_utf8);
    let split = inner[sign..].find(['-', '–', '—', ',', '.']).map(|at| at + sign);
    let ms = |text: &str| {
        let text = text.trim();
        let text = text.strip_suffix("ms").map_or(text, str::trim);
        whole(text).map_err(|wrong| match wrong {
            Unreadable::NoNumber => Unreadable::NoRange,
            other => other,
        })
    };
    let Some(at) = split else { return Ok(Range::exactly(ms(inner)?)) };
    let rest = inner[at..].trim_start_matches(['–', '—', ',', '.']);
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    Ok(Range::new(ms(&inner[..at])?, ms(rest)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_in_several_ways() {
        let read = |text| range(text).map(range_text);
        for text in ["20–40", "20-40", "20 - 40", "20..40", "[20, 40]", "20ms – 40 ms"] {
            assert_eq!(read(text).as_deref(), Ok("20–40"), "{text}");
        }
        assert_eq!(read("7").as_deref(), Ok("7"));
        assert_eq!(read("40-20").as_deref(), Ok("40–20"), "the world refuses it, not the reader");
        for (text, wrong) in [
            ("-5", Unreadable::Negative),
            ("5--7", Unreadable::Negative),
            ("", Unreadable::NoRange),
            ("soon", Unreadable::NoRange),
            ("1-2-3", Unreadable::NoRange),
            ("99999999999", Unreadable::Absurd),
        ] {
            assert_eq!(read(text), Err(wrong), "{text}");
        }
    }

    #[test]
    fn every_field_reads_what_it_writes() {
        let mut world = World { images: vec![ImageRule::default()], ..World::default() };
        let nodes = NodeField::ALL.map(|field| Field::Node(0, field));
        let images = ImageField::ALL.map(|field| Field::Image(0, field));
        let traffic = TrafficField::ALL.map(Field::Traffic);
        let times = TimeField::ALL.map(Field::Time);
        let all = nodes.iter().chain(&images).chain(&traffic).chain(&times);
        for field in all {
            let text = match field.entry() {
                Entry::Text => "12",
                Entry::Number => "12",
                Entry::Range | Entry::OptionalRange => "3–12",
                Entry::Switch => "true",
            };
            let before = world.clone();
            assert_eq!(field.set(&mut world, text), Ok(()));
            assert_ne!(world, before, "{}", field.path());
            assert_eq!(field.text(&world), text, "{}", field.path());
        }
        assert_eq!(world.validate(), Ok(()));
    }
}
