//! The geometry of the timeline: what is drawn where, in pixels.

use std::fmt::Write;

use rollscope_api::SimDuration;
use rollscope_api::order;

use super::losses::PlacedLoss;
use super::rollout::Accent;

/// Room for the numbers on the left.
pub const LEFT: f64 = 38.0;
/// Room for the names of the limits on the right.
pub const RIGHT: f64 = 57.0;
/// Room for marks above the plot.
pub const TOP: f64 = 32.0;
/// Room for the times below.
const BOTTOM: f64 = 18.0;
/// How wide a character of a label is, about.
const CHARACTER: f64 = 6.0;
/// Longest label, in characters.
const LABEL_MAX: usize = 34;

/// The numbers of one moment; they hold until the next one's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Point {
    /// Since the start.
    pub at: SimDuration,
    /// Available pods by colour, oldest ReplicaSet first.
    pub available: Vec<(Accent, i32)>,
    /// All pods that are not being deleted.
    pub total: i32,
    /// The limits, where there is a Deployment that has some.
    pub limits: Option<(i32, i32)>,
}

impl Point {
    /// Available pods of all colours.
    fn available(&self) -> i32 {
        self.available.iter().map(|(_, count)| count).sum()
    }
}

/// Another run, drawn behind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overlay {
    /// Its numbers.
    pub points: Vec<Point>,
    /// When the runs begin to differ.
    pub difference: Option<SimDuration>,
}

/// What a mark is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// Someone did something.
    Input,
    /// A rollout ended well.
    Done,
    /// Something went wrong.
    Warning,
    /// Worth a dot.
    Minor,
}

/// Something that happened at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Since the start.
    pub at: SimDuration,
    /// In a few words.
    pub label: String,
    /// What it is about.
    pub kind: MarkKind,
}

/// Moments to positions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scale {
    /// The end of the axis, in seconds.
    pub end: f64,
    /// The width of the whole.
    pub width: f64,
    /// The height of the whole.
    pub height: f64,
}

impl Scale {
    /// Where a moment is.
    pub fn x(&self, at: SimDuration) -> f64 {
        let part = at.as_micros() as f64 / 1e6 / self.end.max(1e-9);
        LEFT + part.clamp(0.0, 1.0) * self.plot_width()
    }

    fn plot_width(&self) -> f64 {
        (self.width - LEFT - RIGHT).max(1.0)
    }

    /// The line on which the areas stand.
    pub fn bottom(&self) -> f64 {
        (self.height - BOTTOM).max(TOP + 1.0)
    }

    fn y(&self, value: f64, top: f64) -> f64 {
        self.bottom() - value / top.max(1.0) * (self.bottom() - TOP)
    }
}

/// A mark with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacedMark {
    /// Where it is.
    pub x: f64,
    /// When it is, since the start.
    pub at: SimDuration,
    /// What it is about.
    pub kind: MarkKind,
    /// In full.
    pub title: String,
    /// As it fits; nothing where there is no room.
    pub label: Option<String>,
    /// Whether the label stands on the left of the mark.
    pub before: bool,
}

/// Everything that is drawn but the playhead.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// Moments to positions.
    pub scale: Scale,
    /// A closed path for each colour, stacked.
    pub areas: Vec<(Accent, String)>,
    /// All pods.
    pub total: String,
    /// The available pods of the other run, and all of them.
    pub ghost: (String, String),
    /// Where the runs begin to differ.
    pub difference: Option<f64>,
    /// The fewest that may be available.
    pub floor: String,
    /// The most that there may be.
    pub ceiling: String,
    /// Where the limits end, for their names.
    pub limits_y: Option<(f64, f64)>,
    /// Numbers on the left.
    pub y_ticks: Vec<(f64, i32)>,
    /// Times below.
    pub x_ticks: Vec<(f64, String)>,
    /// What happened.
    pub marks: Vec<PlacedMark>,
    /// Lost requests.
    pub losses: Vec<PlacedLoss>,
}

/// Ends an axis may have, in seconds: it grows in leaps and not with every frame.
fn axis_end(seconds: f64) -> f64 {
    const STEPS: [f64; 10] = [1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
    let least = seconds.max(30.0);
    let mut decade = 10.0;
    loop {
        if let Some(step) = STEPS.iter().find(|step| **step * decade >= least) {
            return step * decade;
        }
        decade *= 10.0;
    }
}

fn tick_step(end: f64, width: f64) -> f64 {
    const STEPS: [f64; 14] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0, 7_200.0,
        21_600.0,
    ];
    let fit = (width / 90.0).max(2.0);
    STEPS.into_iter().find(|step| end / step <= fit).unwrap_or(86_400.0)
}

/// `0s`, `90s`, `10m`: short, for the axis.
fn tick_label(seconds: f64, step: f64) -> String {
    let whole = seconds.round() as i64;
    match (whole, step) {
        (0, _) => "0s".to_owned(),
        (_, 3_600.0..) => format!("{}h", whole / 3_600),
        (_, 60.0..) => format!("{}m", whole / 60),
        _ if whole >= 60 && whole % 60 == 0 => format!("{}m", whole / 60),
        _ if whole >= 60 => format!("{}m{}s", whole / 60, whole % 60),
        _ => format!("{whole}s"),
    }
}

/// Draws the whole. `until` is how far the axis must reach at least.
pub fn chart(
    points: &[Point],
    marks: &[Mark],
    until: SimDuration,
    size: (f64, f64),
    overlay: &Overlay,
) -> Chart {
    let end = axis_end(until.as_micros() as f64 / 1e6);
    let scale = Scale { end, width: size.0, height: size.1 };
    let thinned = thin(points, &scale);
    let thinned_ghost = thin(&overlay.points, &scale);
    let top = points
        .iter()
        .chain(&overlay.points)
        .map(|point| point.total.max(point.limits.map_or(0, |(_, ceiling)| ceiling)))
        .max()
        .unwrap_or(0)
        .max(4);
    let top = f64::from(top);
    let until_x = scale.x(until);
    let last_limits = thinned.iter().rev().find_map(|point| point.limits);
    let y = |value: i32| scale.y(f64::from(value), top);
    let step = tick_step(end, scale.plot_width());
    let ticks = (0..).map(|n| f64::from(n) * step).take_while(|at| *at <= end + 1e-6);
    Chart {
        scale,
        areas: areas(&thinned, &scale, top, until_x),
        total: line(&thinned, &scale, until_x, |point| Some(y(point.total))),
        ghost: (
            line(&thinned_ghost, &scale, until_x, |point| Some(y(point.available()))),
            line(&thinned_ghost, &scale, until_x, |point| Some(y(point.total))),
        ),
        difference: overlay.difference.map(|at| scale.x(at)),
        floor: line(&thinned, &scale, until_x, |point| point.limits.map(|(floor, _)| y(floor))),
        ceiling: line(&thinned, &scale, until_x, |point| point.limits.map(|(_, top)| y(top))),
        limits_y: last_limits.map(|(floor, ceiling)| (y(floor), y(ceiling))),
        y_ticks: y_ticks(top).into_iter().map(|value| (y(value), value)).collect(),
        x_ticks: ticks
            .map(|at| {
                let position = scale.x(SimDuration::from_micros((at * 1e6) as i64));
                (position, tick_label(at, step))
            })
            .collect(),
        marks: place(marks, &scale),
        losses: Vec::new(),
    }
}

/// At most one point for each pixel, the last: more cannot be seen.
fn thin<'a>(points: &'a [Point], scale: &Scale) -> Vec<&'a Point> {
    let mut result: Vec<&Point> = Vec::new();
    let mut column = i64::MIN;
    for point in points {
        let at = (scale.x(point.at) * 1.0) as i64;
        if at == column {
            result.pop();
        }
        column = at;
        result.push(point);
    }
    result
}

fn y_ticks(top: f64) -> Vec<i32> {
    let steps = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000];
    let step = steps.into_iter().find(|step| top / f64::from(*step) <= 5.0).unwrap_or(20_000);
    (0..).map(|n| n * step).take_while(|value| f64::from(*value) <= top).collect()
}

/// A position with one decimal. Paths hold thousands of them, and the standard formatting of
/// floating-point numbers is much slower.
fn px(path: &mut String, letter: char, position: f64) {
    let tenths = (position * 10.0).round() as i64;
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
    // Writing to a text cannot fail.
    let _ = write!(path, "{letter}{sign}{whole}.{tenth}");
}

/// A line in steps; it is interrupted where there is no value.
fn line(
    points: &[&Point],
    scale: &Scale,
    until_x: f64,
    value: impl Fn(&Point) -> Option<f64>,
) -> String {
    let mut path = String::new();
    let mut last: Option<f64> = None;
    for point in points {
        let x = scale.x(point.at);
        match (last, value(point)) {
            (None, Some(y)) => {
                px(&mut path, 'M', x);
                px(&mut path, ' ', y);
            }
            (Some(old), Some(y)) if old != y => {
                px(&mut path, 'H', x);
                px(&mut path, 'V', y);
            }
            (Some(_), None) => px(&mut path, 'H', x),
            _ => {}
        }
        last = value(point);
    }
    if last.is_some() {
        px(&mut path, 'H', until_x);
    }
    path
}

/// One closed path for each colour; each stands on those before it.
fn areas(points: &[&Point], scale: &Scale, top: f64, until_x: f64) -> Vec<(Accent, String)> {
    let mut accents: Vec<Accent> = Vec::new();
    for (accent, _) in points.iter().flat_map(|point| &point.available) {
        if !accents.contains(accent) {
            accents.push(*accent);
        }
    }
    let height = |point: &Point, upto: usize| -> f64 {
        let stacked = &accents[..upto];
        let sum: i32 = point
            .available
            .iter()
            .filter(|(accent, _)| stacked.contains(accent))
            .map(|(_, count)| count)
            .sum();
        scale.y(f64::from(sum), top)
    };
    let shapes = accents.iter().enumerate().map(|(at, accent)| {
        let upper = line(points, scale, until_x, |point| Some(height(point, at + 1)));
        let lower = backwards(points, scale, until_x, |point| height(point, at));
        (*accent, format!("{upper}{lower}Z"))
    });
    shapes.collect()
}

/// The way back along the lower edge, from the right end to the left.
fn backwards(
    points: &[&Point],
    scale: &Scale,
    until_x: f64,
    value: impl Fn(&Point) -> f64,
) -> String {
    let mut path = String::new();
    let mut right = until_x;
    for point in points.iter().rev() {
        let y = value(point);
        px(&mut path, 'L', right);
        px(&mut path, ' ', y);
        right = scale.x(point.at);
        px(&mut path, 'L', right);
        px(&mut path, ' ', y);
    }
    path
}

/// About how wide a character of a label is. Those of Korean are nearly twice as wide.
fn character_width(character: char) -> f64 {
    if character >= '\u{1100}' { CHARACTER * 1.8 } else { CHARACTER }
}

/// Gives labels to the marks that matter most, as far as they do not cover one another.
fn place(marks: &[Mark], scale: &Scale) -> Vec<PlacedMark> {
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order::sort_by_key(&mut order, |&at| marks[at].kind);
    // The dots of other marks are taken from the beginning.
    let mut taken: Vec<(f64, f64)> = marks
        .iter()
        .filter(|mark| mark.kind != MarkKind::Minor)
        .map(|mark| (scale.x(mark.at) - 4.0, scale.x(mark.at) + 4.0))
        .collect();
    let mut labels: Vec<Option<(String, bool)>> = vec![None; marks.len()];
    for at in order {
        let mark = &marks[at];
        if mark.kind == MarkKind::Minor {
            continue;
        }
        let label = shorten(&mark.label);
        let width = label.chars().map(character_width).sum::<f64>() + 14.0;
        let x = scale.x(mark.at);
        let free = |from: f64, to: f64| taken.iter().all(|&(start, end)| to < start || from > end);
        if x + width <= scale.width && free(x + 5.0, x + width) {
            taken.push((x, x + width));
            labels[at] = Some((label, false));
        } else if x - width >= LEFT && free(x - width, x - 5.0) {
            taken.push((x - width, x));
            labels[at] = Some((label, true));
        }
    }
    marks
        .iter()
        .zip(labels)
        .map(|(mark, label)| PlacedMark {
            x: scale.x(mark.at),
            at: mark.at,
            kind: mark.kind,
            title: mark.label.clone(),
            before: label.as_ref().is_some_and(|(_, before)| *before),
            label: label.map(|(text, _)| text),
        })
        .collect()
}

fn shorten(label: &str) -> String {
    if label.chars().count() <= LABEL_MAX {
        return label.to_owned();
    }
    let short: String = label.chars().take(LABEL_MAX - 1).collect();
    format!("{short}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(seconds: i64) -> SimDuration {
        SimDuration::from_secs(seconds)
    }

    #[test]
    fn areas_stand_on_one_another() {
        let (old, new) = (Accent::Revision(0), Accent::Revision(1));
        let point = |at, a, b| Point {
            at: secs(at),
            available: vec![(old, a), (new, b)],
            total: a + b,
            limits: Some((3, 4)),
        };
        // 30 px a unit, 10 px a second.
        let size = (LEFT + RIGHT + 300.0, TOP + BOTTOM + 120.0);
        let chart =
            chart(&[point(0, 3, 0), point(10, 2, 2)], &[], secs(20), size, &Overlay::default());
        assert_eq!(chart.scale.end, 30.0);
        assert_eq!(
            chart.areas,
            [
                (
                    old,
                    "M38.0 62.0H138.0V92.0H238.0L238.0 152.0L138.0 152.0L138.0 152.0L38.0 152.0Z"
                        .to_owned()
                ),
                (
                    new,
                    "M38.0 62.0H138.0V32.0H238.0L238.0 92.0L138.0 92.0L138.0 62.0L38.0 62.0Z"
                        .to_owned()
                ),
            ]
        );
        assert_eq!(chart.floor, "M38.0 62.0H238.0");
        assert_eq!(chart.limits_y, Some((62.0, 32.0)));
    }

    #[test]
    fn axes_grow_in_leaps() {
        assert_eq!(
            [5.0, 31.0, 61.0, 130.0, 2_000.0].map(axis_end),
            [30.0, 40.0, 80.0, 150.0, 2_000.0]
        );
        assert_eq!(tick_label(90.0, 30.0), "1m30s");
        assert_eq!(tick_label(600.0, 300.0), "10m");
    }

    #[test]
    fn labels_do_not_cover_one_another() {
        let mark = |at, label: &str, kind| Mark { at: secs(at), label: label.into(), kind };
        let marks = [
            mark(1, "complete", MarkKind::Done),
            mark(2, "apply -f deployment.yaml", MarkKind::Input),
            mark(29, "undo", MarkKind::Input),
        ];
        let size = (LEFT + RIGHT + 300.0, 120.0);
        let placed = chart(&[], &marks, secs(20), size, &Overlay::default()).marks;
        let labels: Vec<Option<&str>> = placed.iter().map(|mark| mark.label.as_deref()).collect();
        assert_eq!(labels, [None, Some("apply -f deployment.yaml"), Some("undo")]);

        // Korean needs more room: there is none between marks that are 40 pixels apart.
        for (label, before) in [("end", false), ("완료함", true)] {
            let marks = [mark(10, label, MarkKind::Done), mark(14, "", MarkKind::Done)];
            let placed = chart(&[], &marks, secs(20), size, &Overlay::default()).marks;
            assert_eq!((placed[0].label.as_deref(), placed[0].before), (Some(label), before));
        }
    }
}
