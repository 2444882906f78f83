//! Objects that `kubectl get -o yaml` printed, or a manifest, made into a session that forecasts
//! can be asked of.
//!
//! ReplicaSets come before their Deployments and without owners: the deployment controller adopts
//! them, as it would after a restore, and finds their revisions.

use std::collections::BTreeMap;

use rollscope_api::annotation::REVISION;
use rollscope_api::equality::POD_TEMPLATE_HASH;
use rollscope_api::{
    Api, PatchType, Resource, SimDuration, Subresource, Value, WriteOptions, yaml,
};
use rollscope_kubectl::Outcome;
use rollscope_sim::World;
use rollscope_sim::controller::deployment::conditions::deployment_complete;
use serde_json::json;

use crate::files::FileSet;
use crate::script::{Script, ScriptError};
use crate::session::Session;
use crate::timeline::DeploymentSample;

/// The longest that Deployments are given to come up before anything is asked.
const PATIENCE: SimDuration = SimDuration::from_secs(3_600);
/// A Deployment that nothing happens to for so long is as much up as it will be.
const STANDSTILL: SimDuration = SimDuration::from_secs(120);
/// A session is left alone for so long after everything is up, so that what is asked does not
/// depend on what has hardly ended.
const AFTERWARDS: SimDuration = SimDuration::from_secs(30);
/// What a session begins with, in this order: what others need comes first.
const TAKEN: [Resource; 7] = [
    Resource::Namespaces,
    Resource::ConfigMaps,
    Resource::Secrets,
    Resource::ReplicaSets,
    Resource::Deployments,
    Resource::Services,
    Resource::ResourceQuotas,
];

/// A session to ask, and the namespace that its Deployment is in.
#[derive(Debug)]
pub struct Live {
    #[allow(missing_docs)]
    pub session: Session,
    /// That of the first Deployment, if it names one.
    pub namespace: Option<String>,
    /// What was left out, in words.
    pub notes: Vec<String>,
}

/// Why no session could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveError {
    /// The line, from 1; 0 where it is the whole.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Live {
    /// Reads what `kubectl get deployments,replicasets -o yaml` prints, or a manifest as it is
    /// applied, and lets what is in it come up.
    ///
    /// # Errors
    /// A text that cannot be read, that holds no Deployment, or that the API server refuses.
    pub fn from_text(text: &str, world: &World, seed: u64) -> Result<Self, LiveError> {
        let documents = yaml::parse(text)
            .map_err(|error| LiveError { line: error.line, message: error.message })?;
        let objects: Vec<Value> = documents.into_iter().flat_map(|one| items(one.value)).collect();
        let mut by_resource: BTreeMap<usize, Vec<&Value>> = BTreeMap::new();
        let mut notes: Vec<String> = Vec::new();
        for object in &objects {
            match place_of(object) {
                Some(place) => by_resource.entry(place).or_default().push(object),
                // Pods are made by their ReplicaSets.
                None if object["kind"] == "Pod" => {}
                None => notes.push(format!("{} is left out", name_of(object))),
            }
        }
        let first = objects.iter().find(|object| object["kind"] == "Deployment");
        let first = first.ok_or_else(|| whole("there is no Deployment in it".to_owned()))?;
        let named = first["metadata"]["namespace"].as_str().map(str::to_owned);
        let script = Script { seed, world: world.clone(), ..Script::default() };
        let mut session = Session::new(&script);
        for object in by_resource.values().flatten() {
            ensure_namespace(&mut session, object)?;
        }
        if objects.iter().any(is_dumped) {
            for object in by_resource.into_values().flatten() {
                restore(&mut session, object, &objects)?;
            }
        } else {
            apply(&mut session, text)?;
        }
        come_up(&mut session);
        Ok(Self { session, namespace: named, notes })
    }
}

fn whole(message: String) -> LiveError {
    LiveError { line: 0, message }
}

/// A List's items, or the object itself.
fn items(value: Value) -> Vec<Value> {
    match value["items"].as_array() {
        Some(items) if value["kind"].as_str().is_some_and(|kind| kind.ends_with("List")) => {
            items.clone()
        }
        _ => vec![value],
    }
}

fn place_of(object: &Value) -> Option<usize> {
    let resource = resource_of(object)?;
    TAKEN.iter().position(|taken| *taken == resource)
}

fn resource_of(object: &Value) -> Option<Resource> {
    Resource::from_gvk(object["apiVersion"].as_str()?, object["kind"].as_str()?)
}

fn namespace_of(object: &Value) -> &str {
    object["metadata"]["namespace"].as_str().unwrap_or("default")
}

fn name_of(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    format!("{} {:?}", text(&object["kind"]), text(&object["metadata"]["name"]))
}

/// Whether the object comes from an API server and not from a file of somebody's.
fn is_dumped(object: &Value) -> bool {
    let metadata = &object["metadata"];
    !metadata["uid"].is_null() || !metadata["resourceVersion"].is_null()
}

fn ensure_namespace(session: &mut Session, object: &Value) -> Result<(), LiveError> {
    let name = namespace_of(object);
    let cluster = session.api();
    if cluster.get(Resource::Namespaces, "", name).is_ok() || object["kind"] == "Namespace" {
        return Ok(());
    }
    let body = json!({ "apiVersion": "v1", "kind": "Namespace", "metadata": { "name": name } });
    create(session, Resource::Namespaces, body).map(|_| ())
}

fn create(session: &mut Session, resource: Resource, body: Value) -> Result<Value, LiveError> {
    let namespace = if resource.namespaced() { namespace_of(&body) } else { "" }.to_owned();
    let name = name_of(&body);
    let written = session.api().create(resource, &namespace, body, &WriteOptions::default());
    written
        .map(|written| written.object)
        .map_err(|status| whole(format!("{name}: {}", status.message)))
}

/// A manifest is applied, so that what was last applied is known.
fn apply(session: &mut Session, text: &str) -> Result<(), LiveError> {
    const FILE: &str = "live.yaml";
    let mut files = FileSet::default();
    files.set(FILE, text);
    let line = format!("kubectl apply -f {FILE}");
    match rollscope_kubectl::run(session.api(), &files, &line) {
        Outcome::Done(output) if output.exit != 0 => Err(whole(output.stderr.trim().to_owned())),
        _ => Ok(()),
    }
}

/// An object of an API server is created again, as much as it can be.
fn restore(session: &mut Session, object: &Value, all: &[Value]) -> Result<(), LiveError> {
    let Some(resource) = resource_of(object) else { return Ok(()) };
    let name = object["metadata"]["name"].as_str().unwrap_or_default();
    let namespace = namespace_of(object);
    let is_there = session.api().get(resource, namespace, name).is_ok();
    if is_there || resource == Resource::Namespaces && name.starts_with("kube-") {
        return Ok(());
    }
    if resource == Resource::Deployments && !has_own_set(object, all) {
        make_set(session, object)?;
    }
    create(session, resource, bare(object))?;
    if resource == Resource::Deployments {
        keep_collisions(session, object)?;
    }
    Ok(())
}

/// An object without what only a server can set, and without owners.
fn bare(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(map) = object.as_object_mut() {
        map.remove("status");
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        for field in ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"]
        {
            metadata.remove(field);
        }
        for field in ["ownerReferences", "deletionTimestamp", "selfLink", "finalizers"] {
            metadata.remove(field);
        }
    }
    // The addresses of another cluster may be taken in this one.
    if object["kind"] == "Service" && object["spec"]["clusterIP"] != "None" {
        for field in ["clusterIP", "clusterIPs", "healthCheckNodePort"] {
            object["spec"].as_object_mut().map(|spec| spec.remove(field));
        }
    }
    object
}

/// Whether the ReplicaSet of the Deployment's newest revision is among the objects.
fn has_own_set(deployment: &Value, all: &[Value]) -> bool {
    let revision = &deployment["metadata"]["annotations"][REVISION];
    all.iter().any(|object| {
        let owners = object["metadata"]["ownerReferences"].as_array().into_iter().flatten();
        object["kind"] == "ReplicaSet"
            && object["metadata"]["annotations"][REVISION] == *revision
            && owners.into_iter().any(|owner| owner["uid"] == deployment["metadata"]["uid"])
    })
}

/// Where only the Deployment is known, its ReplicaSet is made of its template, with the revision
/// that the Deployment says it is at.
fn make_set(session: &mut Session, deployment: &Value) -> Result<(), LiveError> {
    let Some(revision) = deployment["metadata"]["annotations"][REVISION].as_str() else {
        return Ok(());
    };
    let mut scratch = session.clone();
    let mut trial = bare(deployment);
    trial["spec"]["paused"] = false.into();
    create(&mut scratch, Resource::Deployments, trial)?;
    keep_collisions(&mut scratch, deployment)?;
    scratch.run_until(scratch.now() + SimDuration::from_secs(1));
    let name = deployment["metadata"]["name"].as_str().unwrap_or_default();
    let sets = scratch.cluster().listers().replica_sets();
    let found = sets.map(|(key, _)| key.clone()).find(|key| {
        key.name
            .strip_prefix(name)
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|hash| !hash.contains('-'))
            && session.cluster().listers().replica_set(key).is_none()
    });
    let Some(key) = found else { return Ok(()) };
    let set = scratch.api().get(Resource::ReplicaSets, &key.namespace, &key.name);
    let mut set = bare(&set.map_err(|status| whole(status.message))?);
    debug_assert!(set["metadata"]["labels"][POD_TEMPLATE_HASH].is_string(), "it is a Deployment's");
    set["metadata"]["annotations"][REVISION] = revision.into();
    create(session, Resource::ReplicaSets, set).map(|_| ())
}

/// Names of ReplicaSets depend on how often they have collided.
fn keep_collisions(session: &mut Session, deployment: &Value) -> Result<(), LiveError> {
    let count = &deployment["status"]["collisionCount"];
    if count.is_null() {
        return Ok(());
    }
    let name = deployment["metadata"]["name"].as_str().unwrap_or_default();
    let body = json!({ "status": { "collisionCount": count } });
    let patched = session.api().patch(
        Resource::Deployments,
        namespace_of(deployment),
        name,
        Subresource::Status,
        PatchType::Merge,
        body,
        &WriteOptions::default(),
    );
    patched
        .map(|_| ())
        .map_err(|status| whole(format!("{}: {}", name_of(deployment), status.message)))
}

/// Lets time pass until every Deployment is complete and quiet, or nothing moves any more.
fn come_up(session: &mut Session) {
    let end = session.now() + PATIENCE;
    let mut seen = Vec::new();
    let mut moved_at = session.now();
    while let Some(next) = session.next_event_at().filter(|next| *next <= end) {
        session.run_until(next);
        let store = session.cluster().listers();
        let samples: Vec<DeploymentSample> =
            store.deployments().map(|(_, one)| DeploymentSample::take(store, one)).collect();
        let is_up = store.deployments().zip(&samples).all(|((_, one), sample)| {
            deployment_complete(one, &one.status) && sample.terminating() == 0
        });
        if samples != seen {
            (seen, moved_at) = (samples, next);
        }
        let patience = if is_up { AFTERWARDS } else { STANDSTILL };
        if next - moved_at > patience {
            break;
        }
    }
    session.run_until(session.now().max(moved_at + AFTERWARDS));
}

/// Reads a world as scripts hold it under `world:`; that word may be there or not.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn world(text: &str) -> Result<World, ScriptError> {
    let is_nested = text.lines().any(|line| line.starts_with("world:"));
    let is_script = text.lines().any(|line| line.starts_with("rollscope:"));
    let (head, lines) = match (is_script, is_nested) {
        (true, _) => ("", 0),
        (false, true) => ("rollscope: 1\n", 1),
        (false, false) => ("rollscope: 1\nworld:\n", 2),
    };
    let mut script = head.to_owned();
    for line in text.lines() {
        let indent = if lines == 2 { "  " } else { "" };
        script.push_str(&format!("{indent}{line}\n"));
    }
    let script = Script::from_yaml(&script).map_err(|error| ScriptError {
        line: error.line.saturating_sub(lines),
        message: error.message,
    })?;
    Ok(script.world)
}
