//! A manifest applied to a clone of a session, and what that changes at once.

use rollscope_api::object::Deployment;
use rollscope_api::yaml;
use rollscope_api::{Api, Resource, Value, annotation};
use rollscope_kubectl::{Outcome, Output};
use rollscope_sim::Cluster;
use rollscope_sim::controller::deployment::{annotations, conditions};
use rollscope_sim::store::{Key, Store};

use super::Question;
use super::answer::{Action, RevisionPlan, Subject};
use super::changes::{self, Change};
use super::fenceposts::Fenceposts;
use super::run::newest;
use crate::files::FileSet;
use crate::session::quote;

/// Annotations that follow from applying and are no intention of anybody's.
const BOOKKEEPING: [&str; 2] = [annotation::LAST_APPLIED, annotation::REVISION];

/// The cluster just after the manifest was applied.
pub(super) struct Applied {
    pub(super) cluster: Cluster,
    pub(super) output: Output,
    pub(super) subject: Option<(Key, Subject)>,
}

/// Applies a manifest as `kubectl apply -f FILE` does.
pub(super) fn apply(before: &Cluster, question: &Question) -> Applied {
    let Question { file, text, namespace, restart, .. } = question;
    let namespace = namespace.as_deref();
    let mut cluster = before.clone();
    let mut files = FileSet::default();
    files.set(file, text);
    let mut line = format!("kubectl apply -f {}", quote(file));
    if let Some(namespace) = namespace {
        line.push_str(&format!(" --namespace={}", quote(namespace)));
    }
    let mut output = run(&mut cluster, &files, &line);
    let mut keys = deployments(text, namespace.unwrap_or("default"));
    let subject = match output.exit {
        0 if !keys.is_empty() => {
            let key = keys.remove(0);
            let others = keys.iter().map(|key| key.name.to_string()).collect();
            let mut found = subject(before, &cluster, &key, others);
            let stays = |one: &Subject| matches!(one.revision, RevisionPlan::Same { .. });
            if *restart && found.as_ref().is_some_and(stays) {
                let Key { namespace, name } = &key;
                let line = format!("kubectl rollout restart deployment/{name} -n {namespace}");
                output = run(&mut cluster, &files, &line);
                let others = found.map(|subject| subject.others).unwrap_or_default();
                found = subject(before, &cluster, &key, others);
            }
            found.map(|subject| (key, subject))
        }
        _ => None,
    };
    Applied { cluster, output, subject }
}

fn run(cluster: &mut Cluster, files: &FileSet, line: &str) -> Output {
    match rollscope_kubectl::run(cluster, files, line) {
        Outcome::Done(output) | Outcome::Waiting(output, _) => output,
        Outcome::Editing(editing) => editing.so_far,
    }
}

/// The Deployments of a manifest in their order, those in Lists too.
fn deployments(text: &str, namespace: &str) -> Vec<Key> {
    let documents = yaml::parse_all(text).0;
    let mut objects: Vec<&Value> = Vec::new();
    for document in &documents {
        match document.value["items"].as_array() {
            Some(items) if document.value["kind"] == "List" => objects.extend(items),
            _ => objects.push(&document.value),
        }
    }
    let deployments = objects
        .into_iter()
        .filter(|object| object["kind"] == "Deployment" && object["apiVersion"] == "apps/v1");
    deployments
        .map(|object| {
            let metadata = &object["metadata"];
            let namespace = metadata["namespace"].as_str().unwrap_or(namespace);
            Key::new(namespace, metadata["name"].as_str().unwrap_or_default())
        })
        .collect()
}

fn subject(before: &Cluster, after: &Cluster, key: &Key, others: Vec<String>) -> Option<Subject> {
    let deployment = after.listers().deployment(key)?;
    let old = before.listers().deployment(key);
    let action = match old {
        None => Action::Created,
        Some(old) if old.metadata.resource_version == deployment.metadata.resource_version => {
            Action::Unchanged
        }
        Some(_) => Action::Configured,
    };
    let (template_changes, other_changes) = match old {
        None => Default::default(),
        Some(_) => changes(before, after, key),
    };
    Some(Subject {
        namespace: key.namespace.to_string(),
        name: key.name.to_string(),
        others,
        action,
        revision: revision(after.listers(), deployment),
        template_changes,
        other_changes,
        replicas: deployment.spec.replicas,
        fenceposts: Fenceposts::of(deployment),
        progress_deadline_seconds: conditions::progress_deadline(deployment)
            .and(deployment.spec.progress_deadline_seconds),
    })
}

fn changes(before: &Cluster, after: &Cluster, key: &Key) -> (Vec<Change>, Vec<Change>) {
    let read = |cluster: &Cluster| {
        let found = cluster.clone().get(Resource::Deployments, &key.namespace, &key.name);
        found.unwrap_or_default()
    };
    let (old, new) = (read(before), read(after));
    let template = "spec.template";
    let in_template =
        changes::between(template, &old["spec"]["template"], &new["spec"]["template"]);
    let mut others =
        changes::between("metadata.labels", &old["metadata"]["labels"], &new["metadata"]["labels"]);
    others.extend(changes::between("metadata.annotations", &told(&old), &told(&new)));
    let spec = changes::between("spec", &old["spec"], &new["spec"]);
    others.extend(spec.into_iter().filter(|change| !change.path.starts_with(template)));
    (in_template, others)
}

/// An object's annotations without bookkeeping.
fn told(object: &Value) -> Value {
    let mut annotations = object["metadata"]["annotations"].clone();
    if let Some(map) = annotations.as_object_mut() {
        map.retain(|key, _| !BOOKKEEPING.contains(&key.as_str()));
    }
    annotations
}

/// Whether a ReplicaSet has the template already, and whether it is the newest.
fn revision(store: &Store, deployment: &Deployment) -> RevisionPlan {
    let found = newest(store, deployment, None);
    let highest = store
        .replica_sets_of(&deployment.metadata.uid)
        .filter_map(|set| annotations::revision(&set.metadata))
        .max()
        .unwrap_or_default();
    match found.map(|set| annotations::revision(&set.metadata).unwrap_or_default()) {
        Some(revision) if revision == highest => RevisionPlan::Same { revision },
        _ if deployment.spec.paused => RevisionPlan::Paused,
        Some(was) => RevisionPlan::Returns { was },
        None => RevisionPlan::New,
    }
}
