//! The little of Markdown that the documentation of rules uses, as data. What is not understood stays text.

/// A block.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    /// A heading, whatever its depth.
    Heading(Vec<Inline>),
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list; the items hold inline text only.
    List {
        /// Whether it is numbered.
        ordered: bool,
        /// Its items.
        items: Vec<Vec<Inline>>,
    },
    /// Code between fences.
    Code(String),
}

/// A piece of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Inline {
    /// Text.
    Text(String),
    /// Between backquotes.
    Code(String),
    /// Between two asterisks.
    Strong(String),
    /// Between single asterisks.
    Emphasis(String),
    /// A link to another site; only `https`.
    Link {
        /// What is shown.
        text: String,
        /// Where it goes.
        address: String,
    },
}

/// Reads a text. Never fails, and never makes markup of it.
pub fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open = Open::None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") {
            open.close(&mut blocks);
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.trim_start().starts_with("```")).collect();
            blocks.push(Block::Code(code.join("\n")));
        } else if trimmed.is_empty() {
            open.close(&mut blocks);
        } else if let Some(heading) = heading(trimmed) {
            open.close(&mut blocks);
            blocks.push(Block::Heading(inline(heading)));
        } else if let Some((ordered, item)) = item(trimmed) {
            open.item(ordered, item, &mut blocks);
        } else {
            open.line(trimmed, &mut blocks);
        }
    }
    open.close(&mut blocks);
    blocks
}

/// The block whose end has not been seen yet.
enum Open {
    None,
    Paragraph(String),
    List(bool, Vec<String>),
}

impl Open {
    fn close(&mut self, blocks: &mut Vec<Block>) {
        match std::mem::replace(self, Self::None) {
            Self::None => {}
            Self::Paragraph(text) => blocks.push(Block::Paragraph(inline(&text))),
            Self::List(ordered, items) => {
                blocks.push(Block::List { ordered, items: items.iter().map(|item| inline(item)).collect() });
            }
        }
    }

    fn item(&mut self, ordered: bool, text: &str, blocks: &mut Vec<Block>) {
        match self {
            Self::List(same, items) if *same == ordered => items.push(text.to_owned()),
            _ => {
                self.close(blocks);
                *self = Self::List(ordered, vec![text.to_owned()]);
            }
        }
    }

    fn line(&mut self, text: &str, blocks: &mut Vec<Block>) {
        let unfinished = match self {
            Self::Paragraph(paragraph) => Some(paragraph),
            Self::List(_, items) => items.last_mut(),
            Self::None => None,
        };
        match unfinished {
            Some(unfinished) => {
                unfinished.push(' ');
                unfinished.push_str(text);
            }
            None => {
                self.close(blocks);
                *self = Self::Paragraph(text.to_owned());
            }
        }
    }
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let depth = line.len() - text.len();
    ((1..=6).contains(&depth)).then(|| text.strip_prefix(' ')).flatten()
}

fn item(line: &str) -> Option<(bool, &str)> {
    if let Some(text) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some((false, text));
    }
    let (number, text) = line.split_once(". ")?;
    (!number.is_empty() && number.len() <= 3 && number.bytes().all(|b| b.is_ascii_digit())).then_some((true, text))
}

/// Reads the pieces of a line.
pub fn inline(text: &str) -> Vec<Inline> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        match piece(rest) {
            Some((piece, after)) => {
                flush(&mut plain, &mut pieces);
                pieces.push(piece);
                rest = after;
            }
            None => {
                plain.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    flush(&mut plain, &mut pieces);
    pieces
}

fn flush(plain: &mut String, pieces: &mut Vec<Inline>) {
    if !plain.is_empty() {
        pieces.push(Inline::Text(std::mem::take(plain)));
    }
}

fn piece(text: &str) -> Option<(Inline, &str)> {
    if let Some(rest) = text.strip_prefix('`') {
        let (code, after) = rest.split_once('`')?;
        return (!code.is_empty()).then(|| (Inline::Code(code.to_owned()), after));
    }
    if let Some(rest) = text.strip_prefix("**") {
        let (strong, after) = rest.split_once("**")?;
        return (!strong.is_empty()).then(|| (Inline::Strong(strong.to_owned()), after));
    }
    if let Some(rest) = text.strip_prefix('*') {
        let (words, after) = rest.split_once('*')?;
        let tight = !words.is_empty() && !words.starts_with(' ') && !words.ends_with(' ');
        return tight.then(|| (Inline::Emphasis(words.to_owned()), after));
    }
    if let Some(rest) = text.strip_prefix('[') {
        let (label, rest) = rest.split_once("](")?;
        let (address, after) = rest.split_once(')')?;
        let fine = !label.contains(['[', ']']) && address.starts_with("https://");
        return fine.then(|| (Inline::Link { text: label.to_owned(), address: address.to_owned() }, after));
    }
    let rest = text.strip_prefix('<')?;
    let (address, after) = rest.split_once('>')?;
    let fine = address.starts_with("https://") && !address.contains(char::is_whitespace);
    fine.then(|| (Inline::Link { text: address.to_owned(), address: address.to_owned() }, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    #[test]
    fn the_documentation_of_a_rule() {
        let blocks =
            parse("## Why\nA `hostPID: true` line\ngoes on.\n\n- one\n- two\n  and more\n\n```yaml\na:\n  b: 1\n```\n");
        assert_eq!(
            blocks,
            [
                Block::Heading(vec![text("Why")]),
                Block::Paragraph(vec![text("A "), Inline::Code("hostPID: true".into()), text(" line goes on.")]),
                Block::List { ordered: false, items: vec![vec![text("one")], vec![text("two and more")]] },
                Block::Code("a:\n  b: 1".into()),
            ]
        );
    }

    #[test]
    fn what_is_not_understood_stays_text() {
        for plain in
            ["<b>bold</b>", "[x](javascript:alert)", "[x](http://a)", "a * b * c", "`", "**", "<https://a b>", "[a"]
        {
            assert_eq!(inline(plain), [text(plain)], "{plain}");
        }
        assert_eq!(
            inline("see [docs](https://k8s.io/x)."),
            [text("see "), Inline::Link { text: "docs".into(), address: "https://k8s.io/x".into() }, text(".")]
        );
    }

    #[test]
    fn any_text_is_read() {
        for hostile in
            ["```", "```\nnever closed", "####### seven", "-", "- ", "1234. x", "\u{0}", "[](https://)", "*é*ß`漢"]
        {
            parse(hostile);
        }
    }
}
