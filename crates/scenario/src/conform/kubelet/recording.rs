//! What was recorded, and what is observed of the simulation in the same form.

/// Milliseconds since the Deployment was created.
pub(super) type Millis = i64;

/// Something at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment<T> {
    pub(super) at: Millis,
    pub(super) what: T,
}

/// The life of one pod.
#[derive(Clone, Debug, Default)]
pub(super) struct PodLife {
    pub(super) name: String,
    /// Its statuses; `gone` at the end.
    pub(super) statuses: Vec<Moment<String>>,
    /// Its Events, without their counts.
    pub(super) events: Vec<Moment<String>>,
    /// Its rows in `kubectl get pods`.
    pub(super) rows: Vec<Moment<String>>,
}

impl PodLife {
    /// The ReplicaSet's name.
    pub(super) fn set(&self) -> &str {
        self.name.rsplit_once('-').map_or("", |(set, _)| set)
    }
}

/// A recording, or an observation.
#[derive(Clone, Debug, Default)]
pub(super) struct Recording {
    pub(super) pods: Vec<PodLife>,
    pub(super) commands: Vec<Moment<String>>,
    /// When the last thing was recorded.
    pub(super) end: Millis,
}

impl Recording {
    /// Reads a recording's text.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut recording = Self::default();
        for (number, line) in text.lines().enumerate().skip(1) {
            recording
                .parse_line(line)
                .ok_or_else(|| format!("line {} cannot be read: {line}", number + 1))?;
        }
        Ok(recording)
    }

    fn parse_line(&mut self, line: &str) -> Option<()> {
        let (time, rest) = line.trim_start().split_once(' ')?;
        let (whole, tenths) = time.split_once('.')?;
        let at: Millis = whole.parse::<i64>().ok()? * 1_000 + tenths.parse::<i64>().ok()? * 100;
        self.end = self.end.max(at);
        if let Some(command) = rest.strip_prefix("$ ") {
            self.commands.push(Moment { at, what: command.to_owned() });
        } else if let Some(rest) = rest.strip_prefix("pod ") {
            let (name, status) = rest.split_once(' ')?;
            self.status(at, name, status);
        } else if let Some(rest) = rest.strip_prefix("event ") {
            let (name, event) = rest.split_once(' ')?;
            self.event(at, name, event.trim_start());
        } else if let Some(rows) = rest.strip_prefix("get pods: ") {
            for row in rows.split(" ; ") {
                let (name, row) = row.split_once(' ')?;
                self.row(at, name, row);
            }
        } else {
            return None;
        }
        Some(())
    }

    fn pod(&mut self, name: &str) -> &mut PodLife {
        let known = self.pods.iter().position(|pod| pod.name == name);
        let index = known.unwrap_or_else(|| {
            self.pods.push(PodLife { name: name.to_owned(), ..PodLife::default() });
            self.pods.len() - 1
        });
        &mut self.pods[index]
    }

    /// A status that reads as the one before is none.
    pub(super) fn status(&mut self, at: Millis, name: &str, status: &str) {
        let what = without_name(status, name);
        push(&mut self.pod(name).statuses, at, what);
    }

    pub(super) fn event(&mut self, at: Millis, name: &str, event: &str) {
        let what = without_spans(&without_name(without_count(event), name));
        self.pod(name).events.push(Moment { at, what });
    }

    pub(super) fn row(&mut self, at: Millis, name: &str, row: &str) {
        push(&mut self.pod(name).rows, at, row.trim_end().to_owned());
    }
}

fn push(moments: &mut Vec<Moment<String>>, at: Millis, what: String) {
    if moments.last().is_none_or(|last| last.what != what) {
        moments.push(Moment { at, what });
    }
}

/// Which of the pods it is is told beside.
fn without_name(text: &str, name: &str) -> String {
    text.replace(name, "<pod>")
}

/// `Container created (x2)`: how often it was, follows from the sequence.
fn without_count(event: &str) -> &str {
    let Some((text, count)) = event.rsplit_once(" (x") else { return event };
    let is_count = count.strip_suffix(')').is_some_and(|n| n.parse::<u32>().is_ok());
    if is_count { text } else { event }
}

/// `… in 1.001s (1.001s including waiting).`: when the pull ended says as much.
fn without_spans(event: &str) -> String {
    let Some((image, rest)) = event.split_once("Successfully pulled image ") else {
        return event.to_owned();
    };
    let Some((name, rest)) = rest.split_once(" in ") else { return event.to_owned() };
    let Some((_, rest)) = rest.split_once(" including waiting). ") else {
        return event.to_owned();
    };
    format!("{image}Successfully pulled image {name} in <span> (<span> including waiting). {rest}")
}
