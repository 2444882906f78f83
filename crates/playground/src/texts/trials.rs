//! What the strategy explorer and the seed sweep say.

use rollscope_scenario::explore::{GridError, VALUES_MAX};
use rollscope_scenario::sweep::SEEDS_MAX;

use super::particle::toward;
use crate::model::trials::TrialProblem;

/// The sentences of one language.
#[allow(missing_docs, reason = "each field is named after what it says")]
pub struct TrialTexts {
    // Explorer
    pub explorer: &'static str,
    pub open_explorer: &'static str,
    pub open_explorer_title: &'static str,
    pub explorer_intro: &'static str,
    pub explorer_restarts: &'static str,
    pub surge: &'static str,
    pub unavailable: &'static str,
    pub more_surges: &'static str,
    pub more_unavailables: &'static str,
    pub values_hint: &'static str,
    pub try_again: &'static str,
    pub cell: fn(&str, &str, &str) -> String,
    pub cell_numbers: fn(&str, &str) -> String,
    pub cell_lost: fn(&str) -> String,
    pub cell_label: fn(&str, &str) -> String,
    pub refused: &'static str,
    pub never: &'static str,
    pub now: &'static str,
    pub progress: fn(usize, usize) -> String,
    pub written: fn(&str, &str) -> String,
    pub problem: fn(&TrialProblem) -> String,
    // Sweep
    pub sweep: &'static str,
    pub open_sweep: &'static str,
    pub open_sweep_title: &'static str,
    pub sweep_intro: &'static str,
    pub seeds: &'static str,
    pub start: &'static str,
    pub cancel: &'static str,
    pub nothing_yet: &'static str,
    pub tried: fn(u32, u32) -> String,
    pub broke_floor: &'static str,
    pub lost: &'static str,
    pub lost_in_all: fn(u64) -> String,
    pub no_clients: &'static str,
    pub incomplete: &'static str,
    pub of_seeds: fn(u32, u32) -> String,
    pub lowest: fn(i32) -> String,
    pub lowest_title: &'static str,
    pub longest: &'static str,
    pub clean: &'static str,
    pub no_promise: &'static str,
    pub bound: fn(usize) -> String,
    pub worst: fn(u64) -> String,
    pub open_worst: fn(u64) -> String,
    pub opened_seed: fn(u64) -> String,
}

/// English.
pub(super) static ENGLISH: TrialTexts = TrialTexts {
    explorer: "Strategies",
    open_explorer: "Strategies",
    open_explorer_title: "The same rollout under other values of maxSurge and maxUnavailable",
    explorer_intro: "The rollout that this manifest would begin, under other strategies. Every cell has been run under five seeds. Press one to write it into the manifest.",
    explorer_restarts: "The manifest begins no rollout by itself: a restart is tried.",
    surge: "maxSurge",
    unavailable: "maxUnavailable",
    more_surges: "Further values of maxSurge",
    more_unavailables: "Further values of maxUnavailable",
    values_hint: "2, 30%",
    try_again: "Try these too",
    cell: |surge, unavailable, result| {
        format!("surge {surge}, unavailable {unavailable}: {result}")
    },
    cell_numbers: |peak, lowest| format!("peak {peak} · low {lowest}"),
    cell_lost: |lost| format!("lost {lost}"),
    cell_label: |surge, unavailable| format!("Try surge {surge}, unavailable {unavailable}"),
    refused: "not valid",
    never: "never",
    now: "as it is now",
    progress: |done, all| format!("{done} of {all} tried"),
    written: |surge, unavailable| {
        format!("maxSurge {surge} and maxUnavailable {unavailable} are in the manifest now.")
    },
    problem: |problem| match problem {
        TrialProblem::Grid(wrong) => wrong.to_string(),
        TrialProblem::Seeds(wrong) => wrong.to_string(),
        TrialProblem::Failed(why) => why.clone(),
    },
    sweep: "Other seeds",
    open_sweep: "Seeds",
    open_sweep_title: "This session under many seeds: how often something goes wrong",
    sweep_intro: "Everything done in this session, done again under other seeds: other pull and start times, other nodes, other pods chosen.",
    seeds: "Seeds",
    start: "Start",
    cancel: "Cancel",
    nothing_yet: "Nothing has been done in this session yet: apply a manifest first.",
    tried: |done, all| format!("{done} of {all} seeds tried"),
    broke_floor: "Fewer available than the floor",
    lost: "Requests lost",
    lost_in_all: |lost| format!("{lost} in all"),
    no_clients: "no traffic: there is no Service",
    incomplete: "A rollout did not complete",
    of_seeds: |count, all| format!("{count} of {all}"),
    lowest: |lowest| format!("lowest {lowest} available"),
    lowest_title: "Fewest available during a rollout",
    longest: "Longest rollout",
    clean: "Nothing went wrong under these seeds.",
    no_promise: "Under another seed it may.",
    bound: |count| {
        format!(
            "{count} things done here name a pod. Names follow from the seed: under other seeds those do nothing."
        )
    },
    worst: |seed| format!("It went worst under seed {seed}"),
    open_worst: |seed| format!("Open seed {seed}"),
    opened_seed: |seed| format!("The same session under seed {seed}."),
};

/// 한국어.
pub(super) static KOREAN: TrialTexts = TrialTexts {
    explorer: "전략 비교",
    open_explorer: "전략",
    open_explorer_title: "maxSurge와 maxUnavailable을 바꿔 가며 같은 롤아웃을 실행해 보기",
    explorer_intro: "이 매니페스트로 시작될 롤아웃을 여러 전략으로 실행한 결과입니다. 칸마다 시드 다섯 개로 실행했습니다. 칸을 누르면 그 값을 매니페스트에 적습니다.",
    explorer_restarts: "이 매니페스트만으로는 롤아웃이 일어나지 않으므로 재시작으로 비교합니다.",
    surge: "maxSurge",
    unavailable: "maxUnavailable",
    more_surges: "추가할 maxSurge 값",
    more_unavailables: "추가할 maxUnavailable 값",
    values_hint: "2, 30%",
    try_again: "이 값도 실행",
    cell: |surge, unavailable, result| {
        format!("surge {surge}, unavailable {unavailable}: {result}")
    },
    cell_numbers: |peak, lowest| format!("최대 {peak} · 최소 {lowest}"),
    cell_lost: |lost| format!("유실 {lost}"),
    cell_label: |surge, unavailable| {
        format!("surge {surge}, unavailable {unavailable} 적용해 보기")
    },
    refused: "유효하지 않음",
    never: "완료 안 됨",
    now: "현재 값",
    progress: |done, all| format!("{all}개 중 {done}개"),
    written: |surge, unavailable| {
        format!("매니페스트에 maxSurge: {surge}, maxUnavailable: {unavailable} 값을 적었습니다.")
    },
    problem: |problem| match problem {
        TrialProblem::Grid(GridError::NoValue { text }) => {
            format!("{text:?}은(는) 파드 수도 백분율도 아닙니다")
        }
        TrialProblem::Grid(GridError::TooMany) => {
            format!("값은 항목마다 {VALUES_MAX}개까지 쓸 수 있습니다")
        }
        TrialProblem::Seeds(wrong) => {
            let text = &wrong.text;
            format!("시드 개수는 1에서 {SEEDS_MAX}까지의 정수입니다. {text:?}은(는) 아닙니다")
        }
        TrialProblem::Failed(why) => why.clone(),
    },
    sweep: "여러 시드로 실행",
    open_sweep: "시드",
    open_sweep_title: "이 세션을 여러 시드로 다시 실행해 문제가 얼마나 자주 생기는지 보기",
    sweep_intro: "이 세션에서 한 일을 다른 시드로 다시 실행합니다. 이미지를 내려받고 시작하는 시간, 배치되는 노드, 선택되는 파드가 달라집니다.",
    seeds: "시드 수",
    start: "시작",
    cancel: "취소",
    nothing_yet: "이 세션에서 한 일이 아직 없습니다. 먼저 매니페스트를 적용하세요.",
    tried: |done, all| format!("시드 {all}개 중 {done}개"),
    broke_floor: "가용 파드가 하한 미만",
    lost: "유실된 요청",
    lost_in_all: |lost| format!("총 {lost}개"),
    no_clients: "Service가 없어 트래픽도 없음",
    incomplete: "완료되지 않은 롤아웃",
    of_seeds: |count, all| format!("{all}개 중 {count}개"),
    lowest: |lowest| format!("최소 가용 {lowest}개"),
    lowest_title: "롤아웃 중 가장 적은 가용 파드",
    longest: "가장 긴 롤아웃",
    clean: "이 시드들에서는 문제가 없었습니다.",
    no_promise: "다른 시드에서는 다를 수 있습니다.",
    bound: |count| {
        format!(
            "이 세션의 동작 가운데 {count}개는 파드를 이름으로 지정합니다. 파드 이름은 시드에 따라 달라지므로 다른 시드에서는 아무 효과가 없습니다."
        )
    },
    worst: |seed| format!("가장 나쁜 결과: 시드 {seed}"),
    open_worst: |seed| format!("시드 {seed} 열기"),
    opened_seed: |seed| format!("같은 세션을 시드 {} 열었습니다.", toward(seed)),
};
