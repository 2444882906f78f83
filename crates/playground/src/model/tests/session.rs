//! Time is the page's own: acting in the past, comparing, taking back, sharing, keeping.

use rollscope_scenario::Jump;
use rollscope_scenario::autosave::{self, Identity};
use rollscope_scenario::playback::Playback;

use super::super::notice::Offer;
use super::super::runs::RunsMsg;
use super::super::session::{Arrival, SessionMsg};
use super::super::share::{Copied, Dropped, Panel, ShareMsg};
use super::*;

const ADDRESS: &str = "https://example.org/rollscope/";

/// The course's rollout, at rest.
fn rolled_out() -> Model {
    let mut model = page();
    model.arrive(&Arrival { address: ADDRESS.to_owned(), ..Arrival::default() });
    model.update(Msg::Apply);
    rest(&mut model);
    model.update(Msg::LoadExample(1));
    model.update(Msg::Apply);
    rest(&mut model);
    model
}

fn command(model: &mut Model, line: &str) {
    model.update(Msg::PromptEdited(line.to_owned()));
    model.update(Msg::PromptEntered);
}

fn pods(model: &Model) -> Vec<String> {
    let lanes = model.shown.stage.owners.iter().flat_map(|owner| &owner.lanes);
    lanes.flat_map(|lane| &lane.pods).map(|pod| pod.name().to_owned()).collect()
}

/// Seeks into the middle of the second rollout.
fn seek_to_the_middle(model: &mut Model) -> SimDuration {
    model.update(Msg::Runs(RunsMsg::Jump(Jump::PreviousInput)));
    let middle = model.engine.elapsed() + SimDuration::from_secs(4);
    model.update(Msg::Seek(middle));
    middle
}

/// Everything the cluster of a run comes to.
fn whole(model: &Model) -> String {
    let mut playback = Playback::new(model.engine.timeline().script(), None);
    while playback.next_moment().is_some() {}
    let session = playback.session();
    format!("{:?} {:?}", session.cluster().listers(), session.transcript())
}

fn link_of(model: &mut Model) -> String {
    model.update(Msg::Share(ShareMsg::Open));
    let Some(Dialog::Share(sharing)) = model.dialog.take() else { panic!("the dialog shows") };
    sharing.link.expect("it fits into a link")
}

#[test]
fn deleting_a_pod_in_the_past_begins_a_second_run() {
    let mut model = rolled_out();
    let old = whole(&model);
    let middle = seek_to_the_middle(&mut model);
    let pod = pods(&model)[0].clone();
    command(&mut model, &format!("delete pod {pod} --wait=false"));
    rest(&mut model);
    let names: Vec<&str> = model.shown.runs.iter().map(|run| run.name.as_str()).collect();
    assert_eq!(names, ["Run 1", "Run 2"]);
    assert_eq!(model.shown.runs[1].parted, Some(("Run 1".to_owned(), middle)));
    let compared = model.shown.comparison.as_ref().expect("they are compared");
    assert_eq!(compared.at, Some(middle));
    let said = format!("kubectl delete pod {pod} --wait=false, only in Run 2");
    assert!(compared.sentence.ends_with(&said), "{}", compared.sentence);
    assert!(compared.differences.len() >= 2, "{:?}", compared.differences);
    assert!(model.shown.chart.difference.is_some());
    assert!(!model.shown.chart.ghost.0.is_empty());

    model.update(Msg::Runs(RunsMsg::Switch(model.shown.runs[0].id)));
    rest(&mut model);
    assert_eq!(whole(&model), old, "the old run is as it was");
    assert_eq!(pods(&model).len(), 3);
}

#[test]
fn questions_about_the_past_fork_nothing() {
    let mut model = rolled_out();
    seek_to_the_middle(&mut model);
    let before = pods(&model);
    for line in ["get pods", "scale deployment/nobody --replicas=1"] {
        command(&mut model, line);
    }
    model.update(Msg::Apply);
    model.update(Msg::LoadExample(0));
    assert_eq!(model.shown.runs.len(), 1);
    let lines: Vec<&str> = model.shown.transcript.iter().map(|entry| entry.line.as_str()).collect();
    let asked = [
        "kubectl get pods",
        "kubectl scale deployment/nobody --replicas=1",
        "kubectl apply -f deployment.yaml",
    ];
    assert_eq!(lines[lines.len() - 3..], asked);
    let printed = model.shown.transcript[lines.len() - 3].printed(false);
    assert!(before.iter().all(|pod| printed.contains(pod.as_str())), "{printed}");
    // One that waits is told at once what this run will show it.
    command(&mut model, "rollout status deployment/my-app");
    assert_eq!(model.shown.runs.len(), 1);
    let told = model.shown.transcript.last().unwrap().printed(false);
    assert!(told.starts_with("Waiting for deployment \"my-app\" rollout to finish"), "{told}");
    assert!(told.ends_with("deployment \"my-app\" successfully rolled out\n"), "{told}");
    assert_eq!(model.engine.session().foreground(), None);
    // At another moment they are gone: they are no part of the run.
    model.update(Msg::StepForward);
    assert!(model.shown.transcript.iter().all(|entry| entry.line != "kubectl get pods"));
}

/// Clearing the terminal is no action: it hides what the terminal holds, from that moment on.
#[test]
fn a_cleared_terminal_is_empty_until_something_is_entered() {
    let mut model = rolled_out();
    let actions = model.shown.runs[0].actions;
    command(&mut model, "get pods | grep my-app");
    assert!(model.shown.transcript.len() > 1);
    command(&mut model, "clear");
    assert!(model.shown.transcript.is_empty());
    command(&mut model, "get deployments | wc -l");
    let shown: Vec<String> = model
        .shown
        .transcript
        .iter()
        .map(|entry| entry.line.clone() + entry.printed(false).as_str())
        .collect();
    assert_eq!(shown, ["kubectl get deployments | wc -l2\n"]);
    model.update(Msg::ClearTerminal);
    assert!(model.shown.transcript.is_empty());
    assert_eq!((model.shown.runs.len(), model.shown.runs[0].actions), (1, actions + 2));
    // What was there before is there when one goes back.
    seek_to_the_middle(&mut model);
    assert!(!model.shown.transcript.is_empty());
}

#[test]
fn the_last_action_is_taken_back_and_done_again() {
    let mut model = rolled_out();
    let (old, actions) = (whole(&model), model.shown.runs[0].actions);
    assert_eq!(model.shown.take_back.as_deref(), Some("apply -f deployment.yaml"));
    model.update(Msg::Shortcut(Shortcut::TakeBack));
    rest(&mut model);
    assert_eq!(model.shown.runs[0].actions, actions - 1);
    assert_eq!(model.shown.revisions.cards.len(), 1);
    assert!(model.manifest.file().text.contains("my-app:2.0"), "the text stays");
    let applied = |model: &Model| model.manifest.file().applied.clone().unwrap_or_default();
    assert!(applied(&model).contains("my-app:1.0"), "and is not applied any more");
    model.update(Msg::Shortcut(Shortcut::Redo));
    assert_eq!(applied(&model), model.manifest.file().text);
    rest(&mut model);
    assert_eq!(whole(&model), old);
    for _ in 0..3 {
        model.update(Msg::Runs(RunsMsg::TakeBack));
    }
    assert_eq!(model.shown.take_back, None);
    assert!(model.engine.is_fresh());
    assert_eq!(model.shown.stage.count, 0);
}

#[test]
fn places_on_the_axis_are_jumped_to() {
    let mut model = rolled_out();
    model.update(Msg::Shortcut(Shortcut::ToStart));
    let mut times = Vec::new();
    for jump in [Jump::NextInput, Jump::RolloutComplete, Jump::NextInput, Jump::RolloutComplete] {
        model.update(Msg::Shortcut(Shortcut::Jump(jump)));
        times.push(model.engine.elapsed());
    }
    model.update(Msg::Shortcut(Shortcut::Jump(Jump::LastOldPodGone)));
    times.push(model.engine.elapsed());
    assert!(times.is_sorted() && times[0] < times[4], "{times:?}");
    assert_eq!(model.engine.store().pod_count(), 3, "only the new ones are left");
}

#[test]
fn runs_are_named_deleted_and_put_back() {
    let mut model = rolled_out();
    seek_to_the_middle(&mut model);
    model.update(Msg::Button(Button::Scale(5)));
    let [one, two] = [model.shown.runs[0].id, model.shown.runs[1].id];
    model.update(Msg::Runs(RunsMsg::Name(two, "five of them".to_owned())));
    assert_eq!(model.shown.runs[1].name, "five of them");
    model.update(Msg::Runs(RunsMsg::Delete(two)));
    assert_eq!(model.shown.runs.len(), 1);
    assert_eq!(model.engine.runs().current().id(), one);
    let notice = model.notice.clone().expect("a notice");
    assert_eq!(notice.text, "five of them is deleted.");
    assert_eq!(notice.offer, Some(Offer::PutBack));
    model.update(Msg::Runs(RunsMsg::PutBack));
    assert_eq!(model.shown.runs[1].name, "five of them");
    assert_eq!(model.notice, None);
}

#[test]
fn a_link_opens_the_same_at_the_same_moment() {
    let mut model = rolled_out();
    let middle = seek_to_the_middle(&mut model);
    model.update(Msg::Edited("half a manif".to_owned()));
    let link = link_of(&mut model);
    let fragment = link.strip_prefix(ADDRESS).expect("the page's own address").to_owned();

    let mut other = page();
    let arrival = Arrival { fragment: fragment.clone(), ..Arrival::default() };
    assert_eq!(other.arrive(&arrival), [Effect::BeginSession]);
    assert_eq!(other.notice, None, "it is seen that the link is opened");
    assert_eq!(other.engine.elapsed(), middle);
    assert_eq!(other.clock.play, Play::Paused);
    assert_eq!(shown(&other), shown(&model));
    assert_eq!(&*other.manifest.file().text, "half a manif", "unapplied text comes along");
    assert_eq!(whole(&other), whole(&model));

    // In an open page it gives way, and comes back.
    let mut third = rolled_out();
    let before = shown(&third);
    third.update(Msg::Share(ShareMsg::Fragment(fragment)));
    assert_eq!(third.engine.elapsed(), middle);
    assert_eq!(third.notice.as_ref().and_then(|notice| notice.offer), Some(Offer::BringBack));
    assert_eq!(third.update(Msg::Session(SessionMsg::BringBack)), [Effect::FormerSession]);
    assert_eq!(shown(&third), before);
    assert!(third.manifest.file().text.contains("my-app:2.0"));
}

#[test]
fn a_link_that_cannot_be_opened_says_why_and_changes_nothing() {
    let mut model = rolled_out();
    let before = shown(&model);
    let whole = link_of(&mut model).split_once('#').map(|(_, fragment)| fragment.to_owned());
    let whole = whole.expect("a fragment");
    let cut = whole[..whole.len() / 2].to_owned();
    for (fragment, why) in [
        (cut, "the end of the link is missing"),
        ("s=99.AAAA".to_owned(), "made by a newer version"),
        ("s=1.%%%".to_owned(), "damaged"),
        (format!("s=1.{}", "A".repeat(500_000)), "characters long"),
    ] {
        model.notice = None;
        assert_eq!(model.update(Msg::Share(ShareMsg::Fragment(fragment))), []);
        let notice = model.notice.clone().expect("it is told");
        assert!(notice.is_problem && notice.text.contains(why), "{}", notice.text);
        assert_eq!(shown(&model), before);
    }
    // Another fragment is none of ours.
    model.notice = None;
    model.update(Msg::Share(ShareMsg::Fragment("#manifest-title".to_owned())));
    assert_eq!(model.notice, None);
}

#[test]
fn a_session_is_saved_as_a_file_and_opened_again() {
    let mut model = rolled_out();
    let effects = model.update(Msg::Share(ShareMsg::Save));
    let [Effect::SaveFile { name, text }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(name, "my-app.rollscope.yaml");
    let mut other = page();
    let bytes = Ok(text.as_bytes().into());
    other.update(Msg::Share(ShareMsg::File(Dropped { name: name.clone(), bytes })));
    rest(&mut other);
    assert_eq!(whole(&other), whole(&model));
    assert_eq!(other.manifest.file().text, model.manifest.file().text);

    // It opens at the moment at which it was saved, playing or not.
    let middle = seek_to_the_middle(&mut model);
    for playing in [false, true] {
        assert_eq!(model.clock.is_playing(), playing);
        let effects = model.update(Msg::Share(ShareMsg::Save));
        let [Effect::SaveFile { name, text }] = effects.as_slice() else { panic!("{effects:?}") };
        let mut third = page();
        let bytes = Ok(text.as_bytes().into());
        third.update(Msg::Share(ShareMsg::File(Dropped { name: name.clone(), bytes })));
        assert_eq!((third.engine.moment_wanted(), third.clock.is_playing()), (middle, playing));
        model.clock.play = Play::Playing;
    }

    for (bytes, why) in [
        (Ok(b"rollscope: 1\nseed: many\n".as_slice().into()), "line 2"),
        (Ok(b"\xff\xfe".as_slice().into()), "not a text"),
        (Err(900_000_000), "900000000 bytes long"),
    ] {
        other.notice = None;
        other.update(Msg::Share(ShareMsg::File(Dropped { name: "x.yaml".into(), bytes })));
        let notice = other.notice.clone().expect("it is told");
        assert!(
            notice.text.starts_with("x.yaml could not") && notice.text.contains(why),
            "{notice:?}"
        );
    }
}

#[test]
fn a_manifest_that_is_dropped_is_opened_in_the_editor() {
    let mut model = rolled_out();
    let before = whole(&model);
    let text = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";
    let bytes = Ok(text.as_bytes().into());
    let file = Dropped { name: "web.yaml".into(), bytes };
    assert_eq!(model.update(Msg::Share(ShareMsg::File(file.clone()))), []);
    assert_eq!(model.notice.as_ref().unwrap().text, "web.yaml is in the editor now.");
    assert_eq!((&*model.manifest.file().name, &*model.manifest.file().text), ("web.yaml", text));
    let files = model.manifest.files.len();
    model.update(Msg::Share(ShareMsg::File(file)));
    assert_eq!(model.manifest.files.len(), files, "in the file of that name");
    assert_eq!(whole(&model), before, "the session goes on");
}

#[test]
fn what_is_wrong_with_links_and_files_is_said_in_korean() {
    let mut model = page();
    model.update(Msg::ToggleLanguage);
    let said = |model: &Model| model.notice.as_ref().map(|notice| notice.text.clone());
    model.update(Msg::Share(ShareMsg::Fragment("s=99.AAAA".to_owned())));
    let text = said(&model).unwrap_or_default();
    assert!(text.contains("더 새로운 버전"), "{text}");
    let bytes = Ok(b"\xff\xfe".as_slice().into());
    model.update(Msg::Share(ShareMsg::File(Dropped { name: "x.yaml".into(), bytes })));
    let text = said(&model).unwrap_or_default();
    assert!(text.contains("UTF-8 텍스트가 아닙니다"), "{text}");
}

#[test]
fn a_run_too_large_for_a_link_is_offered_as_a_file() {
    let mut model = page();
    // Noise does not get shorter by compressing it.
    let mut noise = String::new();
    let mut seed = 1_u64;
    for _ in 0..30_000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        noise.push(char::from(b'a' + (seed >> 60) as u8));
    }
    model.update(Msg::Edited(noise));
    model.update(Msg::Share(ShareMsg::Open));
    let Some(Dialog::Share(sharing)) = &model.dialog else { panic!("the dialog shows") };
    assert!(sharing.link.is_err() && sharing.embed.is_empty());
}

#[test]
fn the_dialog_knows_moment_play_and_panels() {
    let mut model = rolled_out();
    model.update(Msg::Share(ShareMsg::Open));
    model.update(Msg::Share(ShareMsg::TogglePanel(Panel::Revisions)));
    let Some(Dialog::Share(sharing)) = &model.dialog else { panic!("the dialog shows") };
    let start = format!("<iframe src=\"{ADDRESS}?embed=stage,revisions,timeline#s=1.");
    assert!(sharing.embed.starts_with(&start), "{}", sharing.embed);
    let embed = sharing.embed.clone();
    let effects = model.update(Msg::Share(ShareMsg::Copy(Copied::Embed)));
    assert_eq!(effects, [Effect::Copy(Copied::Embed, embed)]);
    model.update(Msg::Share(ShareMsg::SetPlaying(false)));
    let link = link_of(&mut model);
    let mut other = page();
    other.arrive(&Arrival { fragment: link, query: "?embed".into(), ..Arrival::default() });
    assert_eq!(other.embedded, Some(vec![Panel::Stage, Panel::Timeline]));
}

#[test]
fn what_is_kept_is_there_again() {
    let mut model = rolled_out();
    seek_to_the_middle(&mut model);
    model.update(Msg::Button(Button::Scale(4)));
    play(&mut model, 2);
    model.update(Msg::TogglePlay);
    model.update(Msg::Edited("apiVersion: apps/v1 # unfinished 한".to_owned()));
    model.update(Msg::NewFile);
    model.update(Msg::SetSpeed(400));
    model.update(Msg::ShowTab(Tab::Events));
    model.update(Msg::PromptEdited("get po".to_owned()));
    let identity = Identity { session: "s".into(), writer: "w".into(), based_on: None };
    let text = autosave::write(&model.record(), &identity, 1, 1_000_000).text;

    let mut other = page();
    assert_eq!(other.arrive(&Arrival { record: Some(text), ..Arrival::default() }), []);
    while other.engine.is_computing() {
        other.update(Msg::Frame { elapsed_us: 16_667, work_us: 1_000 });
    }
    assert_eq!(other.engine.elapsed(), model.engine.elapsed());
    assert_eq!(shown(&other), shown(&model));
    assert!(other.shown.runs == model.shown.runs || *other.shown.runs == *model.shown.runs);
    assert_eq!(*other.shown.comparison, *model.shown.comparison);
    assert_eq!(other.manifest.files, model.manifest.files);
    assert_eq!(other.manifest.active, 1);
    assert_eq!(other.clock, model.clock);
    assert_eq!((other.tab, other.prompt.line.as_str()), (Tab::Events, "get po"));
    assert_eq!(other.notice, None);
    // It goes on as the other one does.
    for model in [&mut model, &mut other] {
        model.update(Msg::TogglePlay);
        rest(model);
    }
    assert_eq!(shown(&other), shown(&model));
}

#[test]
fn a_damaged_record_gives_what_is_left_of_it() {
    let model = rolled_out();
    let identity = Identity { session: "s".into(), writer: "w".into(), based_on: None };
    let text = autosave::write(&model.record(), &identity, 1, 1_000_000).text;
    let cut = text[..text.find("\nrun ").expect("a run")].to_owned();
    let mut other = page();
    other.arrive(&Arrival { record: Some(cut), ..Arrival::default() });
    assert!(other.manifest.file().text.contains("my-app:2.0"), "the text is back");
    assert!(other.notice.clone().is_some_and(|notice| notice.is_problem));
    let mut rubbish = page();
    rubbish.arrive(&Arrival { record: Some("rubbish".into()), ..Arrival::default() });
    assert!(rubbish.notice.is_some());
    assert_eq!(rubbish.manifest.files, Model::new(Preferences::default(), "en").manifest.files);
}

#[test]
fn starting_over_asks_and_is_taken_back() {
    let mut model = rolled_out();
    model.update(Msg::Edited("mine".to_owned()));
    let (before, moment) = (shown(&model), model.engine.elapsed());
    model.update(Msg::Session(SessionMsg::AskStartOver));
    assert_eq!(model.dialog, Some(Dialog::StartOver));
    assert_eq!(model.update(Msg::Session(SessionMsg::StartOver)), [Effect::BeginSession]);
    assert_eq!(model.dialog, None);
    assert!(model.engine.is_fresh() && model.shown.stage.count == 0);
    assert!(model.manifest.file().text.contains("my-app:1.0"));
    model.update(Msg::Session(SessionMsg::BringBack));
    assert_eq!((shown(&model), model.engine.elapsed()), (before, moment));
    assert_eq!(&*model.manifest.file().text, "mine");
}

#[test]
fn trouble_with_keeping_is_told_once() {
    let mut model = page();
    let full = || Msg::Session(SessionMsg::Kept(Err("there is no room".to_owned())));
    model.update(full());
    let notice = model.notice.clone().expect("it is told");
    assert!(notice.is_problem && notice.text.contains("there is no room"), "{notice:?}");
    assert_eq!(notice.offer, Some(Offer::SaveFile));
    model.update(Msg::Session(SessionMsg::DismissNotice));
    model.update(full());
    assert_eq!(model.notice, None);
    model.update(Msg::Session(SessionMsg::Kept(Ok(0))));
    assert!(model.notice.clone().is_some_and(|notice| !notice.is_problem));
}

#[test]
fn a_moment_far_ahead_is_computed_frame_by_frame() {
    let mut model = page();
    let text = model.manifest.file().text.replace("replicas: 3", "replicas: 1000");
    model.update(Msg::Edited(text));
    model.update(Msg::Apply);
    model.update(Msg::TogglePlay);
    model.engine.seek(SimDuration::from_secs(300));
    assert!(model.engine.is_seeking(), "it is not done at once");
    assert!(model.engine.elapsed() < SimDuration::from_secs(300));
    while model.engine.is_seeking() {
        model.update(Msg::Frame { elapsed_us: 16_667, work_us: 1_000 });
    }
    assert_eq!(model.engine.elapsed(), SimDuration::from_secs(300));
    assert_eq!(model.shown.stage.count, 1_000);
}
