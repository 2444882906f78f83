//! What the forecast under the editor says.

use rollscope_scenario::forecast::{Cause, CauseKind, Fencepost, RevisionPlan};

use super::particle::{subject, toward};

/// The sentences of one language.
#[allow(missing_docs, reason = "each field is named after what it says")]
pub struct ForecastTexts {
    pub title: &'static str,
    pub computing: &'static str,
    pub details: &'static str,
    pub refused: &'static str,
    pub no_deployment: &'static str,
    /// Given the revision that comes of it.
    pub headline: fn(RevisionPlan, i64) -> String,
    /// Applied already and not complete yet.
    pub underway: fn(i64) -> String,
    pub unchanged: &'static str,
    pub only_others: &'static str,
    pub created: &'static str,
    pub more_changes: fn(usize) -> String,
    pub surge: fn(&Fencepost) -> String,
    pub unavailable: fn(&Fencepost) -> String,
    pub both_zero: &'static str,
    pub recreate: &'static str,
    pub duration: &'static str,
    pub peak: &'static str,
    pub lowest: &'static str,
    pub lost: &'static str,
    pub never: &'static str,
    pub no_traffic: &'static str,
    pub seconds: fn(&str) -> String,
    pub minutes: fn(&str) -> String,
    pub uncertain: fn(u32, u32) -> String,
    pub cause: fn(&Cause) -> String,
    // Details
    pub replica_set: &'static str,
    pub template_changes: &'static str,
    pub other_changes: &'static str,
    pub nothing: &'static str,
    pub settled: &'static str,
    pub with_terminating: &'static str,
    pub bounds: &'static str,
    pub bounds_text: fn(i32, i32) -> String,
    pub runs: &'static str,
    pub runs_text: fn(u32, u32) -> String,
    pub own_text: fn(&str) -> String,
    pub deadline: &'static str,
    pub others: &'static str,
    pub said: fn(&str) -> String,
}

/// English.
pub(super) static ENGLISH: ForecastTexts = ForecastTexts {
    title: "If you apply this",
    computing: "computing…",
    details: "Details",
    refused: "The manifest would be refused. Nothing would change.",
    no_deployment: "No Deployment in it: nothing is rolled out.",
    headline: |plan, revision| match plan {
        RevisionPlan::New => format!("New revision {revision}"),
        RevisionPlan::Returns { was } => format!("Revision {was} becomes revision {revision}"),
        RevisionPlan::Same { revision } => format!("No new revision: still revision {revision}"),
        RevisionPlan::Paused => "No new revision: the Deployment is paused".to_owned(),
    },
    underway: |revision| format!("Applied already: revision {revision} is on its way"),
    unchanged: "nothing changes",
    only_others: "the template stays the same",
    created: "the Deployment is created",
    more_changes: |count| format!("and {count} more"),
    surge: |post| format!("surge {}", post.arithmetic()),
    unavailable: |post| format!("unavailable {}", post.arithmetic()),
    both_zero: "both 0, so 1 may be unavailable",
    recreate: "Recreate: old pods go before new ones come",
    duration: "duration",
    peak: "peak pods",
    lowest: "lowest",
    lost: "lost",
    never: "never",
    no_traffic: "no traffic: there is no Service",
    seconds: |text| format!("{text} s"),
    minutes: |text| format!("{text} min"),
    uncertain: |good, runs| format!("It completes under {good} of {runs} seeds."),
    cause: |cause| {
        let Cause { kind, message, image, pods } = cause;
        let pods = if *pods == 1 { "1 pod".to_owned() } else { format!("{pods} pods") };
        match kind {
            CauseKind::Paused => "Paused: it waits for kubectl rollout resume.".to_owned(),
            CauseKind::NodesAreManual => "Nodes act only when told in this session.".to_owned(),
            CauseKind::CannotCreate => format!("Pods cannot be created: {message}"),
            CauseKind::Unschedulable => format!("No room for {pods}: {message}"),
            CauseKind::ImageMissing => format!("{image} cannot be pulled: {message}, {pods}"),
            CauseKind::CannotStart => format!("{image} cannot be started: {message}, {pods}"),
            CauseKind::CrashLooping => {
                format!("{image} exits again and again: {message}, {pods}")
            }
            CauseKind::NeverReady => format!("{image} does not become ready: {pods}"),
            CauseKind::DeadlineExceeded => format!("ProgressDeadlineExceeded: {message}"),
        }
    },
    replica_set: "ReplicaSet",
    template_changes: "In spec.template",
    other_changes: "Elsewhere",
    nothing: "(none)",
    settled: "Until the last pod too many is gone",
    with_terminating: "Peak with terminating pods",
    bounds: "Between floor and ceiling",
    bounds_text: |floor, ceiling| format!("{floor} available to {ceiling} pods"),
    runs: "Seeds tried",
    runs_text: |good, runs| format!("completes under {good} of {runs}"),
    own_text: |own| format!("this session: {own}"),
    deadline: "Progress deadline",
    others: "Also applied, not spoken of",
    said: |headline| format!("Forecast: {headline}."),
};

/// 한국어.
pub(super) static KOREAN: ForecastTexts = ForecastTexts {
    title: "이대로 적용하면",
    computing: "계산 중…",
    details: "자세히",
    refused: "매니페스트가 거부되고, 아무것도 바뀌지 않습니다.",
    no_deployment: "Deployment가 없어서 롤아웃도 없습니다.",
    headline: |plan, revision| match plan {
        RevisionPlan::New => format!("새 리비전 {revision}"),
        RevisionPlan::Returns { was } => {
            format!("리비전 {} 리비전 {} 바뀝니다", subject(was), toward(revision))
        }
        RevisionPlan::Same { revision } => format!("새 리비전 없음: 리비전 {revision} 그대로"),
        RevisionPlan::Paused => "새 리비전 없음: Deployment가 일시 중지됨".to_owned(),
    },
    underway: |revision| format!("이미 적용됨: 리비전 {revision} 롤아웃이 진행 중입니다"),
    unchanged: "바뀌는 것이 없습니다",
    only_others: "템플릿은 그대로입니다",
    created: "Deployment가 만들어집니다",
    more_changes: |count| format!("외 {count}개"),
    surge: |post| format!("surge {}", post.arithmetic()),
    unavailable: |post| format!("unavailable {}", post.arithmetic()),
    both_zero: "둘 다 0이므로 unavailable을 1로 봄",
    recreate: "Recreate: 이전 파드가 모두 사라진 뒤에 새 파드가 만들어집니다",
    duration: "소요 시간",
    peak: "최대 파드",
    lowest: "최소 가용",
    lost: "유실 요청",
    never: "완료 안 됨",
    no_traffic: "Service가 없어 트래픽도 없음",
    seconds: |text| format!("{text}초"),
    minutes: |text| format!("{text}분"),
    uncertain: |good, runs| format!("시드 {runs}개 중 {good}개에서 완료됩니다."),
    cause: |cause| {
        let Cause { kind, message, image, pods } = cause;
        match kind {
            CauseKind::Paused => "일시 중지됨: kubectl rollout resume을 기다립니다.".to_owned(),
            CauseKind::NodesAreManual => "이 세션의 노드는 지시할 때만 움직입니다.".to_owned(),
            CauseKind::CannotCreate => format!("파드를 만들 수 없음: {message}"),
            CauseKind::Unschedulable => format!("파드 {pods}개가 들어갈 자리 없음: {message}"),
            CauseKind::ImageMissing => {
                format!("{image} 이미지를 가져올 수 없음: {message}, 파드 {pods}개")
            }
            CauseKind::CannotStart => {
                format!("{image} 이미지를 시작할 수 없음: {message}, 파드 {pods}개")
            }
            CauseKind::CrashLooping => {
                format!("{image} 컨테이너가 계속 종료됨: {message}, 파드 {pods}개")
            }
            CauseKind::NeverReady => format!("{image} 컨테이너가 준비되지 않음: 파드 {pods}개"),
            CauseKind::DeadlineExceeded => format!("ProgressDeadlineExceeded: {message}"),
        }
    },
    replica_set: "ReplicaSet",
    template_changes: "spec.template 안에서",
    other_changes: "그 밖에서",
    nothing: "(없음)",
    settled: "이전 파드가 모두 사라질 때까지",
    with_terminating: "종료 중인 파드까지 합친 최대",
    bounds: "하한과 상한",
    bounds_text: |floor, ceiling| format!("최소 가용 {floor}개, 최대 파드 {ceiling}개"),
    runs: "실행해 본 시드",
    runs_text: |good, runs| format!("{runs}개 중 {good}개에서 완료"),
    own_text: |own| format!("이 세션: {own}"),
    deadline: "진행 기한",
    others: "함께 적용되지만 예측에는 없음",
    said: |headline| format!("예측: {headline}."),
};
