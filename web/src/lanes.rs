//! The escape map as lanes: what the picture draws, and what it says when it is saved as a file. Pure.

use watertight_diagnostic::ask::escape::{
    ContainerMap, Effort, EscapeReport, Layer, Outcome, State, Strand, TechniqueReport, Truth,
};
use watertight_text::{sort, xml};

use crate::language::{plural, say, say_with};
use crate::words;

/// Ways that are drawn as one line.
#[derive(Clone, PartialEq, Debug)]
pub struct Lane {
    /// What stands beside its beginning.
    pub label: String,
    /// How many more ways it stands for than the one it is called by, as it is written behind that: empty when there are none.
    pub more: String,
    /// How many ways it stands for.
    pub ways: usize,
    /// What becomes of it.
    pub end: End,
    /// For each of [`Layer::ALL`], what it does about the way that stands for all.
    pub layers: Vec<State>,
    /// The way that stands for all, by its place among the strands.
    pub strand: usize,
}

/// Where a line ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// At the host.
    Open(Outcome),
    /// Perhaps at the host.
    Unknown(Outcome),
    /// At this layer, by its place in [`Layer::ALL`].
    Stopped(usize),
    /// At the host, if a bug or a second foothold comes in addition.
    Bug,
}

impl End {
    /// The class that colours it.
    pub fn class(self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Unknown(_) => "unknown",
            Self::Stopped(_) => "stopped",
            Self::Bug => "bug",
        }
    }

    /// Whether what is won is no way out: it may not look like one, nor be counted among them.
    pub fn is_lesser(self) -> bool {
        matches!(self, Self::Open(outcome) | Self::Unknown(outcome) if !outcome.is_escape())
    }

    /// Its colour where there is no style sheet: those of the light theme.
    fn color(self) -> &'static str {
        match self {
            _ if self.is_lesser() => "#1f5d94",
            Self::Open(_) => "#a80f2e",
            Self::Unknown(_) => "#7c5700",
            Self::Stopped(_) => "#0f6b3f",
            Self::Bug => "#51616b",
        }
    }

    /// What stands at its end.
    pub fn words(self) -> &'static str {
        match self {
            Self::Open(outcome) | Self::Unknown(outcome) => words::outcome(outcome),
            Self::Stopped(_) => "",
            Self::Bug => say("with a bug as well"),
        }
    }
}

/// Whether a way works by what is configured.
pub fn is_fault(technique: &TechniqueReport) -> bool {
    technique.effort != Effort::Bug && !technique.remains
}

/// The map of one container in a sentence: what is certainly open, or else how much is not known, for that is no all-clear.
pub fn title(report: &EscapeReport, map: &ContainerMap) -> String {
    if let Some(worst) = map.worst {
        let open = map.outcomes.iter().find(|count| count.outcome == worst).map_or(0, |count| count.open);
        let name = words::capital(words::outcome(worst));
        return format!("{name}: {}", plural(open, "1 way is open", "{count} ways are open"));
    }
    // The counts of the outcomes name a way once for everything that is won with it.
    let faults = |open: Truth| {
        let strands = map.strands.iter().filter(move |strand| strand.open == open);
        let techniques = strands.filter_map(|strand| report.techniques.get(strand.technique));
        techniques.filter(|technique| is_fault(technique)).map(|technique| technique.outcome)
    };
    match faults(Truth::Unknown).filter(|outcome| outcome.is_escape()).count() {
        0 => match faults(Truth::Yes).filter(|outcome| !outcome.is_escape()).max() {
            None => say("No way out is open as it is configured").to_owned(),
            Some(lesser) => {
                say_with("No way out is open, but one to {outcome} is", &[("outcome", &words::outcome(lesser))])
            }
        },
        n => plural(
            n,
            "No way out is certainly open; 1 is not known",
            "No way out is certainly open; {count} are not known",
        ),
    }
}

/// The lines of one container: open ones by cause, doubtful ones by what is not known, closed ones by the layer that stops
/// them first, and one for all that needs a bug as well.
pub fn lanes(report: &EscapeReport, map: &ContainerMap) -> Vec<Lane> {
    let mut found: Vec<(Key, Lane)> = Vec::new();
    for (place, strand) in map.strands.iter().enumerate() {
        let Some(technique) = report.techniques.get(strand.technique) else { continue };
        let key = Key::of(map, strand, technique);
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => {
                let ways = known.ways + 1;
                if matches!(key.end, End::Open(_) | End::Unknown(_)) && is_simpler(map, place, known.strand) {
                    *known = lane(key.end, place, strand, technique);
                }
                known.ways = ways;
            }
            None => found.push((key, lane(key.end, place, strand, technique))),
        }
    }
    // The order of the strands stays within each kind.
    sort::by_key(&mut found, |(key, _)| match key.end {
        End::Open(outcome) => (if key.end.is_lesser() { 2 } else { 0 }, std::cmp::Reverse(Some(outcome)), 0),
        End::Unknown(outcome) => (if key.end.is_lesser() { 3 } else { 1 }, std::cmp::Reverse(Some(outcome)), 0),
        End::Stopped(layer) => (4, std::cmp::Reverse(None), layer),
        End::Bug => (5, std::cmp::Reverse(None), 0),
    });
    let name = |mut lane: Lane| {
        match lane.end {
            End::Stopped(layer) => {
                let layer = Layer::ALL.get(layer).map_or("", |layer| words::layer(*layer));
                lane.label =
                    say_with("{ways} stopped by {layer}", &[("ways", &words::ways(lane.ways)), ("layer", &layer)]);
            }
            End::Bug => lane.label = words::ways(lane.ways),
            _ if lane.ways > 1 => lane.more = format!(" +{}", lane.ways - 1),
            _ => {}
        }
        lane
    };
    found.into_iter().map(|(_, lane)| name(lane)).collect()
}

/// Whether a way takes less than another: whoever reads one name for several ways knows that one best.
fn is_simpler(map: &ContainerMap, one: usize, other: usize) -> bool {
    let takes = |place: usize| {
        let strand = map.strands.get(place)?;
        let needs: usize = strand.layers.iter().map(|cell| cell.reasons.len()).sum();
        Some((strand.cost, strand.after_escalation, needs))
    };
    takes(one) < takes(other)
}

/// What makes two ways one line.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    end: End,
    reason: Option<usize>,
}

impl Key {
    fn of(map: &ContainerMap, strand: &Strand, technique: &TechniqueReport) -> Self {
        let doubt = || {
            let mut reasons = strand.layers.iter().flat_map(|cell| cell.reasons.iter().copied());
            reasons.find(|at| map.reasons.get(*at).is_some_and(|reason| reason.truth == Truth::Unknown))
        };
        let stop = || Layer::ALL.into_iter().position(|layer| Some(layer) == strand.stopped_by);
        match strand.open {
            Truth::No => Self { end: End::Stopped(stop().unwrap_or_default()), reason: None },
            _ if !is_fault(technique) => Self { end: End::Bug, reason: None },
            Truth::Yes => Self { end: End::Open(technique.outcome), reason: strand.cause() },
            Truth::Unknown => Self { end: End::Unknown(technique.outcome), reason: doubt() },
        }
    }
}

fn lane(end: End, place: usize, strand: &Strand, technique: &TechniqueReport) -> Lane {
    let layers = strand.layers.iter().map(|cell| cell.state).collect();
    Lane { label: technique.name.to_string(), more: String::new(), ways: 1, end, layers, strand: place }
}

/// Measures of the picture, in its own units. Behind the host the longest outcome has room in every language of the page.
pub const WIDTH: u32 = 880;
/// Where lines begin.
pub const BEGIN: u32 = 270;
/// Where the host stands.
pub const HOST: u32 = 660;
/// Where the first line stands.
const TOP: u32 = 58;
/// From line to line.
pub const STEP: u32 = 26;

/// Where a layer stands.
pub fn layer_x(layer: usize) -> u32 {
    BEGIN + 30 + 52 * layer as u32
}

/// Where a line stands.
pub fn lane_y(lane: usize) -> u32 {
    TOP + STEP * lane as u32
}

/// How high the picture is.
pub fn height(lanes: usize) -> u32 {
    lane_y(lanes) + 6
}

/// Where a line ends.
pub fn end_x(end: End) -> u32 {
    match end {
        End::Stopped(layer) => layer_x(layer),
        _ if end.is_lesser() => HOST - 24,
        _ => HOST,
    }
}

/// A layer's name, short enough to stand above its line.
pub fn short_name(layer: Layer) -> &'static str {
    match layer {
        Layer::Pod => "Pod",
        Layer::Capabilities => "Caps",
        Layer::UserNamespace => "User ns",
        Layer::Seccomp => "Seccomp",
        Layer::Lsm => "LSM",
        Layer::Sandbox => "Sandbox",
        Layer::Version => "Kernel",
    }
}

/// A line's name, as long as there is room for. How many ways it stands for is never cut off.
pub fn shortened(lane: &Lane) -> String {
    const MOST: usize = 36;
    let Lane { label, more, .. } = lane;
    let room = MOST.saturating_sub(more.chars().count());
    if label.chars().count() <= room {
        return format!("{label}{more}");
    }
    let short: String = label.chars().take(room.saturating_sub(1)).collect();
    format!("{}…{more}", short.trim_end())
}

/// The picture as a file of its own, in the colours of the light theme.
pub fn svg(title: &str, lanes: &[Lane]) -> String {
    let height = height(lanes.len());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"sans-serif\" \
         font-size=\"12\">\n<title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
        xml::escaped(title)
    );
    out.push_str(&format!(
        "<text x=\"8\" y=\"18\" font-weight=\"bold\" fill=\"#14212a\">{}</text>\n",
        xml::escaped(title)
    ));
    for (place, layer) in Layer::ALL.into_iter().enumerate() {
        let (x, name) = (layer_x(place), short_name(layer));
        out.push_str(&format!(
            "<text x=\"{x}\" y=\"36\" text-anchor=\"middle\" font-size=\"10\" fill=\"#4d606c\">{name}</text>\n"
        ));
        out.push_str(&format!(
            "<line x1=\"{x}\" y1=\"42\" x2=\"{x}\" y2=\"{height}\" stroke=\"#dce4e8\" stroke-width=\"6\"/>\n"
        ));
    }
    out.push_str(&format!("<text x=\"{HOST}\" y=\"36\" font-size=\"10\" fill=\"#4d606c\">Node</text>\n"));
    for (place, lane) in lanes.iter().enumerate() {
        let (y, end, color) = (lane_y(place), end_x(lane.end), lane.end.color());
        let dash = match lane.end {
            End::Unknown(_) => " stroke-dasharray=\"6 4\"",
            End::Bug => " stroke-dasharray=\"1 4\"",
            _ => "",
        };
        let label = xml::escaped(&shortened(lane));
        out.push_str(&format!("<text x=\"8\" y=\"{}\" fill=\"#14212a\">{label}</text>\n", y + 4));
        out.push_str(&format!(
            "<line x1=\"{BEGIN}\" y1=\"{y}\" x2=\"{end}\" y2=\"{y}\" stroke=\"{color}\" stroke-width=\"2\"{dash}/>\n"
        ));
        match lane.end {
            End::Stopped(_) => {
                let (x, top) = (end - 3, y - 9);
                out.push_str(&format!("<rect x=\"{x}\" y=\"{top}\" width=\"6\" height=\"18\" fill=\"{color}\"/>\n"));
            }
            _ => {
                let (x, words) = (HOST + 10, xml::escaped(lane.end.words()));
                if lane.end.is_lesser() {
                    out.push_str(&format!("<circle cx=\"{end}\" cy=\"{y}\" r=\"4\" fill=\"{color}\"/>\n"));
                } else {
                    let (top, bottom, tip) = (y - 5, y + 5, HOST + 7);
                    out.push_str(&format!("<path d=\"M{HOST} {top}L{tip} {y}L{HOST} {bottom}Z\" fill=\"{color}\"/>\n"));
                }
                out.push_str(&format!("<text x=\"{x}\" y=\"{}\" fill=\"{color}\">{words}</text>\n", y + 4));
            }
        }
        for (layer, state) in lane.layers.iter().enumerate() {
            if *state == State::Unknown && layer_x(layer) < end {
                let x = layer_x(layer);
                out.push_str(&format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"7\" fill=\"#ffffff\" stroke=\"{color}\"/>\n"));
                out.push_str(&format!(
                    "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" font-size=\"10\" fill=\"{color}\">?</text>\n",
                    y + 4
                ));
            }
        }
    }
    out.push_str("</svg>\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A report as the worker sends it, with three ways: open, closed, and one that needs a bug.
    fn report() -> EscapeReport {
        let cells = |states: [(&str, &str); 2]| {
            let cell = |layer: &Layer| {
                let known = states.iter().find(|(name, _)| *name == layer.word());
                match known {
                    Some((_, state)) => format!(r#"{{"layer":"{}","state":"{state}","reasons":[0]}}"#, layer.word()),
                    None => format!(r#"{{"layer":"{}","state":"not-involved"}}"#, layer.word()),
                }
            };
            Layer::ALL.iter().map(cell).collect::<Vec<_>>().join(",")
        };
        let strand = |technique: usize, open: &str, stop: &str, cells: String| {
            format!(
                r#"{{"technique":{technique},"open":"{open}","cost":1,"afterEscalation":false,"layers":[{cells}],"stoppedBy":{stop},"stops":1,"detection":{{"seen":null,"rules":[],"attempts":0,"seenAttempts":0,"stable":[],"stableAttempts":0,"notLoaded":[]}}}}"#
            )
        };
        let technique = |id: &str, effort: &str| {
            format!(
                r#"{{"id":"{id}","name":"<{id}>","outcome":"host-root","effort":"{effort}","severity":"high","why":"w","attack":[],"remains":false}}"#
            )
        };
        let strands = [
            strand(0, "yes", "null", cells([("pod", "passes"), ("lsm", "unknown")]))
                .replace(r#""cost":1"#, r#""cost":2"#),
            strand(1, "yes", "null", cells([("pod", "passes"), ("lsm", "passes")])),
            strand(2, "no", "\"seccomp\"", cells([("pod", "passes"), ("seccomp", "stops")])),
            strand(3, "unknown", "null", cells([("version", "unknown"), ("pod", "passes")])),
        ];
        let place = r#"{"file":0,"range":{"start":0,"end":0,"startLine":1,"startColumn":1,"endLine":1,"endColumn":1},"route":null,"label":""}"#;
        let json = format!(
            r#"{{"v":1,"encoding":"utf16","date":"2026-11-23","node":[],"techniques":[{},{},{},{}],"containers":[{{"pod":0,"place":{place},"object":"Pod/p","container":"a","worst":"host-root","outcomes":[],"reasons":[{{"truth":"yes","text":"r"}}],"strands":[{}],"fixes":[],"plans":[],"unsettled":[],"grade":{{"letter":"F","points":0,"sum":0,"cap":20,"because":"b","lines":[]}},"stillborn":[]}}]}}"#,
            technique("a", "configuration"),
            technique("b", "configuration"),
            technique("c", "configuration"),
            technique("d", "bug"),
            strands.join(",")
        );
        serde_json::from_str(&json).unwrap()
    }

    #[test]
    fn ways_of_one_cause_are_one_line() {
        let report = report();
        let lanes = lanes(&report, &report.containers[0]);
        let seen: Vec<_> = lanes.iter().map(|lane| (shortened(lane), lane.end)).collect();
        let expected = [
            ("<b> +1", End::Open(Outcome::HostRoot)),
            ("1 way stopped by seccomp", End::Stopped(3)),
            ("1 way", End::Bug),
        ];
        assert_eq!(seen, expected.map(|(label, end)| (label.to_owned(), end)));
    }

    #[test]
    fn a_long_name_leaves_room_for_the_count() {
        let mut report = report();
        report.techniques[1].name = "A way with a name that is longer than there is room for".into();
        let lanes = lanes(&report, &report.containers[0]);
        let short = shortened(&lanes[0]);
        assert_eq!(short, "A way with a name that is longer… +1");
        assert!(short.chars().count() <= 36);
    }

    #[test]
    fn what_is_no_way_out_ends_before_the_node() {
        let mut report = report();
        report.techniques[0].outcome = Outcome::DenialOfService;
        let lanes = lanes(&report, &report.containers[0]);
        let seen: Vec<_> = lanes.iter().map(|lane| (lane.label.as_str(), lane.end.is_lesser())).collect();
        assert_eq!(seen[..2], [("<b>", false), ("<a>", true)]);
        assert!(end_x(lanes[1].end) < HOST && end_x(lanes[1].end) > layer_x(Layer::ALL.len() - 1));
    }

    #[test]
    fn the_title_says_what_is_not_known() {
        let mut report = report();
        report.containers[0].outcomes = serde_json::from_str(
            r#"[{"outcome":"host-root","open":2,"unknown":1,"closed":1,"closedOnce":1,"byBug":1}]"#,
        )
        .unwrap();
        assert_eq!(title(&report, &report.containers[0]), "Root on the node: 2 ways are open");
        report.containers[0].worst = None;
        assert_eq!(
            title(&report, &report.containers[0]),
            "No way out is open as it is configured",
            "a bug is no fault"
        );
        let mut lesser = report.clone();
        lesser.techniques[0].outcome = Outcome::DenialOfService;
        assert_eq!(title(&lesser, &lesser.containers[0]), "No way out is open, but one to denial of service is");
        for (strand, expected) in
            [(0, "No way out is certainly open; 1 is not known"), (1, "No way out is certainly open; 2 are not known")]
        {
            report.containers[0].strands[strand].open = Truth::Unknown;
            assert_eq!(title(&report, &report.containers[0]), expected);
        }
        // What stays in the container, or only starves the node, is no way out of it.
        report.techniques[0].outcome = Outcome::DenialOfService;
        assert_eq!(title(&report, &report.containers[0]), "No way out is certainly open; 1 is not known");
    }

    #[test]
    fn the_picture_is_sound() {
        let report = report();
        let picture = svg("Pod/<p> & a", &lanes(&report, &report.containers[0]));
        assert!(picture.contains("&lt;b&gt; +1") && picture.contains("Pod/&lt;p&gt; &amp; a"), "{picture}");
        assert_eq!(picture.matches("<svg").count(), 1);
        assert!(picture.contains("root on the node"));
        assert!(end_x(End::Stopped(6)) < HOST);
    }
}
