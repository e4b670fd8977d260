//! How much is done for a set of rules. Lists and macros let a few bytes stand for many, and through aliases an item is read
//! many times; memory and time go with the length of the files all the same. The engine has no such limits but the machine's.

use std::collections::HashMap;

use watertight_text::Span;
use watertight_yaml::{Document, Node};

/// What there is of something: a fixed part that is far more than any set of rules in use takes, and so much for each byte
/// of the files, in hundredths.
type Share = (usize, usize);

/// Bytes of lists with the lists in them in their place, and some more for each item.
const LISTS: Share = (400_000, 300);
/// Bytes of conditions with lists in their place. Each takes some ten in memory, as long as the rules are there.
const KEPT: Share = (1_200_000, 50);
/// Bytes of conditions with macros in their place as well. They are shared, but everything looks at all of them for each
/// rule.
const WRITTEN: Share = (4_000_000, 100);
/// A rule takes as much time as so many bytes of its condition, however short that is.
pub(super) const RULE: usize = 200;
/// Bytes that are moved or searched while lists are put in their place: a hundred times what the rules that come with Falco
/// take.
const MOVED: Share = (10_000_000, 800);
/// Macros that are put in place on the way to others, before their own turn.
const AHEAD: Share = (100_000, 100);
/// Names in the sets of event types that are kept for rules.
const NAMES: Share = (100_000, 100);

/// Values in a file that are read. A list of single letters takes a hundred times its text.
const VALUES: (usize, usize) = (50_000, 6);

/// What is left for the rules of a set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pub(super) lists: usize,
    pub(super) kept: usize,
    pub(super) written: usize,
    pub(super) moved: usize,
    pub(super) ahead: usize,
    pub(super) names: usize,
}

/// There is not enough left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct TooMuch;

impl Budget {
    /// What there is for files of so many bytes.
    pub(super) fn of(bytes: usize) -> Self {
        // In an order that holds in 32 bits.
        let all = |(base, each): Share| base + bytes / 100 * each + bytes % 100 * each / 100;
        Self {
            lists: all(LISTS),
            kept: all(KEPT),
            written: all(WRITTEN),
            moved: all(MOVED),
            ahead: all(AHEAD),
            names: all(NAMES),
        }
    }
}

/// Takes so much of what is left. What is too much takes nothing, so that what is smaller still has its turn.
pub(super) fn pay(left: &mut usize, cost: usize) -> Result<(), TooMuch> {
    *left = left.checked_sub(cost).ok_or(TooMuch)?;
    Ok(())
}

/// Whether the documents of a file up to one of them have so many values that it is not read: very many very short ones.
pub(super) struct Values {
    left: usize,
}

impl Values {
    /// What a file of so many bytes may have.
    pub(super) fn of(bytes: usize) -> Self {
        let (base, each) = VALUES;
        Self { left: base + bytes / each }
    }

    /// Pays for a document.
    pub(super) fn pay(&mut self, document: &Document<'_>) -> Result<(), TooMuch> {
        pay(&mut self.left, document.node_count())
    }
}

/// Where the aliases of a document begin that make much more of it than stands there; none when they do not.
pub(super) fn multiplying_alias<'d>(document: &'d Document<'_>) -> Option<Node<'d>> {
    /// Nodes that every document may have with its aliases written out, and how often its own may be there.
    const NODES: (usize, usize) = (20_000, 2);
    if !document.has_aliases() {
        return None;
    }
    let root = document.root()?;
    let (least, times) = NODES;
    let many = || written_out(root, &mut HashMap::new()) > least + times * document.node_count();
    (document.multiplies() || many()).then(|| first_alias(root)).flatten()
}

/// How many nodes there are with all aliases written out. An alias stands behind what it names, so that is counted by then.
/// How deep this goes is limited by the depth of documents.
fn written_out(node: Node<'_>, anchored: &mut HashMap<Span, usize>) -> usize {
    if node.is_alias() {
        return anchored.get(&node.content().span()).copied().unwrap_or(1);
    }
    let items = node.items().map(|item| written_out(item, anchored)).fold(1, usize::saturating_add);
    let entries = node
        .written_entries()
        .map(|entry| written_out(entry.key, anchored).saturating_add(written_out(entry.value, anchored)));
    let size = entries.fold(items, usize::saturating_add);
    if node.anchor().is_some() {
        anchored.insert(node.span(), size);
    }
    size
}

fn first_alias(node: Node<'_>) -> Option<Node<'_>> {
    if node.is_alias() {
        return Some(node);
    }
    let mut entries = node.written_entries().flat_map(|entry| [entry.key, entry.value]);
    node.items().find_map(first_alias).or_else(|| entries.find_map(first_alias))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In the page a number has 32 bits.
    #[test]
    fn large_files_have_their_share() {
        let budget = Budget::of(10_000_000);
        assert_eq!((budget.moved, budget.kept), (90_000_000, 6_200_000));
        for (base, each) in [LISTS, KEPT, WRITTEN, MOVED, AHEAD, NAMES] {
            assert!(u32::try_from(base + 10_000_000 / 100 * each).is_ok(), "{base} and {each}");
        }
    }

    #[test]
    fn aliases_multiply() {
        let items = |text: &str, count: usize| text.repeat(count);
        for (text, expected) in [
            ("- list: a\n  items: [b]\n".to_owned(), None),
            ("- list: &n a\n  items: [*n, b]\n".to_owned(), None),
            (format!("- &n {}\n{}", "a".repeat(10_000), items("- *n\n", 10)), None),
            (format!("- &n {}\n{}", "a".repeat(10_000), items("- *n\n", 100)), Some("*n")),
            (format!("- &n [{}]\n{}", items("'',", 1_000), items("- *n\n", 100)), Some("*n")),
            (
                "- &a [x,x,x,x,x,x,x,x]\n".to_owned()
                    + &(b'b'..b'h')
                        .map(|at| format!("- &{0} [{1}]\n", at as char, items(&format!("*{},", (at - 1) as char), 8)))
                        .collect::<String>(),
                Some("*a"),
            ),
        ] {
            let stream = watertight_yaml::parse(&text);
            let found = multiplying_alias(&stream.documents[0]).map(|alias| alias.span().slice(&text));
            assert_eq!(found, expected, "{text:.60}");
        }
    }

    #[test]
    fn what_is_too_much_takes_nothing() {
        let mut left = 10;
        let paid: Vec<bool> = [6, 6, 4, 1].iter().map(|cost| pay(&mut left, *cost).is_ok()).collect();
        assert_eq!(paid, [true, false, true, false]);
    }
}
