use std::path::Path;

use super::check;
use crate::conform::CaseResult;
use rollscope_api::order;

fn failures(result: &CaseResult) -> String {
    let failed = result.steps.iter().filter_map(|step| Some((step, step.difference.as_ref()?)));
    failed
        .map(|(step, difference)| {
            let differs = |(a, b): &(&str, &str)| a != b;
            let (a, b) = (&difference.recorded, &difference.simulated);
            let pairs: Vec<(&str, &str)> = a.lines().zip(b.lines()).collect();
            let first = pairs.iter().find(|pair| differs(pair)).copied();
            let rest = (
                a.lines().nth(pairs.len()).unwrap_or("-"),
                b.lines().nth(pairs.len()).unwrap_or("-"),
            );
            let (a, b) = first.unwrap_or(rest);
            format!("  {}:\n    recorded  {a}\n    simulated {b}\n", step.name)
        })
        .collect()
}

fn recordings() -> Vec<(String, String, String)> {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/recordings/kubelet");
    let manifests = std::fs::read_to_string(folder.join("manifests.json")).unwrap();
    let manifests: serde_json::Value = serde_json::from_str(&manifests).unwrap();
    let mut names: Vec<String> = manifests.as_object().unwrap().keys().cloned().collect();
    order::sort(&mut names);
    let recording = |name: String| {
        let text = std::fs::read_to_string(folder.join(format!("{name}.txt"))).unwrap();
        let manifest = manifests[&name].to_string();
        (name, text, manifest)
    };
    names.into_iter().map(recording).collect()
}

#[test]
fn every_recorded_life_agrees() {
    let recordings = recordings();
    assert!(recordings.len() >= 21);
    let mut failed = String::new();
    for (name, text, manifest) in recordings {
        let result = check(&text, &manifest);
        if !result.passed() {
            failed.push_str(&format!("{name}\n{}", failures(&result)));
        }
    }
    assert!(failed.is_empty(), "\n{failed}");
}

/// A recording in which something was changed has to fail.
#[test]
fn changed_recordings_are_told() {
    let changes: [(&str, &str, &str); 9] = [
        ("crash", "back-off 40s restarting", "back-off 30s restarting"),
        ("crash", "terminated:Error:1 ready", "terminated:Error:2 ready"),
        ("start", "Normal Created: Container created", "Normal Created: Created container"),
        ("terminate", "terminated:Error:143", "terminated:Error:137"),
        ("init", "Init:0/1", "PodInitializing"),
        ("startup", "ready=False started=True", "ready=True started=True"),
        ("liveness-kills", "failed liveness probe, will", "failed startup probe, will"),
        ("missing-image", "Back-off pulling image \"web:missing\": ErrImagePull", "Back-off"),
        ("pre-stop", "   15.3 pod", "    12.0 pod"),
    ];
    for (name, text, manifest) in recordings() {
        for (_, from, to) in changes.iter().filter(|(case, _, _)| *case == name) {
            let changed = text.replace(from, to);
            assert_ne!(changed, text, "{name} does not hold {from}");
            assert!(!check(&changed, &manifest).passed(), "{name} passes with {to}");
        }
    }
}

#[test]
fn missing_lines_are_told() {
    for (name, text, manifest) in recordings() {
        // A line of the middle of each kind that is no repetition and does not pass in a moment.
        let (at, _) = match name.as_str() {
            "terminate" => text.match_indices("Normal Killing").next().unwrap(),
            "done" => text.match_indices("back-off 20s").next().unwrap(),
            "rollout" => text.match_indices("pod web-6c8bb54b54-e phase=Running").next().unwrap(),
            _ => continue,
        };
        let begin = text[..at].rfind('\n').unwrap();
        let end = at + text[at..].find('\n').unwrap();
        let changed = format!("{}{}", &text[..begin], &text[end..]);
        assert!(!check(&changed, &manifest).passed(), "{name} passes with a line missing");
    }
}

/// On which of its outputs the scripted runtime prints, the recording itself says.
#[test]
fn failing_hooks_may_print_on_either_output() {
    let life = |printed: &str| {
        let not_ready = "Initialized=True,Ready=False(ContainersNotReady),\
                         ContainersReady=False(ContainersNotReady),PodScheduled=True";
        let pod = "pod web-68d65688c9-a";
        let event = "event web-68d65688c9-a spec.containers{web}";
        format!(
            "# post-start-fails\n\
             0.0 {pod} phase=Pending | conditions \n\
             0.0 event web-68d65688c9-a  Normal Scheduled: Successfully assigned default/web-68d65688c9-a to node-0\n\
             0.1 {pod} phase=Pending | conditions PodScheduled=True\n\
             0.1 {pod} phase=Pending | conditions PodReadyToStartContainers=True,{not_ready} | web waiting:ContainerCreating ready=False started=False restarts=0\n\
             0.1 {event} Normal Pulled: Container image \"web:1.0\" already present on machine and can be accessed by the pod\n\
             0.1 {event} Normal Created: Container created\n\
             0.1 {event} Normal Started: Container started\n\
             0.1 {event} Warning FailedPostStartHook: PostStartHook failed\n\
             0.1 {event} Normal Killing: FailedPostStartHook\n\
             0.9 {pod} phase=Running | conditions PodReadyToStartContainers=True,{not_ready} | web waiting:PostStartHookError \"Exec lifecycle hook ([cat never]) for Container \"web\" in Pod \"web-68d65688c9-a_default(<uid>)\" failed - error: command 'cat never' exited with 1: {printed}, message: \"not yet\"\" ready=False started=False restarts=0 last=terminated:Error:143\n"
        )
    };
    let (_, _, manifest) =
        recordings().into_iter().find(|(name, _, _)| name == "post-start").unwrap();
    let manifest = manifest.replace("[\"sleep\",\"2\"]", "[\"cat\",\"never\"]");
    for printed in ["not yet", ""] {
        let result = check(&life(printed), &manifest);
        assert!(result.passed(), "{printed}\n{}", failures(&result));
    }
    assert!(!check(&life("no"), &manifest).passed());
}

/// Images end only where their names say so.
#[test]
fn init_containers_may_go_on_for_ever() {
    let recording = super::Recording::parse("# init\n 60.0 $ kubectl get pods\n").unwrap();
    let last_row = |image: &str| {
        let (_, _, manifest) =
            recordings().into_iter().find(|(name, _, _)| name == "init").unwrap();
        let case = serde_json::from_str(&manifest.replace("init:done", image)).unwrap();
        let world = super::world::scripted(&recording, &case);
        let seen = super::observe::run(&recording, &case["manifest"], world, 1).unwrap();
        seen.pods[0].rows.last().unwrap().what.clone()
    };
    assert_eq!(last_row("init:done"), "1/1 Running 0");
    assert_eq!(last_row("init:1.0"), "0/1 Init:0/1 0");
}
