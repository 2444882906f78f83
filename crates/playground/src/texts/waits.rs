//! What a rollout waits for, as sentences.

use super::particle::toward;
use crate::model::waits::{Cause, Wait};

/// The first pods by name, and how many more.
fn names(named: &[String], count: usize, more: fn(usize) -> String) -> String {
    let rest = count - named.len();
    let listed = named.join(", ");
    if rest == 0 { listed } else { format!("{listed} {}", more(rest)) }
}

/// In English.
pub(super) fn english(wait: &Wait) -> String {
    match wait {
        Wait::Paused => "Waits to be resumed: kubectl rollout resume.".to_owned(),
        Wait::CannotCreate(message) => format!("Pods cannot be created: {message}"),
        Wait::Deadline { left_seconds, of_seconds } => {
            format!("The progress deadline of {of_seconds} s is over in {left_seconds} s.")
        }
        Wait::DeadlinePassed => {
            "The progress deadline has passed. It goes on trying, and nothing is undone by itself."
                .to_owned()
        }
        Wait::Pods { cause, named, count } => {
            let pods = names(named, *count, |rest| format!("and {rest} more"));
            let one = *count == 1;
            let (is, has) = if one { ("is", "has") } else { ("are", "have") };
            match cause {
                Cause::Unscheduled(message) => {
                    format!("{pods}: no node takes {}. {message}", if one { "it" } else { "them" })
                }
                Cause::Binding => format!("{pods} {is} about to be given a node."),
                Cause::Pulling(image) if image.is_empty() => {
                    format!("{pods} {is} pulling an image.")
                }
                Cause::Pulling(image) => format!("{pods} {is} pulling {image}."),
                Cause::Starting => format!("{pods} {is} starting."),
                Cause::Waiting(reason, message) if message.is_empty() => {
                    format!("{pods}: {reason}.")
                }
                Cause::Waiting(reason, message) => format!("{pods}: {reason}. {message}"),
                Cause::Exited(code) => format!("{pods} {has} exited with code {code}."),
                Cause::Denied => format!("{pods} {is} kept from ready by hand."),
                Cause::ProbeFails(message, seconds, times) => {
                    format!("{pods}: a probe fails since {seconds} s, {times} times. {message}")
                }
                Cause::NotReady => format!("{pods} {has} to become ready."),
                Cause::MinReady(seconds) => {
                    format!("{pods} {is} ready; minReadySeconds are over in {seconds} s.")
                }
                Cause::Leaving(seconds) => {
                    format!("{pods} {has} to go first: grace ends in {seconds} s at the latest.")
                }
            }
        }
    }
}

/// 한국어로.
pub(super) fn korean(wait: &Wait) -> String {
    match wait {
        Wait::Paused => "재개를 기다리고 있습니다: kubectl rollout resume.".to_owned(),
        Wait::CannotCreate(message) => format!("파드를 만들지 못합니다: {message}"),
        Wait::Deadline { left_seconds, of_seconds } => {
            format!("진행 기한 {of_seconds}초 중 {left_seconds}초가 남았습니다.")
        }
        Wait::DeadlinePassed => {
            "진행 기한이 지났습니다. 롤아웃은 계속 시도되며, 자동으로 롤백되지 않습니다.".to_owned()
        }
        Wait::Pods { cause, named, count } => {
            let pods = names(named, *count, |rest| format!("외 {rest}개"));
            match cause {
                Cause::Unscheduled(message) => {
                    format!("{pods}: 배치할 수 있는 노드가 없습니다. {message}")
                }
                Cause::Binding => format!("{pods}: 곧 노드가 정해집니다."),
                Cause::Pulling(image) if image.is_empty() => {
                    format!("{pods}: 이미지를 내려받고 있습니다.")
                }
                Cause::Pulling(image) => format!("{pods}: {image} 이미지를 내려받고 있습니다."),
                Cause::Starting => format!("{pods}: 시작하고 있습니다."),
                Cause::Waiting(reason, message) if message.is_empty() => {
                    format!("{pods}: {reason}.")
                }
                Cause::Waiting(reason, message) => format!("{pods}: {reason}. {message}"),
                Cause::Exited(code) => format!("{pods}: 코드 {} 종료했습니다.", toward(code)),
                Cause::Denied => format!("{pods}: 사용자가 준비되지 않은 상태로 두었습니다."),
                Cause::ProbeFails(message, seconds, times) => {
                    format!("{pods}: 프로브가 {seconds}초 동안 {times}번 실패했습니다. {message}")
                }
                Cause::NotReady => format!("{pods}: 아직 준비되지 않았습니다."),
                Cause::MinReady(seconds) => {
                    format!("{pods}: 준비되었지만 minReadySeconds가 {seconds}초 남았습니다.")
                }
                Cause::Leaving(seconds) => {
                    format!(
                        "{pods}: 먼저 종료되어야 합니다. 종료 유예 시간은 길어야 {seconds}초 남았습니다."
                    )
                }
            }
        }
    }
}
