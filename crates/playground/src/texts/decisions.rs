//! The deployment controller's decisions as sentences.

use rollscope_sim::controller::deployment::{Decision, VictimRule};

use super::particle::{object, subject, toward};

/// In English. `named` tells what a ReplicaSet is called.
pub(super) fn english(decision: &Decision, named: &dyn Fn(&str) -> String) -> String {
    match decision {
        Decision::CreateReplicaSet { replica_set, revision, replicas } => format!(
            "No ReplicaSet has this template: {replica_set} is created as revision {revision}, with {replicas} to begin with."
        ),
        Decision::ReuseReplicaSet { replica_set, from_revision, to_revision } => format!(
            "{replica_set} has this template already: revision {from_revision} becomes revision {to_revision}."
        ),
        Decision::HashCollision { replica_set, collision_count } => format!(
            "The name {replica_set} is taken by another template: the next hash counts collision {collision_count}."
        ),
        Decision::ScaleUpNew { from, to, .. } => {
            format!(
                "The new ReplicaSet grows from {from} to {to}: there is room below the ceiling."
            )
        }
        Decision::NoRoomToGrow { size, .. } => {
            format!("The new ReplicaSet stays at {size}: the ceiling is reached.")
        }
        Decision::ScaleDownNew { .. } => "The new ReplicaSet is larger than wanted.".to_owned(),
        Decision::MayNotScaleDown { .. } => {
            "No old pod may go: what would be left could fall below the floor.".to_owned()
        }
        Decision::CleanupUnhealthy { replica_set, .. } => format!(
            "{} gives up pods that are not available: they cost no availability.",
            named(replica_set)
        ),
        Decision::ScaleDownOld { replica_set, .. } => format!(
            "{} gives up as many pods as are available above the floor.",
            named(replica_set)
        ),
        Decision::ScaleDownForRecreate { replica_set, .. } => {
            format!("Recreate: {} goes first, all of it.", named(replica_set))
        }
        Decision::WaitForOldPods { running } => match running {
            1 => "Recreate: 1 old pod is still there; nothing new until it is gone.".to_owned(),
            count => {
                format!(
                    "Recreate: {count} old pods are still there; nothing new until they are gone."
                )
            }
        },
        Decision::ScaleOnly { replica_set, .. } => {
            format!("Only the size changed: {} follows it.", named(replica_set))
        }
        Decision::ScaleDownSaturated { replica_set, .. } => {
            format!("The new ReplicaSet has all its pods: {} goes.", named(replica_set))
        }
        Decision::ScaleProportionally { .. } => {
            "Scaled during a rollout: the ReplicaSets share it in proportion to their sizes."
                .to_owned()
        }
        Decision::Paused => "The rollout is paused: no template is rolled out.".to_owned(),
        Decision::Complete => "Every pod is new and available: the rollout is complete.".to_owned(),
        Decision::TimedOut { deadline_seconds } => format!(
            "No progress for {deadline_seconds} s: the deadline is exceeded. Nothing is undone by itself."
        ),
        Decision::CleanupHistory { revision, limit, .. } => format!(
            "Revision {revision} is forgotten: revisionHistoryLimit keeps {limit} old ReplicaSets."
        ),
        Decision::CreatePods { replica_set, active, desired } => {
            let count = desired - active;
            let pods = if count == 1 { "pod" } else { "pods" };
            format!("{} creates {count} {pods}: so many are missing.", named(replica_set))
        }
        Decision::CannotCreatePods { replica_set, message } => {
            format!("{} cannot create what is missing: {message}", named(replica_set))
        }
        Decision::DeletePods { replica_set, active, desired, chosen } => {
            let why: Vec<String> = chosen
                .iter()
                .map(|one| format!("{}: {}", one.pod, english_rule(one.rule)))
                .collect();
            let more = (active - desired) as usize - chosen.len().min((active - desired) as usize);
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            format!("{} gives up pods. {}{more}.", named(replica_set), why.join("; "))
        }
    }
}

/// 한국어로.
pub(super) fn korean(decision: &Decision, named: &dyn Fn(&str) -> String) -> String {
    match decision {
        Decision::CreateReplicaSet { replica_set, revision, replicas } => format!(
            "이 템플릿을 가진 ReplicaSet이 없어 {} 리비전 {} 만들고 {replicas}개로 시작합니다.",
            object(replica_set),
            toward(revision)
        ),
        Decision::ReuseReplicaSet { replica_set, from_revision, to_revision } => format!(
            "{} 이미 이 템플릿을 가지고 있어 리비전 {} 리비전 {} 바뀝니다.",
            subject(replica_set),
            subject(from_revision),
            toward(to_revision)
        ),
        Decision::HashCollision { replica_set, collision_count } => format!(
            "다른 템플릿의 ReplicaSet이 이미 {replica_set} 이름을 쓰고 있어, 충돌 횟수 {} 넣어 해시를 다시 계산합니다.",
            object(collision_count)
        ),
        Decision::ScaleUpNew { from, to, .. } => {
            format!("새 ReplicaSet을 {from}에서 {} 늘립니다. 상한까지 여유가 있습니다.", toward(to))
        }
        Decision::NoRoomToGrow { size, .. } => {
            format!("새 ReplicaSet은 {size}개 그대로입니다. 상한에 이르렀습니다.")
        }
        Decision::ScaleDownNew { .. } => "새 ReplicaSet의 파드가 목표보다 많습니다.".to_owned(),
        Decision::MayNotScaleDown { .. } => {
            "이전 파드를 아직 줄일 수 없습니다. 줄이면 가용 파드가 하한보다 적어질 수 있습니다."
                .to_owned()
        }
        Decision::CleanupUnhealthy { replica_set, .. } => {
            format!("{}에서 사용 가능하지 않은 파드를 먼저 줄입니다.", named(replica_set))
        }
        Decision::ScaleDownOld { replica_set, .. } => {
            format!("{}에서 하한을 넘는 만큼 파드를 줄입니다.", named(replica_set))
        }
        Decision::ScaleDownForRecreate { replica_set, .. } => {
            format!("Recreate: {}의 파드를 먼저 모두 줄입니다.", named(replica_set))
        }
        Decision::WaitForOldPods { running } => {
            format!("Recreate: 이전 파드 {running}개가 남아 있어 새 파드를 만들지 않습니다.")
        }
        Decision::ScaleOnly { replica_set, .. } => {
            format!("레플리카 수만 바뀌어 {}의 크기를 맞춥니다.", named(replica_set))
        }
        Decision::ScaleDownSaturated { replica_set, .. } => {
            format!("새 ReplicaSet이 모두 채워져 {}의 파드를 모두 줄입니다.", named(replica_set))
        }
        Decision::ScaleProportionally { .. } => {
            "롤아웃 중에 레플리카 수가 바뀌어 ReplicaSet들이 크기 비율대로 나눕니다.".to_owned()
        }
        Decision::Paused => "롤아웃이 일시 중지되어 바뀐 템플릿을 롤아웃하지 않습니다.".to_owned(),
        Decision::Complete => {
            "모든 파드가 새 파드이고 사용 가능합니다. 롤아웃이 완료되었습니다.".to_owned()
        }
        Decision::TimedOut { deadline_seconds } => format!(
            "{deadline_seconds}초 동안 진행이 없어 기한을 넘겼습니다. 자동으로 롤백되지는 않습니다."
        ),
        Decision::CleanupHistory { revision, limit, .. } => format!(
            "리비전 {} 삭제합니다. revisionHistoryLimit에 따라 이전 ReplicaSet을 {limit}개만 남깁니다.",
            object(revision)
        ),
        Decision::CreatePods { replica_set, active, desired } => {
            format!(
                "{} 부족한 파드 {}개를 만듭니다.",
                subject(named(replica_set)),
                desired - active
            )
        }
        Decision::CannotCreatePods { replica_set, message } => {
            format!("{} 부족한 파드를 만들지 못합니다: {message}", subject(named(replica_set)))
        }
        Decision::DeletePods { replica_set, active, desired, chosen } => {
            let why: Vec<String> = chosen
                .iter()
                .map(|one| format!("{}: {}", one.pod, korean_rule(one.rule)))
                .collect();
            let more = (active - desired) as usize - chosen.len().min((active - desired) as usize);
            let more = if more > 0 { format!("; 그 밖에 {more}개") } else { String::new() };
            format!("{} 파드를 삭제합니다. {}{more}.", subject(named(replica_set)), why.join("; "))
        }
    }
}

/// Why a pod goes and not another.
fn english_rule(rule: VictimRule) -> &'static str {
    match rule {
        VictimRule::All => "all go",
        VictimRule::Unassigned => "it has no node yet",
        VictimRule::Phase => "it does not run yet",
        VictimRule::NotReady => "it is not ready",
        VictimRule::DeletionCost => "its deletion cost is lower",
        VictimRule::Crowded => "more pods of the Deployment are on its node",
        VictimRule::ReadyLater => "it has been ready for a shorter time",
        VictimRule::Restarts => "its containers restarted more often",
        VictimRule::Younger => "it is younger",
        VictimRule::Chance => "all rules are even, its uid comes first",
    }
}

fn korean_rule(rule: VictimRule) -> &'static str {
    match rule {
        VictimRule::All => "모두 삭제합니다",
        VictimRule::Unassigned => "아직 노드가 없습니다",
        VictimRule::Phase => "아직 실행되지 않습니다",
        VictimRule::NotReady => "준비되지 않았습니다",
        VictimRule::DeletionCost => "삭제 비용이 더 낮습니다",
        VictimRule::Crowded => "그 노드에 이 Deployment의 파드가 더 많습니다",
        VictimRule::ReadyLater => "준비된 시간이 더 짧습니다",
        VictimRule::Restarts => "컨테이너가 더 자주 재시작했습니다",
        VictimRule::Younger => "더 최근에 만들어졌습니다",
        VictimRule::Chance => "모든 규칙이 같아 uid 순서로 정해집니다",
    }
}
