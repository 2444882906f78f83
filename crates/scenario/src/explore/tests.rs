use rollscope_sim::store::Key;

use super::*;
use crate::forecast::Verdict;
use crate::input::Input;
use crate::measure::manifest;
use crate::script::Script;

const FILE: &str = "web.yaml";

fn session() -> Session {
    let mut session = Session::new(&Script::default());
    session.input(&Input::EditFile { name: FILE.to_owned(), text: manifest(4, "1.0") });
    session.input(&Input::Apply { file: FILE.to_owned() });
    session.run_until(session.now() + rollscope_api::SimDuration::from_secs(60));
    session
}

fn explored(session: &Session, text: &str) -> Explorer {
    let grid = Grid { seeds: 2, ..Grid::default() };
    let mut explorer = Explorer::new(session, &Question::new(FILE, text), &grid);
    while explorer.advance(500) {}
    explorer
}

#[test]
fn every_cell_is_a_run_and_the_invalid_one_says_so() {
    let explorer = explored(&session(), &manifest(4, "2.0"));
    assert_eq!(explorer.done(), 25);
    for cell in explorer.cells() {
        let forecast = cell.forecast.as_ref().unwrap();
        if (&*cell.surge, &*cell.unavailable) == ("0", "0") {
            assert_eq!(forecast.verdict, Verdict::Refused);
            assert!(forecast.complaint.contains("may not be 0 when `maxSurge` is 0"));
            continue;
        }
        let outcome = forecast.outcome.as_ref().unwrap();
        let posts = &forecast.subject.as_ref().unwrap().fenceposts;
        assert_eq!(outcome.revision, 2, "{cell:?}");
        assert!(outcome.peak_pods.max <= i64::from(posts.ceiling), "{cell:?}");
        assert!(outcome.lowest_available.min >= i64::from(posts.floor), "{cell:?}");
    }
}

#[test]
fn a_cell_is_what_then_happens() {
    let mut session = session();
    let explorer = explored(&session, &manifest(4, "2.0"));
    let cell =
        explorer.cells().iter().find(|cell| (&*cell.surge, &*cell.unavailable) == ("50%", "1"));
    let foreseen = cell.unwrap().forecast.as_ref().unwrap().outcome.clone().unwrap();
    let text = with_strategy(&manifest(4, "2.0"), "50%", "1").unwrap();
    session.input(&Input::EditFile { name: FILE.to_owned(), text });
    session.input(&Input::Apply { file: FILE.to_owned() });
    let after = session.now()
        + rollscope_api::SimDuration::from_millis(foreseen.duration_ms.unwrap().own.unwrap());
    let is_complete = |session: &Session| {
        let deployment =
            session.cluster().listers().deployment(&Key::new("default", "web")).unwrap();
        deployment.status.updated_replicas == 4
            && deployment.status.replicas == 4
            && deployment.status.available_replicas == 4
    };
    session.run_until(after);
    assert!(!is_complete(&session), "it is complete within the last millisecond");
    session.run_until(after + rollscope_api::SimDuration::from_millis(1));
    assert!(is_complete(&session));
}

#[test]
fn a_manifest_that_begins_no_rollout_is_restarted() {
    let explorer = explored(&session(), &manifest(4, "1.0"));
    let cell = explorer.cells().last().unwrap();
    assert_eq!(cell.forecast.as_ref().unwrap().outcome.as_ref().unwrap().revision, 2);
}

#[test]
fn values_of_ones_own_take_their_place() {
    let grid = Grid::with("2, 30%", "").unwrap();
    assert_eq!(grid.surges.join(" "), "0 1 2 25% 30% 50% 100%");
    assert_eq!(grid.unavailables.join(" "), "0 1 25% 50% 100%");
    assert!(Grid::with("-1", "").unwrap_err().to_string().contains("\"-1\""));
    assert!(Grid::with("", "half").unwrap_err().to_string().contains("\"half\""));
    assert!(Grid::with("2 3 4 5 6", "").unwrap_err().to_string().contains("at most 8"));
}
