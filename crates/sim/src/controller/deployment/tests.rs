//! The arithmetic of the deployment controller, case by case.
//! Models the tables of `deployment_util_test.go`, `rolling_test.go` and `sync_test.go`.

use std::rc::Rc;

use rollscope_api::annotation::{MAX_REPLICAS, REVISION, REVISION_HISTORY};
use rollscope_api::object::{
    Deployment, DeploymentSpec, DeploymentStatus, DeploymentStrategy, IntOrString, LabelSelector,
    ObjectMeta, PodTemplate, ReplicaSet, ReplicaSetSpec, ReplicaSetStatus, RollingUpdateDeployment,
    StrategyType,
};
use rollscope_api::{SimTime, Timestamp};

use super::annotations::{
    last_revision, max_revision, non_negative, set_new_replica_set_annotations,
};
use super::conditions::{
    self, PROGRESSING, condition, deployment_complete, deployment_progressing, deployment_timed_out,
};
use super::fenceposts::{
    max_surge, max_unavailable, min_available, new_rs_new_replicas, resolve_fenceposts,
    terminating_replica_count,
};
use super::scale::replica_set_fraction;

fn int_or_string(text: &str) -> IntOrString {
    match text.parse() {
        Ok(number) => IntOrString::Int(number),
        Err(_) => IntOrString::String(text.to_owned()),
    }
}

fn deployment(replicas: i32, surge: &str, unavailable: &str) -> Deployment {
    Deployment {
        metadata: ObjectMeta { name: "web".into(), generation: 1, ..ObjectMeta::default() },
        spec: Rc::new(DeploymentSpec {
            replicas,
            selector: LabelSelector::default(),
            template: PodTemplate::default(),
            strategy: DeploymentStrategy {
                type_: StrategyType::RollingUpdate,
                rolling_update: Some(RollingUpdateDeployment {
                    max_surge: Some(int_or_string(surge)),
                    max_unavailable: Some(int_or_string(unavailable)),
                }),
            },
            min_ready_seconds: 0,
            revision_history_limit: Some(10),
            paused: false,
            progress_deadline_seconds: Some(60),
        }),
        status: DeploymentStatus::default(),
    }
}

fn replica_set(size: i32, annotations: &[(&str, &str)]) -> ReplicaSet {
    let annotations = annotations.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
    ReplicaSet {
        metadata: ObjectMeta {
            annotations: Rc::new(annotations.collect()),
            ..ObjectMeta::default()
        },
        spec: Rc::new(ReplicaSetSpec {
            replicas: size,
            min_ready_seconds: 0,
            selector: LabelSelector::default(),
            template: PodTemplate::default(),
        }),
        status: ReplicaSetStatus::default(),
    }
}

#[test]
fn surge_is_rounded_up_and_unavailability_down() {
    let cases = [
        ("0%", "0%", 0, (0, 1)),
        ("0%", "0%", 10, (0, 1)),
        ("39%", "39%", 10, (4, 3)),
        ("39%", "39%", 0, (0, 1)),
        ("25%", "25%", 1, (1, 0)),
        ("25%", "25%", 4, (1, 1)),
        ("25%", "25%", 5, (2, 1)),
        ("0", "25%", 3, (0, 1)),
        ("200%", "0", 3, (6, 0)),
        ("1", "1", 10, (1, 1)),
    ];
    for (surge, unavailable, desired, expected) in cases {
        let (surge_, unavailable_) = (int_or_string(surge), int_or_string(unavailable));
        let found = resolve_fenceposts(Some(&surge_), Some(&unavailable_), desired);
        assert_eq!(found, expected, "{surge} {unavailable} of {desired}");
    }
    assert_eq!(resolve_fenceposts(None, None, 5), (0, 1));
}

#[test]
fn unavailability_is_capped_and_recreate_has_none() {
    let cases = [(10, "1", 1), (5, "10", 5), (10, "50%", 5), (10, "39%", 3), (0, "50%", 0)];
    for (replicas, unavailable, expected) in cases {
        let d = deployment(replicas, "1", unavailable);
        assert_eq!(max_unavailable(&d), expected, "{unavailable} of {replicas}");
        assert_eq!(min_available(&d), replicas - expected);
    }
    let mut d = deployment(10, "3", "50%");
    Rc::make_mut(&mut d.spec).strategy =
        DeploymentStrategy { type_: StrategyType::Recreate, rolling_update: None };
    assert_eq!((max_surge(&d), max_unavailable(&d), min_available(&d)), (0, 0, 0));
}

#[test]
fn the_new_replica_set_grows_into_the_room_there_is() {
    // Desired, surge, sizes of the old and the new ReplicaSet, the new one's next size.
    let cases = [(1, "1", 5, 5, 5), (5, "1", 3, 1, 3), (5, "1", 0, 0, 5), (10, "3", 8, 0, 5)];
    for (desired, surge, old, new, expected) in cases {
        let d = deployment(desired, surge, "0");
        assert_eq!(new_rs_new_replicas(&d, old + new, new), expected, "{desired} {old} {new}");
    }
}

#[test]
fn shares_are_rounded_half_away_from_zero() {
    // Deployment's size and surge, the ReplicaSet's size and what it says was the maximum.
    let cases = [
        (10, "2", 5, Some("8"), 3),
        (10, "2", 5, None, 0),
        (0, "0", 7, Some("8"), -7),
        (15, "3", 8, Some("13"), 3),
        (15, "3", 5, Some("13"), 2),
        (5, "0", 3, Some("6"), 0),
        (3, "0", 3, Some("6"), -1),
    ];
    for (replicas, surge, size, max, expected) in cases {
        let d = deployment(replicas, surge, "0");
        let annotations: Vec<_> = max.map(|max| (MAX_REPLICAS, max)).into_iter().collect();
        let found = replica_set_fraction(&d, &replica_set(size, &annotations));
        assert_eq!(found, expected, "{size} of {max:?} in {replicas}");
    }
}

#[test]
fn numbers_in_annotations_are_whole_and_small_enough() {
    let cases = [
        ("0", Some(0)),
        ("5", Some(5)),
        ("2147483647", Some(i32::MAX)),
        ("2147483648", None),
        ("-1", None),
        ("+1", None),
        ("", None),
        ("five", None),
    ];
    for (text, expected) in cases {
        let set = replica_set(1, &[(MAX_REPLICAS, text)]);
        assert_eq!(non_negative(&set, MAX_REPLICAS), expected, "{text:?}");
    }
}

#[test]
fn revisions_that_are_no_numbers_are_passed_over() {
    let sets: Vec<_> = ["3", "x", "7", "5"]
        .iter()
        .map(|revision| Rc::new(replica_set(1, &[(REVISION, revision)])))
        .chain([Rc::new(replica_set(1, &[]))])
        .collect();
    assert_eq!((max_revision(&sets), last_revision(&sets)), (7, 5));
}

#[test]
fn a_revision_that_comes_again_leaves_a_history() {
    let d = deployment(3, "1", "0");
    let mut set = replica_set(3, &[(REVISION, "1")]);
    let annotation = |set: &ReplicaSet, key: &str| set.metadata.annotations.get(key).cloned();
    assert!(set_new_replica_set_annotations(&d, &mut set, 3));
    assert!(set_new_replica_set_annotations(&d, &mut set, 5));
    assert_eq!(annotation(&set, REVISION).as_deref(), Some("5"));
    assert_eq!(annotation(&set, REVISION_HISTORY).as_deref(), Some("1,3"));
    // A higher revision is never lowered.
    assert!(!set_new_replica_set_annotations(&d, &mut set, 2));
    assert_eq!(annotation(&set, REVISION).as_deref(), Some("5"));
}

#[test]
fn a_long_history_loses_its_oldest_revisions() {
    let d = deployment(3, "1", "0");
    let history = (1..500).map(|n| n.to_string()).collect::<Vec<_>>().join(",");
    let mut set = replica_set(3, &[(REVISION, "500"), (REVISION_HISTORY, &history)]);
    assert!(set_new_replica_set_annotations(&d, &mut set, 600));
    let kept = &set.metadata.annotations[REVISION_HISTORY];
    assert!(kept.len() <= 2_000 && kept.ends_with(",499,500"), "{} characters", kept.len());
}

fn status(replicas: i32, updated: i32, ready: i32, available: i32) -> DeploymentStatus {
    DeploymentStatus {
        observed_generation: 1,
        replicas,
        updated_replicas: updated,
        ready_replicas: ready,
        available_replicas: available,
        ..DeploymentStatus::default()
    }
}

#[test]
fn complete_is_all_new_and_available_and_observed() {
    let d = deployment(5, "1", "0");
    assert!(deployment_complete(&d, &status(5, 5, 5, 5)));
    for short in [status(5, 5, 5, 3), status(5, 4, 5, 5), status(6, 5, 6, 6), status(0, 0, 0, 0)] {
        assert!(!deployment_complete(&d, &short), "{short:?}");
    }
    let unobserved = DeploymentStatus { observed_generation: 0, ..status(5, 5, 5, 5) };
    assert!(!deployment_complete(&d, &unobserved));
}

#[test]
fn progress_is_any_step_forward() {
    let mut d = deployment(10, "1", "0");
    d.status = status(10, 4, 8, 8);
    assert!(!deployment_progressing(&d, &status(10, 4, 8, 8)));
    assert!(deployment_progressing(&d, &status(10, 6, 8, 8)), "more are new");
    assert!(deployment_progressing(&d, &status(9, 4, 8, 8)), "fewer are old");
    assert!(deployment_progressing(&d, &status(10, 4, 9, 8)), "more are ready");
    assert!(deployment_progressing(&d, &status(10, 4, 8, 9)), "more are available");
    assert!(!deployment_progressing(&d, &status(10, 4, 7, 7)), "fewer are ready");
}

#[test]
fn the_deadline_counts_from_the_last_progress() {
    let at = |secs: i64| Timestamp::from_secs(secs).start();
    let d = deployment(3, "1", "0");
    let with = |reason: &'static str| DeploymentStatus {
        conditions: vec![condition(at(100), PROGRESSING, "True", reason, "".into())],
        ..DeploymentStatus::default()
    };
    let timed_out =
        |now: SimTime, reason: &'static str| deployment_timed_out(now, &d, &with(reason));
    assert!(!timed_out(at(160), "ReplicaSetUpdated"), "not yet longer than the deadline");
    assert!(timed_out(at(161), "ReplicaSetUpdated"));
    assert!(timed_out(at(161), "DeploymentResumed"));
    assert!(!timed_out(at(900), "NewReplicaSetAvailable"));
    assert!(timed_out(at(101), "ProgressDeadlineExceeded"), "until there is progress");
    let endless = Deployment {
        spec: Rc::new(DeploymentSpec {
            progress_deadline_seconds: Some(i32::MAX),
            ..DeploymentSpec::clone(&d.spec)
        }),
        ..d.clone()
    };
    assert!(!deployment_timed_out(at(900), &endless, &with("ReplicaSetUpdated")));
}

#[test]
fn conditions_change_with_status_or_reason_and_go_to_the_end() {
    let at = |secs: i64| Timestamp::from_secs(secs).start();
    let mut status = DeploymentStatus::default();
    let mut set = |secs, type_, value, reason: &'static str| {
        let message = format!("at {secs}");
        conditions::set(&mut status, condition(at(secs), type_, value, reason, message.into()));
        let told = status.conditions.iter().map(|c| {
            format!(
                "{} {} {}",
                c.type_,
                c.last_update_time.as_secs(),
                c.last_transition_time.as_secs()
            )
        });
        told.collect::<Vec<_>>().join("; ")
    };
    assert_eq!(set(1, "Progressing", "True", "A"), "Progressing 1 1");
    assert_eq!(set(2, "Available", "False", "B"), "Progressing 1 1; Available 2 2");
    assert_eq!(set(3, "Progressing", "True", "A"), "Progressing 1 1; Available 2 2");
    assert_eq!(set(4, "Progressing", "True", "C"), "Available 2 2; Progressing 4 1");
    assert_eq!(set(5, "Available", "True", "D"), "Progressing 4 1; Available 5 5");
}

#[test]
fn terminating_pods_are_unknown_where_one_set_does_not_say() {
    let set = |observed, terminating| {
        let mut set = replica_set(1, &[]);
        set.status.observed_generation = observed;
        set.status.terminating_replicas = terminating;
        Rc::new(set)
    };
    assert_eq!(terminating_replica_count(&[set(1, Some(2)), set(0, None)]), Some(2));
    assert_eq!(terminating_replica_count(&[set(1, Some(2)), set(1, None)]), None);
}
