//! Reading the events of a text.

use std::borrow::Cow;

use watertight_text::Span;

use super::json::{JsonError, Reader, Start};
use super::{Event, EventField, EventProblem, Raw, ReadEvent};
use crate::matchers::constant::parse_hexadecimal;

/// The events of a text, one after the other. What cannot be read is a problem, and reading goes on in the next line.
pub fn read(text: &str) -> impl Iterator<Item = ReadEvent<'_>> {
    Events { text, reader: Reader::new(text, 0), in_list: false, first: false, over: false }
}

struct Events<'t> {
    text: &'t str,
    reader: Reader<'t>,
    /// Whether a list of events is open, and whether its first item comes next.
    in_list: bool,
    first: bool,
    over: bool,
}

impl<'t> Iterator for Events<'t> {
    type Item = ReadEvent<'t>;

    fn next(&mut self) -> Option<ReadEvent<'t>> {
        while !self.over {
            match self.step() {
                Ok(Some(event)) => return Some(Ok(event)),
                Ok(None) => {}
                Err(error) => return Some(Err(self.recover(&error))),
            }
        }
        None
    }
}

impl<'t> Events<'t> {
    /// Reads an event, or what stands between two of them.
    fn step(&mut self) -> Result<Option<Event<'t>>, JsonError> {
        if self.in_list {
            self.in_list = self.reader.item(self.first)?;
            self.first = false;
            if !self.in_list {
                return Ok(None);
            }
        }
        match self.reader.peek() {
            None if self.in_list => self.reader.error("the list of events is not closed"),
            None => {
                self.over = true;
                Ok(None)
            }
            Some(b'[') if !self.in_list => {
                self.reader.value()?;
                (self.in_list, self.first) = (true, true);
                Ok(None)
            }
            Some(b'{') => {
                let start = self.reader.at();
                self.reader.value()?;
                let mut event = self.event()?;
                event.span = Span::new(start, self.reader.at());
                Ok(Some(event))
            }
            // Between objects a comma does no harm: texts are often cut out of lists.
            Some(b',') if !self.in_list => {
                self.reader.take(b',');
                Ok(None)
            }
            Some(_) => self.reader.error("an event is expected here: a JSON object in braces"),
        }
    }

    /// Goes on in the line behind the error.
    fn recover(&mut self, error: &JsonError) -> EventProblem {
        let rest = self.text.get(error.at..).unwrap_or_default();
        let length = rest.find('\n').unwrap_or(rest.len());
        let next = error.at + length + 1;
        self.reader = Reader::new(self.text, next.min(self.text.len()));
        self.in_list = false;
        self.over = next >= self.text.len();
        let shown = rest.get(..length).map_or(0, |line| line.trim_end().len());
        EventProblem { span: Span::new(error.at, error.at + shown), message: error.message }
    }

    /// Reads an object whose brace has been read.
    fn event(&mut self) -> Result<Event<'t>, JsonError> {
        let mut event = Event { complete: true, ..Event::default() };
        let (mut output, mut nested, mut priority) = (false, false, false);
        let mut first = true;
        while let Some(key) = self.reader.key(first)? {
            first = false;
            self.reader.peek();
            let at = self.reader.at();
            let start = self.reader.value()?;
            match (&*key, start) {
                ("output_fields", Start::Object) => {
                    output = true;
                    self.fields(&mut event)?;
                }
                ("event" | "fields", Start::Object) => {
                    nested = true;
                    self.fields(&mut event)?;
                }
                ("expect", start @ (Start::List | Start::Text(_))) => {
                    event.expect = Some(names(self.raw(start)?));
                }
                ("rule", Start::Text(text)) => event.rule = Some(text),
                ("id", Start::Text(text)) => event.id = Some(text),
                ("title", Start::Text(text)) => event.title = Some(text),
                ("source", Start::Text(text)) => event.source = Some(text),
                ("hostname", Start::Text(text)) => event.hostname = Some(text),
                (key, start) if !key.contains('.') => {
                    priority |= key == "priority";
                    self.reader.skip(&start)?;
                }
                (_, start) => {
                    let value = self.raw(start)?;
                    let span = Span::new(at, self.reader.at());
                    event.fields.push(EventField { name: key, value, span });
                }
            }
        }
        let alert = event.rule.is_some() && priority;
        event.complete = !output && (nested || !alert);
        Ok(event)
    }

    /// Reads the fields of an object whose brace has been read.
    fn fields(&mut self, event: &mut Event<'t>) -> Result<(), JsonError> {
        event.fields.reserve(32);
        let mut first = true;
        while let Some(name) = self.reader.key(first)? {
            first = false;
            self.reader.peek();
            let at = self.reader.at();
            let start = self.reader.value()?;
            let value = self.raw(start)?;
            event.fields.push(EventField { name, value, span: Span::new(at, self.reader.at()) });
        }
        Ok(())
    }

    /// Reads a value whose start has been read. How deep it goes is limited by the reader.
    fn raw(&mut self, start: Start<'t>) -> Result<Raw<'t>, JsonError> {
        Ok(match start {
            Start::Null => Raw::Null,
            Start::Bool(value) => Raw::Bool(value),
            Start::Number(number) => Raw::Number(number),
            Start::Text(text) => Raw::Text(text),
            Start::List => {
                let mut items = Vec::new();
                while self.reader.item(items.is_empty())? {
                    let start = self.reader.value()?;
                    items.push(self.raw(start)?);
                }
                Raw::List(items)
            }
            Start::Object => {
                let mut value = None;
                let at = self.reader.at();
                let mut first = true;
                while let Some(key) = self.reader.key(first)? {
                    first = false;
                    let start = self.reader.value()?;
                    match (&*key, self.raw(start)?) {
                        ("$hex", Raw::Text(digits)) => {
                            let bytes = parse_hexadecimal(digits.as_bytes());
                            value = bytes.or_else(|| digits.is_empty().then(Vec::new)).map(Raw::Bytes);
                        }
                        ("$ancestors", list @ Raw::List(_)) => value = Some(list),
                        _ => {}
                    }
                }
                value.ok_or(JsonError { at, message: "a field has no object as its value" })?
            }
        })
    }
}

fn names(raw: Raw<'_>) -> Vec<Cow<'_, str>> {
    match raw {
        Raw::Text(text) => vec![text],
        Raw::List(items) => items.into_iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each event as its fields, `?` in front when what is not there is unknown; each problem as its place.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let words = |one: ReadEvent<'_>| match one {
            Ok(event) => {
                let fields: Vec<_> =
                    event.fields.iter().map(|field| format!("{}={}", field.name, shown(&field.value))).collect();
                format!("{}{}", if event.complete { "" } else { "?" }, fields.join(" "))
            }
            Err(problem) => format!("{}: {}", problem.span.start, problem.message),
        };
        let ours: Vec<String> = read(text).map(words).collect();
        assert_eq!(ours, expected, "{text}");
    }

    fn shown(raw: &Raw<'_>) -> String {
        match raw {
            Raw::Null => "null".to_owned(),
            Raw::Bool(value) => value.to_string(),
            Raw::Number(number) => (*number).to_owned(),
            Raw::Text(text) => text.to_string(),
            Raw::Bytes(bytes) => format!("{bytes:?}"),
            Raw::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(",")),
        }
    }

    #[test]
    fn forms_of_events() {
        check(r#"{"evt.type":"open","fd.num":-1,"fd.name":null}"#, &["evt.type=open fd.num=-1 fd.name=null"]);
        check(
            r#"{"rule":"r","priority":"Error","output":"x","tags":["a"],"output_fields":{"proc.name":"sh"}}"#,
            &["?proc.name=sh"],
        );
        check(r#"{"rule":"r","priority":"Error","output":"x"}"#, &["?"]);
        check(r#"{"id":"a","attack":"T1611","event":{"proc.aname":{"$ancestors":["a","b"]}}}"#, &["proc.aname=[a,b]"]);
        check(r#"{"fields":{"evt.buffer":{"$hex":"00ff"}},"expect":["R"]}"#, &["evt.buffer=[0, 255]"]);
    }

    #[test]
    fn several_events() {
        check("{\"a.b\":1}\n\n{\"a.b\":2}\n", &["a.b=1", "a.b=2"]);
        check("[{\"a.b\":1},\n{\"a.b\":2}]", &["a.b=1", "a.b=2"]);
        check("{\"a.b\":1},{\"a.b\":2}", &["a.b=1", "a.b=2"]);
        check("{\n \"a.b\": 1\n}", &["a.b=1"]);
        check("", &[]);
        check("[]", &[]);
    }

    #[test]
    fn reading_goes_on_behind_an_error() {
        check(
            "{\"a.b\":1}\n{\"a.b\":}\nnonsense\n{\"a.b\":2}",
            &[
                "a.b=1",
                "17: a value is expected here: text in double quotes, a number, true, false, null, { or [",
                "19: an event is expected here: a JSON object in braces",
                "a.b=2",
            ],
        );
        check("[{\"a.b\":1}", &["a.b=1", "10: a comma or a closing bracket is expected here"]);
        check("{\"a.b\":{\"c\":1}}", &["8: a field has no object as its value"]);
        check("{\"a.b\"", &["6: a colon is expected here"]);
    }
}
