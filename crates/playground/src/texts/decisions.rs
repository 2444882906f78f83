//! The deployment controller's decisions as sentences.

use rollscope_sim::controller::deployment::Decision;

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
    }
}

/// 한국어로.
pub(super) fn korean(decision: &Decision, named: &dyn Fn(&str) -> String) -> String {
    match decision {
        Decision::CreateReplicaSet { replica_set, revision, replicas } => format!(
            "이 템플릿을 가진 ReplicaSet이 없어 {replica_set}을(를) 리비전 {revision}(으)로 만들고 {replicas}개로 시작합니다."
        ),
        Decision::ReuseReplicaSet { replica_set, from_revision, to_revision } => format!(
            "{replica_set}이(가) 이미 이 템플릿을 가지고 있어 리비전 {from_revision}이(가) 리비전 {to_revision}이(가) 됩니다."
        ),
        Decision::HashCollision { replica_set, collision_count } => format!(
            "{replica_set}이라는 이름을 다른 템플릿이 쓰고 있어 다음 해시에는 충돌 {collision_count}을(를) 넣습니다."
        ),
        Decision::ScaleUpNew { from, to, .. } => {
            format!("새 ReplicaSet이 {from}에서 {to}(으)로 커집니다. 상한까지 여유가 있습니다.")
        }
        Decision::NoRoomToGrow { size, .. } => {
            format!("새 ReplicaSet은 {size}에 머뭅니다. 상한에 닿았습니다.")
        }
        Decision::ScaleDownNew { .. } => "새 ReplicaSet이 희망보다 큽니다.".to_owned(),
        Decision::MayNotScaleDown { .. } => {
            "옛 파드는 아직 사라질 수 없습니다. 남는 수가 하한보다 적어질 수 있습니다.".to_owned()
        }
        Decision::CleanupUnhealthy { replica_set, .. } => {
            format!("{}이(가) 사용할 수 없는 파드를 먼저 내놓습니다.", named(replica_set))
        }
        Decision::ScaleDownOld { replica_set, .. } => {
            format!("{}이(가) 하한을 넘는 만큼의 파드를 내놓습니다.", named(replica_set))
        }
        Decision::ScaleDownForRecreate { replica_set, .. } => {
            format!("Recreate: {}이(가) 먼저 모두 사라집니다.", named(replica_set))
        }
        Decision::WaitForOldPods { running } => {
            format!("Recreate: 옛 파드 {running}개가 남아 있어 새 파드는 기다립니다.")
        }
        Decision::ScaleOnly { replica_set, .. } => {
            format!("크기만 바뀌어 {}이(가) 따라갑니다.", named(replica_set))
        }
        Decision::ScaleDownSaturated { replica_set, .. } => {
            format!("새 ReplicaSet이 다 채워져 {}은(는) 사라집니다.", named(replica_set))
        }
        Decision::ScaleProportionally { .. } => {
            "롤아웃 중에 크기가 바뀌어 ReplicaSet들이 비율대로 나눕니다.".to_owned()
        }
        Decision::Paused => "롤아웃이 일시 중지되어 템플릿을 롤아웃하지 않습니다.".to_owned(),
        Decision::Complete => {
            "모든 파드가 새것이고 사용 가능합니다. 롤아웃이 끝났습니다.".to_owned()
        }
        Decision::TimedOut { deadline_seconds } => format!(
            "{deadline_seconds}초 동안 진행이 없어 기한을 넘겼습니다. 저절로 되돌려지지는 않습니다."
        ),
        Decision::CleanupHistory { revision, limit, .. } => format!(
            "리비전 {revision}을(를) 지웁니다. revisionHistoryLimit은 옛 ReplicaSet {limit}개를 남깁니다."
        ),
    }
}
