//! Folding and dropping. Models the tables of `events_cache_test.go`.

use rollscope_api::SimDuration;
use rollscope_api::object::ObjectReference;

use super::*;

/// A correlator with what it made of the reports so far.
#[derive(Default)]
struct Desk {
    correlator: Correlator,
    created: u32,
    now: SimTime,
}

impl Desk {
    fn wait(&mut self, secs: i64) {
        self.now += SimDuration::from_secs(secs);
    }

    fn report(&mut self, type_: &'static str, reason: &'static str, message: &str) -> String {
        let object = ObjectReference {
            name: "web".into(),
            uid: "00000000-0000-4000-8000-000000000001".into(),
            ..ObjectReference::default()
        };
        let message = message.into();
        let report = Report { component: "test", host: "".into(), object, type_, reason, message };
        match self.correlator.correlate(
            self.now,
            UidNumber::of(&report.object.uid),
            &report,
            |_| true,
            EventId(self.created),
        ) {
            Verdict::Drop => "dropped".to_owned(),
            Verdict::Update { event, count, message } => format!("{}: x{count} {message}", event.0),
            Verdict::Create(event) => {
                self.created += 1;
                format!("new {}: x{} {}", self.created - 1, event.count, event.message)
            }
        }
    }
}

#[test]
fn equal_reports_are_counted() {
    let mut desk = Desk::default();
    assert_eq!(desk.report("Normal", "Scaled", "to 1"), "new 0: x1 to 1");
    assert_eq!(desk.report("Normal", "Scaled", "to 1"), "0: x2 to 1");
    assert_eq!(desk.report("Normal", "Other", "to 1"), "new 1: x1 to 1");
}

#[test]
fn the_tenth_different_message_is_folded_and_those_after_it_too() {
    let mut desk = Desk::default();
    for number in 0..9 {
        assert_eq!(
            desk.report("Normal", "Scaled", &format!("to {number}")),
            format!("new {number}: x1 to {number}")
        );
    }
    let folded = "(combined from similar events): ";
    assert_eq!(desk.report("Normal", "Scaled", "to 9"), format!("new 9: x1 {folded}to 9"));
    assert_eq!(desk.report("Normal", "Scaled", "to 10"), format!("9: x2 {folded}to 10"));
    assert_eq!(desk.report("Normal", "Scaled", "to 3"), "3: x2 to 3", "a message already counted");
    assert_eq!(desk.report("Normal", "Other", "to 11"), "new 10: x1 to 11", "another reason");
    desk.wait(601);
    assert_eq!(desk.report("Normal", "Scaled", "to 12"), "new 11: x1 to 12", "another window");
}

#[test]
fn twenty_five_at_once_and_then_one_every_five_minutes() {
    let mut desk = Desk::default();
    for _ in 0..25 {
        assert_ne!(desk.report("Normal", "Scaled", "to 1"), "dropped");
    }
    assert_eq!(desk.report("Normal", "Scaled", "to 1"), "dropped");
    assert_eq!(desk.report("Warning", "Failed", "oh"), "new 1: x1 oh", "warnings have their own");
    desk.wait(299);
    assert_eq!(desk.report("Normal", "Scaled", "to 1"), "dropped");
    desk.wait(1);
    assert_eq!(desk.report("Normal", "Scaled", "to 1"), "0: x28 to 1", "dropped ones are counted");
    assert_eq!(desk.report("Normal", "Scaled", "to 1"), "dropped");
}

#[test]
fn what_is_not_worded_counts_as_if_it_were() {
    let (mut worded, mut counted) = (Desk::default(), Desk::default());
    let uid = UidNumber::of(&"00000000-0000-4000-8000-000000000001".into());
    for number in 0..60 {
        let message = format!("Created pod: web-{number}");
        let told = worded.report("Normal", "SuccessfulCreate", &message);
        let now = counted.now;
        let dropped =
            counted.correlator.drop_distinct(now, "test", uid, "Normal", "SuccessfulCreate");
        assert_eq!(dropped, number >= 25, "{number}");
        if !dropped {
            assert_eq!(counted.report("Normal", "SuccessfulCreate", &message), told);
        }
    }
    worded.wait(300);
    counted.wait(300);
    let last = |desk: &mut Desk| desk.report("Normal", "SuccessfulCreate", "Created pod: web-60");
    assert_eq!(last(&mut counted), last(&mut worded));
}

#[test]
fn events_are_named_after_the_nanosecond() {
    let mut correlator = Correlator::default();
    let now = SimTime::from_micros(1_767_603_600_000_000);
    let names = [correlator.name(now, "web"), correlator.name(now, "web")];
    assert_eq!(
        names.map(|name| name.to_string()),
        ["web.1887ca1be9b3a000", "web.1887ca1be9b3a001"]
    );
}
