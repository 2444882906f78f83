use rollscope_api::SimDuration;

use super::*;
use crate::measure::manifest;

fn session() -> Session {
    let mut script = Script::default();
    script.files.insert("web.yaml".to_owned(), manifest(2, "1.0"));
    Session::new(&script)
}

fn type_in(session: &mut Session, line: &str) {
    session.input(&Input::Command { line: line.to_owned() });
}

fn run_for(session: &mut Session, seconds: i64) {
    session.run_until(session.now() + SimDuration::from_secs(seconds));
}

fn last(session: &Session) -> (String, String, Option<i32>) {
    let entry = session.transcript().entries().last().expect("a command").clone();
    let printed = format!("{}{}", entry.printed(false), entry.printed(true));
    (entry.line.clone(), printed, entry.ended.map(|(_, exit)| exit))
}

#[test]
fn buttons_appear_as_their_commands() {
    let mut session = session();
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    let (line, printed, exit) = last(&session);
    assert_eq!(line, "kubectl apply -f web.yaml");
    assert_eq!(printed, "deployment.apps/web created\n");
    assert_eq!(exit, Some(0));
    type_in(&mut session, "get deploy -o name");
    assert_eq!(last(&session).0, "kubectl get deploy -o name");
}

#[test]
fn a_waiting_command_prints_as_time_passes_and_ends() {
    let mut session = session();
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    type_in(&mut session, "kubectl rollout status deployment/web");
    assert!(session.foreground().is_some());
    assert_eq!(last(&session).2, None);
    run_for(&mut session, 60);
    assert_eq!(session.foreground(), None);
    let (_, printed, exit) = last(&session);
    assert!(printed.ends_with("deployment \"web\" successfully rolled out\n"), "{printed}");
    assert_eq!(exit, Some(0));
    let entry = session.transcript().entries().last().unwrap().clone();
    assert!(entry.chunks.len() > 1, "it printed at several moments");
}

#[test]
fn a_waiting_command_can_be_interrupted() {
    let mut session = session();
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    type_in(&mut session, "kubectl rollout status deployment/web");
    session.input(&Input::Interrupt);
    assert_eq!(session.foreground(), None);
    assert_eq!(last(&session).2, Some(130));
    session.input(&Input::Interrupt);
    assert_eq!(session.transcript().entries().len(), 2, "there was nothing to interrupt");
}

#[test]
fn a_time_out_ends_a_waiting_command() {
    let mut session = session();
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    type_in(&mut session, "kubectl rollout status deployment/web --timeout=1s");
    run_for(&mut session, 5);
    let (_, printed, exit) = last(&session);
    assert_eq!(exit, Some(1), "{printed}");
    let ended = session.transcript().entries().last().unwrap().ended.unwrap().0;
    let began = session.transcript().entries().last().unwrap().at;
    assert_eq!(ended - began, SimDuration::from_secs(1));
}

#[test]
fn a_live_object_is_edited() {
    let mut session = session();
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    type_in(&mut session, "kubectl edit deployment/web");
    let text = session.editing().expect("the editor is open").to_owned();
    assert!(text.contains("replicas: 2"), "{text}");
    let edited = text.replace("replicas: 2", "replicas: 5");
    session.input(&Input::FinishEdit { text: edited });
    assert_eq!(session.foreground(), None);
    assert_eq!(last(&session).1, "deployment.apps/web edited\n");
    let deployment = session.cluster().listers().deployments().next().unwrap().1.clone();
    assert_eq!(deployment.spec.replicas, 5);
}

#[test]
fn pods_can_be_acted_upon() {
    let mut session = session();
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    run_for(&mut session, 60);
    let available = |session: &Session| {
        session.cluster().listers().deployments().next().unwrap().1.status.available_replicas
    };
    assert_eq!(available(&session), 2);
    let pod = session.cluster().listers().pods().next().unwrap().1.metadata.name.clone();
    let act = |session: &mut Session, action| {
        session.input(&Input::Pod { pod: pod.to_string(), action });
        run_for(session, 20);
    };
    act(&mut session, PodAction::Unready);
    assert_eq!(available(&session), 1);
    act(&mut session, PodAction::Ready);
    assert_eq!(available(&session), 2);
    act(&mut session, PodAction::Delete);
    run_for(&mut session, 60);
    assert_eq!(available(&session), 2);
    // It is gone: nothing happens, and nothing breaks.
    act(&mut session, PodAction::Crash);
}

#[test]
fn files_come_and_go() {
    let mut session = session();
    let (name, text) = ("new.yaml".to_owned(), manifest(1, "1.0"));
    session.input(&Input::EditFile { name: name.clone(), text });
    type_in(&mut session, "apply -f ./new.yaml");
    assert_eq!(last(&session).2, Some(0));
    session.input(&Input::RemoveFile { name });
    type_in(&mut session, "apply -f new.yaml");
    assert_eq!(last(&session).2, Some(1));
}

#[test]
fn a_question_is_answered_and_nothing_comes_of_it() {
    let mut session = session();
    let files = session.files().clone();
    let answer = |session: &Session, line: &str| {
        let entry = crate::question::Question::ask(session.cluster(), &files, line)?.entry()?;
        entry.ended?;
        Some((entry.printed(false) + &entry.printed(true)).lines().next()?.to_owned())
    };
    assert_eq!(answer(&session, "apply -f web.yaml"), None, "it would change something");
    session.input(&Input::Apply { file: "web.yaml".to_owned() });
    let before = format!("{session:?}");
    assert_eq!(answer(&session, "get deploy -o name").as_deref(), Some("deployment.apps/web"));
    assert!(answer(&session, "scale deployment/nobody --replicas=2").is_some(), "it is refused");
    assert_eq!(answer(&session, "rollout status deployment/web"), None, "it waits");
    assert_eq!(answer(&session, "edit deployment/web"), None, "it wants a text edited");
    assert_eq!(answer(&session, "  "), None);
    assert_eq!(format!("{session:?}"), before);
}
