//! What the world panel says.

use rollscope_sim::world::WorldProblem;

use super::particle::topic;
use crate::model::world::{Preset, Problem};
use crate::model::world_field::{
    Field, ImageField, NodeField, TimeField, TrafficField, Unreadable,
};

/// The sentences of one language.
#[allow(missing_docs, reason = "each field is named after what it says")]
pub struct WorldTexts {
    pub title: &'static str,
    pub intro_fresh: &'static str,
    pub intro_running: &'static str,
    pub presets: &'static str,
    pub preset: fn(Preset) -> &'static str,
    pub nodes: &'static str,
    pub add_nodes: &'static str,
    pub remove: &'static str,
    pub remove_nodes: fn(usize) -> String,
    pub images: &'static str,
    pub images_note: &'static str,
    pub no_images: &'static str,
    pub add_image: &'static str,
    pub remove_image: fn(&str) -> String,
    pub raise: &'static str,
    pub idle: &'static str,
    pub more: &'static str,
    pub traffic: &'static str,
    pub traffic_note: &'static str,
    pub times: &'static str,
    pub label: fn(Field) -> &'static str,
    pub field_of: fn(&str, Field) -> String,
    unreadable: fn(Unreadable) -> &'static str,
    invalid: fn(&WorldProblem) -> String,
    pub refused: fn() -> &'static str,
    pub in_use: fn() -> &'static str,
    name_taken: fn(&str) -> String,
    pub use_it: &'static str,
    pub revert: &'static str,
    pub draft_kept: &'static str,
    pub add_machine: &'static str,
    pub ready: &'static str,
    pub not_ready: &'static str,
    pub cordoned: &'static str,
    pub node_pods: fn(i64, i64) -> String,
    pub cordon: &'static str,
    pub uncordon: &'static str,
    pub drain: &'static str,
    pub lose: &'static str,
    pub recover: &'static str,
    pub on_node: fn(&str, &str) -> String,
}

impl WorldTexts {
    /// What is wrong with a value.
    pub fn problem(&self, problem: &Problem) -> String {
        match problem {
            Problem::Unreadable(wrong) => (self.unreadable)(*wrong).to_owned(),
            Problem::Invalid(wrong) => (self.invalid)(wrong),
            Problem::NameTaken(name) => (self.name_taken)(name),
        }
    }
}

/// English.
pub(super) static ENGLISH: WorldTexts = WorldTexts {
    title: "World",
    intro_fresh: "What a manifest cannot say: the machines, what images do, what clients send, how long things take. It is the world this session begins with.",
    intro_running: "What a manifest cannot say. The cluster runs: changes to images, traffic and times hold from this moment on and are part of the session, like everything you do.",
    presets: "Ready-made",
    preset: |preset| match preset {
        Preset::Usual => "The usual world",
        Preset::RoomForThree => "One node, room for 3 pods",
        Preset::ManyNodes => "Thirty nodes",
        Preset::SlowImages => "Slow images",
        Preset::SlowProxies => "Slow proxies",
        Preset::Busy => "Busy: 200 requests a second",
    },
    nodes: "Nodes",
    add_nodes: "More nodes",
    remove: "Remove",
    remove_nodes: |number| format!("Remove nodes {}", number + 1),
    images: "Images",
    images_note: "The first rule whose pattern matches counts; * stands for any text. Behind yours stand rules for telling tags: :missing, :bad, :crash, :oom, :slow, :never-ready, :hangs, :stubborn.",
    no_images: "No rules of your own: every image takes the usual times.",
    add_image: "Another rule",
    remove_image: |image| format!("Remove the rule for {image}"),
    raise: "Move up",
    idle: "No container has such an image, and no file here asks for one.",
    more: "More",
    traffic: "Traffic",
    traffic_note: "Clients send to every Service whose name matches. 0 is none.",
    times: "Delays",
    label: |field| match field {
        Field::Node(_, field) => match field {
            NodeField::Name => "Name",
            NodeField::Count => "Count",
            NodeField::Cpu => "CPU",
            NodeField::Memory => "Memory",
            NodeField::Pods => "Pods",
        },
        Field::Image(_, field) => match field {
            ImageField::Image => "Image",
            ImageField::Missing => "Not in the registry",
            ImageField::Error => "Registry's answer",
            ImageField::Present => "On every node already",
            ImageField::PullMs => "Pull (ms)",
            ImageField::RepullMs => "Pull again (ms)",
            ImageField::SizeMib => "Size (MiB)",
            ImageField::StartMs => "Start (ms)",
            ImageField::StartError => "Cannot start: error",
            ImageField::ReadyMs => "Until ready (ms)",
            ImageField::NeverReady => "Never ready",
            ImageField::HangsAfterMs => "Hangs after (ms)",
            ImageField::CrashAfterMs => "Crashes after (ms)",
            ImageField::ExitCode => "Exit code",
            ImageField::Oom => "Out of memory",
            ImageField::IgnoresSigterm => "Ignores SIGTERM",
            ImageField::StopMs => "Shuts down in (ms)",
            ImageField::StopExitCode => "Exit code then",
            ImageField::LatencyMs => "Answers in (ms)",
            ImageField::ErrorPercent => "Errors (%)",
        },
        Field::Traffic(field) => match field {
            TrafficField::RequestsPerSecond => "Requests a second",
            TrafficField::Service => "To Services",
            TrafficField::FromTheStart => "Also before the first endpoint",
            TrafficField::TimeoutMs => "Patience (ms)",
        },
        Field::Time(field) => match field {
            TimeField::EndpointSliceMs => "Pod to EndpointSlice (ms)",
            TimeField::ProxyMs => "EndpointSlice to proxies (ms)",
            TimeField::SandboxMs => "Sandbox and network (ms)",
            TimeField::BindMs => "Scheduling (ms)",
        },
    },
    field_of: |what, field| format!("{what} {}", (ENGLISH.label)(field)),
    unreadable: |wrong| match wrong {
        Unreadable::NoNumber => "A whole number is wanted here.",
        Unreadable::Negative => "It cannot be less than 0.",
        Unreadable::Absurd => "That is absurdly much.",
        Unreadable::NoRange => "Milliseconds are wanted: 500, or 200–900.",
    },
    invalid: WorldProblem::to_string,
    refused: || "the world makes no sense yet; what is wrong is marked",
    in_use: || "The world is in use.",
    name_taken: |name| format!("There is a node {name} already."),
    use_it: "Use this world",
    revert: "As it is now",
    draft_kept: "not in use yet",
    add_machine: "Add node",
    ready: "Ready",
    not_ready: "NotReady",
    cordoned: "cordoned",
    node_pods: |used, of| format!("{used} of {of} pods"),
    cordon: "Cordon",
    uncordon: "Uncordon",
    drain: "Drain",
    lose: "Lose",
    recover: "Recover",
    on_node: |what, node| format!("{what} {node}"),
};

fn korean_problem(problem: &WorldProblem) -> String {
    match problem {
        WorldProblem::TooManyNodes { nodes, most } => {
            format!("노드 {nodes}개는 너무 많습니다. {most}개까지입니다")
        }
        WorldProblem::SameName(name) => format!("이름이 \"{name}\"인 노드가 둘입니다"),
        WorldProblem::NoName(name) => {
            format!("\"{name}\"은(는) 이름으로 쓸 수 없습니다. 소문자, 숫자, -, .만 쓸 수 있습니다")
        }
        WorldProblem::OneMachine => "옆에 적힌 이름으로 노드 하나만 추가할 수 있습니다".to_owned(),
        WorldProblem::TooManyPods { pods } => format!("{} 너무 많습니다", topic(pods)),
        WorldProblem::NoQuantity { text, why } => {
            format!("\"{text}\"은(는) 수량이 아닙니다: {why}")
        }
        WorldProblem::NegativeQuantity(text) => format!("\"{text}\"은(는) 음수입니다"),
        WorldProblem::TaintWithoutKey => "taint에는 키가 있어야 합니다".to_owned(),
        WorldProblem::NoTaintEffect(effect) => format!(
            "\"{effect}\"은(는) NoSchedule, PreferNoSchedule, NoExecute 가운데 하나가 아닙니다"
        ),
        WorldProblem::TooManyRules { most } => format!("규칙은 {most}개까지입니다"),
        WorldProblem::EmptyPattern => {
            "빈 패턴에는 어떤 이미지도 맞지 않습니다. *는 모든 이미지에 맞습니다".to_owned()
        }
        WorldProblem::LongPattern => "패턴이 너무 깁니다".to_owned(),
        WorldProblem::Reversed { min_ms, max_ms } => {
            format!("[{min_ms}, {max_ms}]의 순서가 거꾸로입니다. 작은 값을 먼저 적으세요")
        }
        WorldProblem::LongSpan { ms } => {
            format!("{ms} ms는 너무 깁니다. 하루까지 쓸 수 있습니다")
        }
        WorldProblem::NotBetween { value, least, most, unit } => {
            format!("{value}{unit}: {least}에서 {most} 사이여야 합니다")
        }
        WorldProblem::MoreThan { value, most } => format!("{} {most}보다 큽니다", topic(value)),
        WorldProblem::TooLarge { mib } => format!("{} 너무 큽니다", topic(mib)),
        WorldProblem::TextLength { most } => {
            format!("텍스트는 1바이트에서 {most}바이트까지 쓸 수 있습니다")
        }
        WorldProblem::TooManyRequests { rate, most } => {
            format!("초당 요청 {rate}개는 너무 많습니다. {most}개까지입니다")
        }
        WorldProblem::NoHttpFailure(code) => {
            format!("{} HTTP 실패 코드가 아닙니다. 400에서 599까지 쓸 수 있습니다", topic(code))
        }
        WorldProblem::LongOutput => "출력이 너무 깁니다".to_owned(),
    }
}

/// 한국어.
pub(super) static KOREAN: WorldTexts = WorldTexts {
    title: "환경",
    intro_fresh: "매니페스트에 적을 수 없는 것들입니다. 노드, 이미지의 동작, 트래픽, 지연 시간을 정합니다. 이 세션은 이 환경에서 시작합니다.",
    intro_running: "매니페스트에 적을 수 없는 것들입니다. 클러스터가 실행 중이므로 이미지, 트래픽, 지연 시간의 변경은 지금 시점부터 적용되며, 다른 동작처럼 세션에 기록됩니다.",
    presets: "준비된 환경",
    preset: |preset| match preset {
        Preset::Usual => "기본 환경",
        Preset::RoomForThree => "노드 1개, 파드 3개 자리",
        Preset::ManyNodes => "노드 30개",
        Preset::SlowImages => "느린 이미지",
        Preset::SlowProxies => "느린 프록시",
        Preset::Busy => "많은 요청: 초당 200개",
    },
    nodes: "노드",
    add_nodes: "노드 추가",
    remove: "삭제",
    remove_nodes: |number| format!("노드 묶음 {} 삭제", number + 1),
    images: "이미지",
    images_note: "패턴이 처음으로 맞는 규칙이 적용됩니다. *는 임의의 문자열입니다. 맞는 규칙이 없으면 태그가 동작을 정합니다: :missing, :bad, :crash, :oom, :slow, :never-ready, :hangs, :stubborn.",
    no_images: "규칙이 없습니다. 모든 이미지가 기본 시간만큼 걸립니다.",
    add_image: "규칙 추가",
    remove_image: |image| format!("{image} 규칙 삭제"),
    raise: "위로",
    idle: "이 패턴에 맞는 이미지가 실행 중인 컨테이너에도, 파일에도 없습니다.",
    more: "더 보기",
    traffic: "트래픽",
    traffic_note: "이름이 맞는 모든 Service로 클라이언트가 요청을 보냅니다. 0이면 보내지 않습니다.",
    times: "지연",
    label: |field| match field {
        Field::Node(_, field) => match field {
            NodeField::Name => "이름",
            NodeField::Count => "개수",
            NodeField::Cpu => "CPU",
            NodeField::Memory => "메모리",
            NodeField::Pods => "파드",
        },
        Field::Image(_, field) => match field {
            ImageField::Image => "이미지",
            ImageField::Missing => "레지스트리에 없음",
            ImageField::Error => "레지스트리 응답",
            ImageField::Present => "모든 노드에 이미 있음",
            ImageField::PullMs => "내려받기 (ms)",
            ImageField::RepullMs => "다시 내려받기 (ms)",
            ImageField::SizeMib => "크기 (MiB)",
            ImageField::StartMs => "시작 (ms)",
            ImageField::StartError => "시작 오류",
            ImageField::ReadyMs => "준비까지 (ms)",
            ImageField::NeverReady => "준비되지 않음",
            ImageField::HangsAfterMs => "응답이 멈출 때까지 (ms)",
            ImageField::CrashAfterMs => "크래시까지 (ms)",
            ImageField::ExitCode => "종료 코드",
            ImageField::Oom => "메모리 부족",
            ImageField::IgnoresSigterm => "SIGTERM 무시",
            ImageField::StopMs => "종료 소요 (ms)",
            ImageField::StopExitCode => "종료할 때 종료 코드",
            ImageField::LatencyMs => "응답 시간 (ms)",
            ImageField::ErrorPercent => "오류율 (%)",
        },
        Field::Traffic(field) => match field {
            TrafficField::RequestsPerSecond => "초당 요청",
            TrafficField::Service => "대상 Service",
            TrafficField::FromTheStart => "첫 엔드포인트가 생기기 전에도",
            TrafficField::TimeoutMs => "타임아웃 (ms)",
        },
        Field::Time(field) => match field {
            TimeField::EndpointSliceMs => "파드에서 EndpointSlice까지 (ms)",
            TimeField::ProxyMs => "EndpointSlice에서 프록시까지 (ms)",
            TimeField::SandboxMs => "샌드박스와 네트워크 (ms)",
            TimeField::BindMs => "스케줄링 (ms)",
        },
    },
    field_of: |what, field| format!("{what} {}", (KOREAN.label)(field)),
    unreadable: |wrong| match wrong {
        Unreadable::NoNumber => "정수를 적어야 합니다.",
        Unreadable::Negative => "0보다 작을 수 없습니다.",
        Unreadable::Absurd => "너무 큽니다.",
        Unreadable::NoRange => "밀리초를 적어야 합니다: 500 또는 200–900.",
    },
    invalid: korean_problem,
    refused: || "아직 쓸 수 없는 값이 있습니다. 잘못된 곳을 표시했습니다",
    in_use: || "이 환경을 적용했습니다.",
    name_taken: |name| format!("{name} 노드가 이미 있습니다."),
    use_it: "이 환경 적용",
    revert: "변경 취소",
    draft_kept: "아직 적용하지 않음",
    add_machine: "노드 추가",
    ready: "Ready",
    not_ready: "NotReady",
    cordoned: "cordon됨",
    node_pods: |used, of| format!("파드 {of}개 중 {used}개"),
    cordon: "Cordon",
    uncordon: "Uncordon",
    drain: "Drain",
    lose: "연결 끊기",
    recover: "연결 복구",
    on_node: |what, node| format!("{node} {what}"),
};
