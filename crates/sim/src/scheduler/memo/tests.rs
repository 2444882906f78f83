//! What is remembered gives the nodes that looking at everything gives.

use std::rc::Rc;

use rollscope_api::object::Node;
use serde_json::json;

use super::super::needs::Needs;
use super::super::score::scores;
use super::*;
use crate::kernel::Random;
use crate::store::PodId;

fn node(name: &str, pods: u64, label: (&str, &str)) -> Node {
    serde_json::from_value(json!({
        "metadata": {
            "name": name,
            "labels": { "kubernetes.io/hostname": name, label.0: label.1 },
        },
        "spec": {},
        "status": { "allocatable": { "cpu": "4", "memory": "8Gi", "pods": pods.to_string() } },
    }))
    .unwrap()
}

/// Kinds of pods that differ in what they ask for; all have the label `app: web` but the last.
fn kinds(cache: &mut Cache) -> Vec<KindId> {
    let kinds = [("web", "100m"), ("web", "250m"), ("db", "100m")];
    let kinds = kinds.map(|(app, cpu)| {
        let labels = Rc::new([("app".to_owned(), app.to_owned())].into());
        let requests = json!({ "requests": { "cpu": cpu, "memory": "64Mi" } });
        let spec = json!({ "containers": [{ "name": "c", "resources": requests }] });
        cache.kind_of("default", &labels, &Rc::new(Needs::of(&spec)))
    });
    kinds.to_vec()
}

/// The best nodes as they are found without a memory.
fn plainly(
    cache: &Cache,
    kind: KindId,
    owner: &LabelSelector,
    first: usize,
    enough: usize,
) -> Option<Best> {
    let filter = Filter::new(cache, kind);
    let (mut fitting, mut looked_at) = (Vec::new(), 0);
    for index in (first..cache.nodes.len()).chain(0..first) {
        looked_at += 1;
        if filter.check(&cache.nodes[index]).is_ok() {
            fitting.push(index);
        }
        if fitting.len() == enough {
            break;
        }
    }
    let scores = scores(cache, kind, Some(owner), &fitting);
    let most = *scores.iter().max()?;
    let best = fitting.iter().zip(&scores).filter(|(_, score)| **score == most);
    Some(Best { nodes: best.map(|(node, _)| *node).collect(), looked_at })
}

#[test]
fn a_memory_changes_no_choice() {
    let mut draw = Random::new(1).draw("memo", "");
    let mut cache = Cache::default();
    let names: Vec<String> = (0..40).map(|number| format!("node-{number}")).collect();
    let room: Vec<u64> = names.iter().map(|_| 3 + draw.below(9)).collect();
    let all = |grown: u64| -> Vec<Node> {
        let nodes = names.iter().zip(&room);
        nodes.map(|(name, pods)| node(name, pods + grown, ("disk", "ssd"))).collect()
    };
    cache.set_nodes(all(0).iter());
    let kinds = kinds(&mut cache);
    let owner =
        LabelSelector { match_labels: cache.kinds[kinds[0]].labels.clone(), ..Default::default() };
    let mut memo = Memo::default();
    let mut placed = Vec::new();
    let mut refused = 0;
    for number in 0..900 {
        if number == 300 {
            cache.set_nodes(all(2).iter());
        }
        let kind = kinds[draw.below(40) as usize / 18];
        let first = draw.below(40) as usize;
        let found = memo.best(&cache, kind, &owner, first, 15);
        assert_eq!(found, plainly(&cache, kind, &owner, first, 15), "pod {number}");
        match found {
            Some(best) => {
                let node = best.nodes[draw.below(best.nodes.len() as u64) as usize];
                cache.place(PodId(number), &names[node], kind, false);
                placed.push(PodId(number));
            }
            None => refused += 1,
        }
        if draw.below(3) == 0 && !placed.is_empty() {
            cache.remove(placed.swap_remove(draw.below(placed.len() as u64) as usize));
        }
    }
    assert!(refused > 10, "the nodes were never full");
}

#[test]
fn rules_about_several_nodes_are_not_remembered() {
    let mut memo = Memo::default();
    let owner = LabelSelector::default();
    let mut found = |label: (&str, &str)| {
        let mut cache = Cache::default();
        cache.set_nodes([node("a", 9, label), node("b", 9, label)].iter());
        let kind = kinds(&mut cache)[0];
        memo.best(&cache, kind, &owner, 0, 2).is_some()
    };
    assert!(found(("disk", "ssd")));
    assert!(!found(("topology.kubernetes.io/zone", "z1")));
}
