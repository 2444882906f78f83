//! Single runs: requests, slices, and how they agree.

use super::*;

#[test]
fn lost_requests_are_those_that_are_then_lost() {
    let service = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: \
                   {app: web}\n  ports: [{port: 80}]\n";
    let recreate = Plan { strategy: "{type: Recreate}".to_owned(), ..plan() };
    let (first, second) = (recreate.text() + service, Plan { image: "web:2.0", ..recreate });
    let mut script = Script::default();
    script.files.insert(FILE.to_owned(), first);
    let input = Input::Apply { file: FILE.to_owned() };
    script.inputs.push(TimedInput { at: SimDuration::ZERO, input: input.clone() });
    let mut timeline = Timeline::new(script);
    let now = timeline.start() + SimDuration::from_secs(60);
    let question = Question::new(FILE, &second.text());
    let forecast = Forecaster::new(timeline.state_at(now), &question).finish();
    let lost = |timeline: &mut Timeline, after: i64| {
        let session = timeline.state_at(now + SimDuration::from_secs(after));
        session.cluster().traffic().totals().lost_in_all()
    };
    let before = lost(&mut timeline, 0);
    timeline
        .push_input(now, Input::EditFile { name: FILE.to_owned(), text: second.text() })
        .unwrap();
    timeline.push_input(now, input).unwrap();
    let found = (lost(&mut timeline, 120) - before) as i64;
    assert!(found > 10, "{found}");
    assert_eq!(forecast.outcome.unwrap().lost_requests.unwrap().own, Some(found));
}

#[test]
fn slices_come_to_the_same() {
    let session = Session::new(&Script::default());
    let question = Question::new(FILE, &plan().text());
    let whole = Forecaster::new(&session, &question).finish();
    let mut sliced = Forecaster::new(&session, &question);
    let mut slices = 0;
    while sliced.advance(10) {
        slices += 1;
    }
    assert!(slices > 20, "{slices}");
    assert_eq!(*sliced.forecast(), whole);
}

mod live {
    use super::*;

    /// What `kubectl get deployments,replicasets -o yaml` prints of a session.
    fn dump(session: &Session, what: &str) -> String {
        let mut session = session.clone();
        let files = crate::FileSet::default();
        let line = format!("kubectl get {what} -o yaml");
        match rollscope_kubectl::run(session.api(), &files, &line) {
            rollscope_kubectl::Outcome::Done(output) => output.stdout,
            other => panic!("{other:?}"),
        }
    }

    fn session() -> Session {
        let mut session = Session::new(&Script::default());
        for image in ["web:1.0", "web:2.0", "web:3.0"] {
            let text = Plan { image, ..plan() }.text();
            session.input(&Input::EditFile { name: FILE.to_owned(), text });
            session.input(&Input::Apply { file: FILE.to_owned() });
            session.run_until(session.now() + SimDuration::from_secs(60));
        }
        session
    }

    fn forecast(live: &str, image: &'static str) -> Forecast {
        let live = Live::from_text(live, &World::default(), 1).unwrap();
        let text = Plan { image, ..plan() }.text();
        Forecaster::new(&live.session, &Question::new(FILE, &text)).finish()
    }

    #[test]
    fn revisions_are_those_of_the_dump() {
        let dumped = dump(&session(), "deployments,replicasets");
        expect![[r#"
            Completes
            Configured Returns { was: 1 }
            spec.template.spec.containers[name=web].image: web:3.0 → web:1.0
            4 web-77458cc45 peak 4 lowest 3"#]]
        .assert_eq(&short(&forecast(&dumped, "web:1.0")));
        expect![[r#"
            Completes
            Configured New
            spec.template.spec.containers[name=web].image: web:3.0 → web:4.0
            4 web-5f869f6b4 peak 4 lowest 3"#]]
        .assert_eq(&short(&forecast(&dumped, "web:4.0")));
        expect![[r#"
            Completes
            Unchanged Same { revision: 3 }
            3 web-56c5958d99 peak 3 lowest 3"#]]
        .assert_eq(&short(&forecast(&dumped, "web:3.0")));
    }

    #[test]
    fn a_deployment_alone_knows_its_number() {
        let dumped = dump(&session(), "deployment web");
        expect![[r#"
            Completes
            Configured New
            spec.template.spec.containers[name=web].image: web:3.0 → web:4.0
            4 web-5f869f6b4 peak 4 lowest 3"#]]
        .assert_eq(&short(&forecast(&dumped, "web:4.0")));
    }

    #[test]
    fn a_manifest_is_applied() {
        let text = plan().text();
        expect![[r#"
            Completes
            Configured New
            spec.template.spec.containers[name=web].image: web:1.0 → web:2.0
            2 web-6cf4f894bb peak 4 lowest 3"#]]
        .assert_eq(&short(&forecast(&text, "web:2.0")));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let error = |text: &str| Live::from_text(text, &World::default(), 1).unwrap_err();
        assert_eq!(
            error("kind: Service\napiVersion: v1\n").message,
            "there is no Deployment in it"
        );
        assert_eq!(error("a: [\n").line, 2);
        let invalid = plan().text().replace("replicas: 3", "replicas: -3");
        assert!(error(&invalid).message.contains("spec.replicas"));
    }

    #[test]
    fn worlds_are_read_with_or_without_their_name() {
        let nodes = "nodes:\n- count: 1\n";
        let nested = "world:\n  nodes:\n  - count: 1\n";
        assert_eq!(world(nodes).unwrap(), world(nested).unwrap());
        let error = world("nodes:\n- count: -1\n").unwrap_err();
        assert_eq!(error.line, 2, "{error}");
    }
}
