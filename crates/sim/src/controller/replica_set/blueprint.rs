//! What all pods of a ReplicaSet have in common, prepared once.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::object::{OwnerReference, PodTemplate, ReplicaSet, StringMap};
use rollscope_api::selector::Selector;
use rollscope_api::status::Cause;
use rollscope_api::{Resource, Status, Value, defaults, validate};
use serde_json::json;

use crate::apiserver::qos_class;
use crate::controller::{owner, string_map};
use crate::store::UidNumber;

/// The parts of a new pod that its siblings share.
#[derive(Clone, Debug)]
pub(crate) struct Blueprint {
    template: PodTemplate,
    /// Cannot be changed once the ReplicaSet is there.
    pub(crate) selector: Selector,
    pub(crate) labels: StringMap,
    pub(crate) annotations: StringMap,
    pub(crate) finalizers: Vec<String>,
    pub(crate) spec: Rc<Value>,
    /// A template may name the node: the scheduler is not asked then.
    pub(crate) node_name: Option<Rc<str>>,
    pub(crate) qos_class: Rc<str>,
    pub(crate) owner: OwnerReference,
    pub(crate) namespace: Rc<str>,
    pub(crate) generate_name: Rc<str>,
    /// The ReplicaSet's uid, by which the names of its pods are drawn.
    pub(crate) drawn_by: String,
    /// Templates are allowed some things that pods are not.
    refusal: Option<Refusal>,
    /// How many pods have been made from it: numbers the draws of their names.
    pub(crate) made: u32,
}

/// Why the API server takes no pod of a template.
#[derive(Clone, Debug)]
enum Refusal {
    Forbidden(String),
    Invalid(Vec<Cause>),
}

/// The blueprints of the ReplicaSets that have made pods.
#[derive(Clone, Debug, Default)]
pub(crate) struct Blueprints(BTreeMap<UidNumber, Rc<Blueprint>>);

impl Blueprints {
    /// What the pods of a ReplicaSet have in common.
    pub(crate) fn get(&mut self, set: &ReplicaSet) -> Rc<Blueprint> {
        self.of(set).clone()
    }

    /// The blueprint for one more pod; its number is [`Blueprint::made`].
    pub(crate) fn next(&mut self, set: &ReplicaSet) -> Rc<Blueprint> {
        let blueprint = self.of(set);
        let now = blueprint.clone();
        Rc::make_mut(blueprint).made += 1;
        now
    }

    pub(crate) fn forget(&mut self, uid: UidNumber) {
        self.0.remove(&uid);
    }

    fn of(&mut self, set: &ReplicaSet) -> &mut Rc<Blueprint> {
        let uid = UidNumber::of(&set.metadata.uid);
        let fits = |known: &Rc<Blueprint>| Rc::ptr_eq(&known.template.0, &set.spec.template.0);
        let made = self.0.get(&uid).map_or(0, |known| known.made);
        if !self.0.get(&uid).is_some_and(fits) {
            self.0.insert(uid, Rc::new(Blueprint { made, ..Blueprint::new(set) }));
        }
        self.0.get_mut(&uid).expect("inserted above")
    }
}

impl Blueprint {
    /// Models `GetPodFromTemplate` in `pkg/controller/controller_utils.go`, then defaulting and
    /// admission of the pod.
    fn new(set: &ReplicaSet) -> Self {
        let template = &set.spec.template;
        let metadata = &template.0["metadata"];
        let mut pod = json!({ "spec": template.spec() });
        defaults::set_defaults(Resource::Pods, &mut pod);
        let mut spec = pod["spec"].take();
        let refusal = match crate::apiserver::admit_pod_spec(&mut spec) {
            Err(why) => Some(Refusal::Forbidden(why)),
            Ok(()) => {
                let mut metadata = metadata.clone();
                metadata["name"] = "pod".into();
                let pod = json!({ "metadata": metadata, "spec": spec });
                let causes = validate::validate(Resource::Pods, &pod, None);
                (!causes.is_empty()).then_some(Refusal::Invalid(causes))
            }
        };
        let node_name = spec.as_object_mut().and_then(|spec| spec.remove("nodeName"));
        let node_name = node_name.as_ref().and_then(Value::as_str).filter(|name| !name.is_empty());
        let finalizers = metadata["finalizers"].as_array().into_iter().flatten();
        Self {
            template: template.clone(),
            selector: Selector::from_label_selector(&set.spec.selector),
            labels: Rc::new(string_map(&metadata["labels"])),
            annotations: Rc::new(string_map(&metadata["annotations"])),
            finalizers: finalizers.filter_map(|f| Some(f.as_str()?.to_owned())).collect(),
            qos_class: qos_class(&spec).into(),
            spec: Rc::new(spec),
            node_name: node_name.map(Rc::from),
            owner: owner::controller_of_replica_set(&set.metadata),
            namespace: set.metadata.namespace.clone(),
            generate_name: generate_name(&set.metadata.name).into(),
            drawn_by: set.metadata.uid.to_string(),
            refusal,
            made: 0,
        }
    }

    /// Whether the API server takes a pod of that name.
    ///
    /// # Errors
    /// What admission or validation says.
    pub(crate) fn check(&self, name: &str) -> Result<(), Status> {
        match &self.refusal {
            None => Ok(()),
            Some(Refusal::Forbidden(why)) => Err(Status::forbidden("pods", name, why)),
            Some(Refusal::Invalid(causes)) => Err(Status::invalid("Pod", name, causes.clone())),
        }
    }
}

/// The ReplicaSet's name and a dash; without the dash if that would not be a valid prefix, which a
/// name of full length is not.
fn generate_name(set: &str) -> String {
    let with_dash = format!("{set}-");
    if with_dash.len() <= 253 { with_dash } else { set.to_owned() }
}
