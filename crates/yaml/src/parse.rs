//! From a text to documents: the parser's events, put into trees.

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle as Style, ScanError, StructureStyle, YamlVersion};
use watertight_text::{MAX_BYTES, Span, few};

use crate::build::{Builder, Full, Properties, Tag, USUAL_NODES};
use crate::json::read_json;
use crate::scalar::TagKind;
use crate::tabs::Before;
use crate::{
    CollectionStyle, Comment, Problem, ProblemKind, Scalar, ScalarStyle, Stream, binary, divide, explain, float,
    invisible, plain, tabs, template,
};

/// How much is read. What lies beyond is a [`crate::ProblemKind::Limit`], never a hang.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Levels of mappings and lists inside each other.
    pub depth: usize,
    /// Nodes in all documents together.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: MAX_BYTES, depth: 1_000, nodes: 1_000_000 }
    }
}

/// Reads a text with the default [`Limits`]. Never fails.
pub fn parse(text: &str) -> Stream<'_> {
    parse_with(text, Limits::default())
}

/// Reads a text. Never fails: what is wrong stands in the [`Problem`]s of the stream and of its documents.
pub fn parse_with(text: &str, limits: Limits) -> Stream<'_> {
    let mut stream = Stream::default();
    let read = within(text, limits, &mut stream.problems);
    if binary::is_binary(read) {
        stream.problems.push(binary::problem(text));
        return stream;
    }
    match plain::read(read, limits, plain::part) {
        Some(plain) => stream.documents = plain.documents,
        None => read_by_parser(read, limits, &mut stream),
    }
    stream
}

/// Reads a text that nearly every manifest is like; `None` for every other one and whatever is wrong with it. What is read is
/// read as [`parse`] does.
pub fn parse_plain(text: &str) -> Option<Stream<'_>> {
    plain::read(text, Limits::default(), |_| None)
}

/// Reads JSON, or YAML with the parser of the whole language.
pub(crate) fn read_by_parser<'t>(read: &'t str, limits: Limits, stream: &mut Stream<'t>) {
    let json = read_json(read, limits, stream);
    if json && !read.contains("{{") && !read.contains("{%") {
        return;
    }
    let broken = if json { None } else { invisible::replace(read) };
    let mask = template::mask(broken.as_deref().unwrap_or(read));
    if !json {
        let source = mask.as_ref().map(|mask| mask.source.as_str()).or(broken.as_deref()).unwrap_or(read);
        read_yaml(read, source, limits, stream);
        binary::find_controls(read, stream);
        invisible::report(read, stream);
        divide::report(read, stream);
    }
    if let Some(mask) = mask {
        stream.documents.iter_mut().for_each(|document| mask.restore(document));
    }
}

/// The part of the text that is read: whole lines up to the limit.
fn within<'t>(text: &'t str, limits: Limits, problems: &mut Vec<Problem>) -> &'t str {
    if text.len() <= limits.bytes {
        return text;
    }
    let part = text.get(..text.floor_char_boundary(limits.bytes)).unwrap_or_default();
    let part = part.rfind('\n').and_then(|at| part.get(..=at)).unwrap_or(part);
    problems.push(Problem {
        kind: ProblemKind::Limit,
        span: Span::new(part.len(), text.len()),
        related: None,
        route: None,
        message: format!(
            "This text has {} bytes and we read the first {}. Split it into several files.",
            text.len(),
            limits.bytes
        ),
    });
    part
}

/// So many comment lines in a row. The parser holds them back until it knows what follows, at a high price each.
const MAX_COMMENT_LINES: usize = 50_000;

/// Reads `source`, which is `text` or a stand-in of the same length, and makes a tree of `text`.
fn read_yaml<'t>(text: &'t str, source: &str, limits: Limits, stream: &mut Stream<'t>) {
    let mut options = granit_parser::options! {
        emit_anchor_events: true,
        emit_unresolved_aliases: true,
        // As libyaml, and so go-yaml.
        block_scalar_eof_without_line_feed: true,
        max_buffered_comment_events: MAX_COMMENT_LINES,
        flow_nesting_limit: limits.depth,
        block_nesting_limit: limits.depth,
    };
    options.set_emit_comments(true);
    let mut reader = Reader {
        text,
        source,
        limits,
        parser: Parser::new_from_str_with_options(source, options),
        builder: None,
        cursor: 0,
        between: Vec::new(),
        nodes: 0,
        has_tabs: source.contains('\t'),
        stream,
    };
    reader.run();
}

struct Reader<'t, 's, 'o> {
    text: &'t str,
    source: &'s str,
    limits: Limits,
    parser: Parser<'s, granit_parser::StrInput<'s>>,
    /// The document that is being read.
    builder: Option<Builder<'t>>,
    /// One past the last token: where to look for what the parser does not tell, a colon or a block indicator.
    cursor: usize,
    /// Comments that stand before the next document.
    between: Vec<Comment>,
    /// Nodes of finished documents.
    nodes: usize,
    /// Most texts have none, and need not be looked through for them.
    has_tabs: bool,
    stream: &'o mut Stream<'t>,
}

/// Where an event ends, and what stands before the blank space behind it, where that is a token of the text.
struct Behind {
    end: usize,
    before: Option<Before>,
}

/// Why the reading of a document stops.
enum Stop {
    Syntax(ScanError),
    Full(Full),
}

impl From<Full> for Stop {
    fn from(full: Full) -> Self {
        Self::Full(full)
    }
}

impl<'t> Reader<'t, '_, '_> {
    fn run(&mut self) {
        let mut stuck = 0;
        while let Some(event) = self.parser.next_event() {
            let stop = match event {
                Ok((Event::StreamEnd, _)) => break,
                Ok((event, span)) => match self.event(event, &span) {
                    Ok(()) => continue,
                    Err(full) => Stop::Full(full),
                },
                Err(error) => Stop::Syntax(error),
            };
            let before = self.cursor;
            let full = matches!(stop, Stop::Full(Full::Nodes));
            self.stop(stop);
            // Recovery always moves forward; should it ever not, a second try at the same place is the last.
            stuck = if self.cursor > before { 0 } else { stuck + 1 };
            if full || stuck > 2 || !matches!(self.parser.proceed_next_document(), Ok(true)) {
                break;
            }
        }
        self.finish(self.builder.is_none());
        self.keep_comments();
    }

    fn stop(&mut self, stop: Stop) {
        let here = self.cursor;
        self.begin();
        let Some(builder) = &mut self.builder else { return };
        match stop {
            Stop::Full(full) => {
                let span = Span::at(here);
                builder.problem(ProblemKind::Limit, span, full_message(full, self.limits));
            }
            Stop::Syntax(error) => {
                let at = self.text.floor_char_boundary(error.marker().byte_offset().unwrap_or(here));
                let limit = |message| Problem {
                    kind: ProblemKind::Limit,
                    span: Span::at(at),
                    related: None,
                    route: None,
                    message,
                };
                let problem = match error.kind() {
                    ErrorKind::RecursionLimitExceeded => limit(full_message(Full::Depth, self.limits)),
                    ErrorKind::TooManyComments => limit(format!(
                        "More than {MAX_COMMENT_LINES} lines of comments follow each other here. What comes after them in \
                         the document was not looked at."
                    )),
                    kind => {
                        let open: Vec<Span> = builder.open_flow().collect();
                        explain::syntax(self.text, kind, at, &open)
                    }
                };
                self.cursor = self.cursor.max(at);
                builder.cover(problem.span);
                // A tab that both refuse.
                builder.problems.retain(|known| known.span != problem.span);
                builder.problems.push(problem);
            }
        }
        self.finish(false);
    }

    /// Opens a document if none is open.
    fn begin(&mut self) {
        if self.builder.is_some() {
            return;
        }
        let nodes = self.limits.nodes.saturating_sub(self.nodes);
        let mut builder = Builder::new(self.text, self.limits.depth, nodes, USUAL_NODES);
        builder.spell = Some(float::key);
        for comment in self.between.drain(..) {
            builder.cover(comment.span);
            builder.comments.push(comment);
        }
        self.builder = Some(builder);
    }

    fn finish(&mut self, complete: bool) {
        let Some(builder) = self.builder.take() else { return };
        // An empty document costs as much as a node.
        self.nodes += builder.node_count() + 1;
        let document = builder.into_document(self.stream.documents.len(), complete);
        few::push(&mut self.stream.documents, document);
    }

    /// Comments behind the last document belong to it; a text of comments alone is a document of its own.
    fn keep_comments(&mut self) {
        let Some(last) = self.between.last().copied() else { return };
        if let Some(document) = self.stream.documents.last_mut() {
            document.span = document.span.cover(last.span);
            document.comments.append(&mut self.between);
            return;
        }
        self.begin();
        self.finish(true);
    }

    fn event(&mut self, event: Event<'_>, place: &granit_parser::Span) -> Result<(), Full> {
        // A stand-in for one character of the text can be several.
        let span = place.byte_range().map_or(Span::at(self.cursor), |range| {
            Span::new(self.text.floor_char_boundary(range.start), self.text.floor_char_boundary(range.end))
        });
        match event {
            Event::Comment(..) => self.comment(span),
            Event::DocumentStart(explicit, version) => return self.start_document(span, explicit, version),
            Event::DocumentEnd => self.end_document(span),
            Event::StreamStart | Event::StreamEnd => {}
            event => return self.node(event, place, span),
        }
        Ok(())
    }

    fn comment(&mut self, span: Span) {
        let comment = Comment { span, own_line: stands_alone(self.text, span.start as usize) };
        match &mut self.builder {
            Some(builder) => {
                builder.cover(span);
                builder.comments.push(comment);
            }
            None => self.between.push(comment),
        }
    }

    fn start_document(&mut self, span: Span, explicit: bool, version: Option<YamlVersion>) -> Result<(), Full> {
        if self.nodes >= self.limits.nodes {
            return Err(Full::Nodes);
        }
        self.begin();
        if explicit {
            self.cursor = span.end as usize;
        }
        let before = if self.cursor == 0 { Before::LineStart } else { Before::Token };
        self.look_for_tabs(self.cursor, before);
        let is_first = self.stream.documents.is_empty();
        let Some(builder) = &mut self.builder else { return Ok(()) };
        if explicit {
            builder.cover(span);
        }
        let start = skip_space(self.source, 0);
        if is_first && self.source.get(start..).is_some_and(|rest| rest.starts_with("...")) {
            builder.problem(
                ProblemKind::Refused,
                Span::new(start, start + 3),
                "Three dots end a document, and none has begun here. Kubernetes' reader refuses this. Remove them.",
            );
        }
        if version.is_some_and(|version| (version.major, version.minor) != (1, 1)) {
            let before = self.text.get(..span.start as usize).unwrap_or_default();
            let start = before.rfind("%YAML").unwrap_or(before.len());
            let line = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
            let span = Span::new(start, start + line.trim_end().len());
            builder.problem(
                ProblemKind::Version,
                span,
                "Kubernetes reads YAML 1.1 and refuses a document that says otherwise. Remove this line.",
            );
            builder.cover(span);
        }
        Ok(())
    }

    fn end_document(&mut self, span: Span) {
        if let Some(builder) = &mut self.builder
            && !span.is_empty()
        {
            builder.cover(span);
        }
        self.finish(true);
        self.cursor = self.cursor.max(span.end as usize);
    }

    /// What belongs to the tree: the beginning or the end of a node, or its anchor.
    fn node(&mut self, event: Event<'_>, place: &granit_parser::Span, span: Span) -> Result<(), Full> {
        self.begin();
        let tag_span = place.tag_span().and_then(|tag| tag.byte_range());
        let tag = event.tag().map(|tag| Tag {
            kind: tag
                .suffix_in_namespace("tag:yaml.org,2002:")
                .map_or(TagKind::Other, |suffix| TagKind::of_core(&suffix)),
            word: tag_span.clone().and_then(|range| self.text.get(range)).unwrap_or("!"),
            span: tag_span.map(|range| Span::new(range.start, range.end)),
        });
        let properties = Properties { anchor: event.anchor_id().filter(|&id| id != 0), tag };
        let tag_span = tag.and_then(|tag| tag.span);
        if let (Some(tag), Some(span)) = (tag, tag_span) {
            self.check_tag(tag.word, span);
        }
        let Behind { end, before } = match event {
            Event::Scalar(value, style, ..) => self.scalar(value, style, span, properties)?,
            Event::SequenceStart(style, ..) => self.start_sequence(style, span, properties)?,
            Event::MappingStart(style, ..) => self.start_mapping(style, span, properties)?,
            Event::SequenceEnd | Event::MappingEnd => self.end_collection(span),
            Event::Alias(id) => self.alias(span, Some(id))?,
            Event::UnresolvedAlias(_) => Behind { before: None, ..self.alias(span, None)? },
            Event::Anchor(..) => self.anchor(span),
            _ => Behind { end: span.end as usize, before: None },
        };
        self.cursor = self.cursor.max(end);
        if let Some(span) = tag_span {
            self.look_for_tabs(span.end as usize, Before::Property);
        }
        if let Some(before) = before {
            self.look_for_tabs(end, before);
        }
        Ok(())
    }

    /// Where Kubernetes' reader ends a tag elsewhere, or knows no such tag.
    fn check_tag(&mut self, word: &str, span: Span) {
        let Some(builder) = &mut self.builder else { return };
        if matches!(self.source.as_bytes().get(span.end as usize), Some(b',' | b'[' | b']' | b'{' | b'}')) {
            builder.problem(
                ProblemKind::Ambiguous,
                span,
                "A tag ends at a space for Kubernetes' reader, and at the comma or bracket for others. Put a space behind \
                 the tag and its value.",
            );
        }
        if let Some(at) = word.find(|c: char| !is_in_tags(c)) {
            builder.problem(
                ProblemKind::Refused,
                Span::new(span.start as usize + at, span.end as usize),
                "Kubernetes' reader knows no such character in a tag and refuses this document. Take it out, or put the \
                 text in quotes if no tag is meant.",
            );
        }
    }

    fn scalar(
        &mut self,
        value: Cow<'_, str>,
        style: Style,
        span: Span,
        properties: Properties<'_>,
    ) -> Result<Behind, Full> {
        let style = match style {
            Style::Plain => ScalarStyle::Plain,
            Style::SingleQuoted => ScalarStyle::SingleQuoted,
            Style::DoubleQuoted => ScalarStyle::DoubleQuoted,
            Style::Literal => ScalarStyle::Literal,
            Style::Folded => ScalarStyle::Folded,
        };
        if style == ScalarStyle::Plain && span.is_empty() {
            return self.nothing(span, properties);
        }
        let end = span.end as usize;
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let span = if is_block { block_span(self.source, self.cursor, span) } else { span };
        let Some(builder) = &mut self.builder else { return Ok(Behind { end, before: None }) };
        if style == ScalarStyle::Plain && builder.in_flow() && reads_otherwise_in_flow(self.source, span) {
            builder.problem(
                ProblemKind::Ambiguous,
                span,
                "Between brackets Kubernetes' reader takes a `?` for the mark of a key, and a colon for one only with a \
                 space behind it. So it reads this in another way than it looks, or refuses it. Put the text in quotes, and \
                 a space behind each colon.",
            );
        }
        if let Some((span, message)) = refused(self.source, span, style, builder) {
            builder.problem(ProblemKind::Refused, span, message);
        }
        builder.scalar(span, carry(self.text, self.source, value), style, properties)?;
        let tab = match style {
            _ if !self.has_tabs || builder.in_flow() => None,
            ScalarStyle::Literal | ScalarStyle::Folded => tabs::in_block_scalar(self.source, span.start as usize),
            ScalarStyle::Plain => builder.column().and_then(|column| tabs::in_plain(self.source, span, column)),
            _ => None,
        };
        if let Some(tab) = tab {
            builder.problem(ProblemKind::Refused, tab, explain::TAB);
        }
        let before = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => Before::LineStart,
            ScalarStyle::Plain if self.has_tabs => Before::Plain(builder.column()),
            _ => Before::Token,
        };
        Ok(Behind { end, before: Some(before) })
    }

    /// A value that nobody wrote; it may have an anchor or a tag.
    fn nothing(&mut self, span: Span, properties: Properties<'_>) -> Result<Behind, Full> {
        let cursor = self.cursor;
        let nowhere = Behind { end: cursor, before: None };
        let Some(builder) = &mut self.builder else { return Ok(nowhere) };
        let nothing = Cow::Borrowed("");
        if properties.anchor.is_some() || properties.tag.is_some() {
            builder.scalar(span, nothing, ScalarStyle::Plain, properties)?;
            return Ok(Behind { end: span.end as usize, before: None });
        }
        // The top of an empty document is not a null that somebody wrote.
        if builder.awaits_key().is_none() && builder.is_empty() {
            return Ok(nowhere);
        }
        let span = nothing_span(self.source, cursor, builder.awaits_key());
        builder.resolved(span, nothing, ScalarStyle::Plain, Scalar::Null, properties)?;
        Ok(Behind { end: span.end as usize, before: None })
    }

    fn start_sequence(
        &mut self,
        style: StructureStyle,
        span: Span,
        properties: Properties<'_>,
    ) -> Result<Behind, Full> {
        let Some(builder) = &mut self.builder else { return Ok(Behind { end: self.cursor, before: None }) };
        let in_block = matches!(style, StructureStyle::Block) && builder.awaits_key() == Some(false);
        let dash = if in_block { first_dash(self.text, span.start as usize) } else { None };
        builder.open(dash.map_or(span, Span::at), false, collection_style(style), properties)?;
        // The parser may be past the first dash, which an item that nobody wrote is looked for at.
        Ok(Behind { end: dash.unwrap_or(span.end as usize), before: None })
    }

    fn start_mapping(&mut self, style: StructureStyle, span: Span, properties: Properties<'_>) -> Result<Behind, Full> {
        if let Some(builder) = &mut self.builder {
            builder.open(span, true, collection_style(style), properties)?;
        }
        Ok(Behind { end: span.end as usize, before: None })
    }

    fn end_collection(&mut self, span: Span) -> Behind {
        let closing = (!span.is_empty()).then_some(span.end);
        if let Some(builder) = &mut self.builder {
            builder.close(closing);
        }
        match closing {
            Some(end) => Behind { end: end as usize, before: Some(Before::Token) },
            None => Behind { end: self.cursor, before: None },
        }
    }

    fn alias(&mut self, span: Span, target: Option<usize>) -> Result<Behind, Full> {
        if let Some(builder) = &mut self.builder {
            builder.alias(span, target)?;
        }
        Ok(Behind { end: span.end as usize, before: Some(Before::Token) })
    }

    /// The anchor of the node whose event came before.
    fn anchor(&mut self, span: Span) -> Behind {
        let end = span.end as usize;
        let name = span.slice(self.text).trim_start_matches('&');
        let behind = self.source.as_bytes().get(end);
        let is_ended = behind.is_none_or(|b| b.is_ascii_whitespace() || b"?:,]}%@`".contains(b));
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        if let Some(builder) = &mut self.builder {
            if name.is_empty() || !name.bytes().all(is_name) || !is_ended {
                builder.problem(
                    ProblemKind::Ambiguous,
                    span,
                    "The name of an anchor may hold only letters, digits, dashes and underscores for Kubernetes' reader. It \
                     refuses this one or ends it early. Choose another name, or put the text in quotes.",
                );
            }
            builder.set_anchor_span(span);
        }
        Behind { end, before: Some(Before::Property) }
    }

    /// Looks at the blank space from a byte on.
    fn look_for_tabs(&mut self, from: usize, before: Before) {
        let Some(builder) = self.builder.as_mut().filter(|_| self.has_tabs) else { return };
        let in_flow = if before == Before::Property { builder.newest_in_flow() } else { builder.in_flow() };
        if in_flow {
            return;
        }
        if let Some(span) = tabs::refused(self.source, from, before) {
            builder.problem(ProblemKind::Refused, span, explain::TAB);
        }
    }
}

/// What Kubernetes' reader does not take of a scalar: an escape of JSON and YAML 1.2 that YAML 1.1 lacks, and a key between
/// brackets that does not stand on one line with its colon.
fn refused(source: &str, span: Span, style: ScalarStyle, builder: &Builder<'_>) -> Option<(Span, &'static str)> {
    if style == ScalarStyle::DoubleQuoted
        && let Some(slash) = escaped_slash(source, span)
    {
        let message = "Kubernetes' reader does not know `\\/` between double quotes and refuses this document. Leave the \
                       backslash out.";
        return Some((slash, message));
    }
    if !builder.in_flow() || builder.awaits_key() != Some(true) {
        return None;
    }
    let colon = skip_space(source, span.end as usize);
    let key = source.as_bytes().get(span.start as usize..colon)?;
    let is_split = source.as_bytes().get(colon) == Some(&b':') && key.contains(&b'\n');
    let message = "Kubernetes' reader refuses this document: between brackets, a key and its colon have to stand on one \
                   line. Join the lines.";
    is_split.then_some((span, message))
}

/// The characters that a tag may hold. Source: `scannerc.go`, `yaml_parser_scan_tag_uri`.
fn is_in_tags(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-;/?:@&=+$,.!~*'()[]%<>".contains(c)
}

/// The first `\/`.
fn escaped_slash(source: &str, span: Span) -> Option<Span> {
    let start = span.start as usize;
    let mut bytes = span.slice(source).bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        if byte == b'\\' && bytes.next().is_some_and(|(_, escaped)| escaped == b'/') {
            return Some(Span::new(start + at, start + at + 2));
        }
    }
    None
}

/// The dash before `at` that the parser has gone past: of a list at the column of its key it gives the place behind it.
fn first_dash(text: &str, at: usize) -> Option<usize> {
    for line in text.get(..at)?.rsplit('\n') {
        let begin = line.as_ptr() as usize - text.as_ptr() as usize;
        let content = line.trim_start();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let rest = content.strip_prefix('-')?.trim_start();
        return (rest.is_empty() || rest.starts_with('#')).then_some(begin + line.len() - content.len());
    }
    None
}

/// Whether go-yaml v2 cuts a plain scalar between brackets at another place: at every `?`, never at a colon without a
/// blank behind it. Source: `scannerc.go`, `yaml_parser_scan_plain_scalar`.
fn reads_otherwise_in_flow(source: &str, span: Span) -> bool {
    let bytes = source.as_bytes();
    let behind = bytes.get(span.end as usize..).unwrap_or_default();
    let written = bytes.get(span.range()).unwrap_or_default();
    written.contains(&b'?')
        || written.first() == Some(&b':')
        || matches!(behind, [b':', b',' | b'[' | b']' | b'{' | b'}', ..])
}

fn collection_style(style: StructureStyle) -> CollectionStyle {
    match style {
        StructureStyle::Block => CollectionStyle::Block,
        StructureStyle::Flow => CollectionStyle::Flow,
    }
}

/// The sentence for a limit that was reached.
pub(crate) fn full_message(full: Full, limits: Limits) -> String {
    match full {
        Full::Nodes => format!(
            "The text holds more than {} values, which is as many as we read. What comes after this place was not looked \
             at. Split the text into several files.",
            limits.nodes
        ),
        Full::Depth => format!(
            "Mappings and lists lie more than {} levels inside each other here, which is as deep as we read. What comes \
             after this place in the document was not looked at.",
            limits.depth
        ),
    }
}

/// A value of the parser as a part of `text`. What it borrowed from its source stands at the same place in `text`.
fn carry<'t>(text: &'t str, source: &str, value: Cow<'_, str>) -> Cow<'t, str> {
    if let Cow::Borrowed(part) = &value {
        let offset = (part.as_ptr() as usize).wrapping_sub(source.as_ptr() as usize);
        let range = offset..offset.wrapping_add(part.len());
        if let Some(same) = text.get(range) {
            return Cow::Borrowed(same);
        }
    }
    let mut owned = value.into_owned();
    owned.shrink_to_fit();
    Cow::Owned(owned)
}

/// Whether only blank space stands before `at` on its line.
fn stands_alone(text: &str, at: usize) -> bool {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    let line_start = before.iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(0, |end| end + 1);
    let before = before.get(line_start..).unwrap_or_default();
    let before = before.strip_prefix("\u{feff}".as_bytes()).unwrap_or(before);
    before.iter().all(|b| matches!(b, b' ' | b'\t'))
}

/// The first byte from `from` on that is neither blank space nor part of a comment.
fn skip_space(source: &str, from: usize) -> usize {
    let bytes = source.as_bytes();
    let mut at = from;
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'\n' | b'\r') => at += 1,
            Some(b'#') => {
                while !matches!(bytes.get(at), None | Some(b'\n' | b'\r')) {
                    at += 1;
                }
            }
            _ => return at,
        }
    }
}

/// Where a value that nobody wrote would stand: right behind its colon, dash or question mark.
fn nothing_span(source: &str, cursor: usize, awaits_key: Option<bool>) -> Span {
    let at = skip_space(source, cursor);
    let behind = match (awaits_key, source.as_bytes().get(at)) {
        (Some(true), Some(b'?')) | (Some(false), Some(b':')) | (None, Some(b'-')) => at + 1,
        (Some(true), Some(b':')) => at,
        _ => cursor,
    };
    Span::at(behind)
}

/// From the indicator of a block scalar to the end of its last line that is not blank. The parser tells the content
/// only; the indicator stands behind the last token, with nothing but properties and a comment between.
fn block_span(source: &str, cursor: usize, content: Span) -> Span {
    let bytes = source.as_bytes();
    let mut at = cursor.min(content.start as usize);
    let start = loop {
        at = skip_space(source, at);
        match bytes.get(at) {
            Some(b'|' | b'>') | None => break at,
            Some(b'&' | b'!') => {
                while !matches!(bytes.get(at), None | Some(b' ' | b'\t' | b'\n' | b'\r')) {
                    at += 1;
                }
            }
            Some(_) => at += 1,
        }
    };
    let header = bytes.get(start..).unwrap_or_default();
    let header = header.iter().take_while(|b| matches!(b, b'|' | b'>' | b'+' | b'-' | b'0'..=b'9')).count();
    let header_end = start + header;
    let body = source.get(content.start as usize..content.end as usize).unwrap_or_default();
    let body_end = content.start as usize + body.trim_end_matches([' ', '\t', '\n', '\r']).len();
    Span::new(start, if body_end > header_end { body_end } else { header_end })
}
