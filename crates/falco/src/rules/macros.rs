//! Macros in conditions: the tree of the macro takes the place of its name.

use std::collections::HashMap;
use std::sync::Arc;

use super::budget::pay;
use crate::condition::{Expr, ExprKind, MacroUse, Place};

/// How deep a condition may nest with all macros in their place. The engine has no such limit but its stack.
pub const DEPTH: u32 = 1000;
/// How many parts a condition may have with all macros in their place. The engine has no such limit but its memory.
pub const SIZE: u64 = 1_000_000;

/// A macro's condition.
pub(super) struct Macro {
    /// As it was read, or with the macros in it expanded; none when it could not be read.
    pub(super) condition: Option<Arc<Expr>>,
    /// How long its text is, with lists in their place.
    pub(super) bytes: usize,
    /// Levels and parts, once it is expanded.
    pub(super) measure: Option<Measure>,
    /// Whether anything names it.
    pub(super) used: bool,
}

/// How large a tree is with all macros in their place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    depth: u32,
    size: u64,
    /// Bytes of its text and of those of the macros in it.
    pub(super) written: usize,
}

/// Why a condition cannot be expanded.
pub(super) struct Failure {
    pub(super) kind: FailureKind,
    pub(super) message: String,
    pub(super) place: Place,
}

/// Whose word a failure is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FailureKind {
    /// The engine's: a loop.
    Loop,
    /// The engine's: a macro that is not there.
    Unknown,
    /// Ours: larger than [`DEPTH`] or [`SIZE`].
    Limit,
    /// A macro that has been complained about already.
    Broken,
}

struct Expander<'m> {
    macros: &'m mut [Macro],
    sees: &'m dyn Fn(&str) -> Option<usize>,
    path: Vec<usize>,
    /// What was expanded on the way, of macros that are not expanded for good.
    done: HashMap<usize, Arc<Expr>>,
    loops: Option<Failure>,
    unknown: Option<Failure>,
    depth: u32,
    used: Vec<usize>,
    /// How many macros may still be put in place before their own turn.
    ahead: &'m mut usize,
}

fn too_large(place: Place) -> Failure {
    let message = "macros within macros make this condition too large to look at".to_owned();
    Failure { kind: FailureKind::Limit, message, place }
}

/// Expands a condition of so many bytes; `sees` gives the macros that it may name, and `ahead` is how many of them may be put
/// in place before their own turn.
pub(super) fn expand(
    expr: &mut Expr,
    bytes: usize,
    macros: &mut [Macro],
    sees: &dyn Fn(&str) -> Option<usize>,
    ahead: &mut usize,
) -> Result<Measure, Failure> {
    let mut expander = Expander {
        macros,
        sees,
        path: Vec::new(),
        done: HashMap::new(),
        loops: None,
        unknown: None,
        depth: 0,
        used: Vec::new(),
        ahead,
    };
    expander.visit(expr);
    let Expander { loops, unknown, used, macros, .. } = expander;
    if let Some(failure) = loops.or(unknown) {
        return Err(failure);
    }
    for index in used {
        if let Some(one) = macros.get_mut(index) {
            one.used = true;
        }
    }
    let mut measure = Measurer { macros, sees, known: HashMap::new() }.measure(expr);
    measure.written = measure.written.saturating_add(bytes);
    if measure.depth > DEPTH || measure.size > SIZE {
        return Err(too_large(expr.place));
    }
    Ok(measure)
}

impl Expander<'_> {
    fn visit(&mut self, expr: &mut Expr) {
        let place = expr.place;
        self.depth += 1;
        if self.depth > DEPTH {
            self.loops.get_or_insert(too_large(place));
            self.depth -= 1;
            return;
        }
        match &mut expr.kind {
            ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter_mut().for_each(|part| self.visit(part)),
            ExprKind::Not(part) => self.visit(part),
            ExprKind::Check(_) => {}
            ExprKind::Macro(one) => {
                if one.body.is_none() {
                    one.body = self.body(&one.name, place);
                }
            }
        }
        self.depth -= 1;
    }

    fn body(&mut self, name: &str, place: Place) -> Option<Arc<Expr>> {
        let Some(index) = (self.sees)(name) else {
            let message = ["Undefined macro '", name, "' used in filter."].concat();
            self.unknown.get_or_insert(Failure { kind: FailureKind::Unknown, message, place });
            return None;
        };
        if self.path.contains(&index) {
            let message = ["reference loop in macro '", name, "'"].concat();
            self.loops.get_or_insert(Failure { kind: FailureKind::Loop, message, place });
            return None;
        }
        let one = self.macros.get(index)?;
        self.used.push(index);
        if one.condition.is_none() {
            let message = String::new();
            self.unknown.get_or_insert(Failure { kind: FailureKind::Broken, message, place });
        }
        if one.measure.is_some() {
            return one.condition.clone();
        }
        if let Some(done) = self.done.get(&index) {
            return Some(Arc::clone(done));
        }
        // The way here is searched at each step.
        if pay(self.ahead, 1 + self.path.len() / 8).is_err() {
            self.loops.get_or_insert(too_large(place));
            return None;
        }
        let mut condition = Expr::clone(one.condition.as_deref()?);
        self.path.push(index);
        self.visit(&mut condition);
        self.path.pop();
        let body = Arc::new(condition);
        self.done.insert(index, Arc::clone(&body));
        Some(body)
    }
}

/// Measures a condition. Those of macros that are not expanded for good are measured once, however often they are named.
struct Measurer<'m> {
    macros: &'m [Macro],
    sees: &'m dyn Fn(&str) -> Option<usize>,
    known: HashMap<usize, Measure>,
}

impl Measurer<'_> {
    fn measure(&mut self, expr: &Expr) -> Measure {
        if let ExprKind::Macro(MacroUse { name, body: Some(body) }) = &expr.kind {
            let Measure { depth, size, written } = self.of_macro(name, body);
            return Measure { depth: depth.saturating_add(1), size: size.saturating_add(1), written };
        }
        let mut total = Measure { depth: 0, size: 1, written: 0 };
        for child in expr.children() {
            let Measure { depth, size, written } = self.measure(child);
            total.depth = total.depth.max(depth);
            total.size = total.size.saturating_add(size);
            total.written = total.written.saturating_add(written);
        }
        total.depth += 1;
        total
    }

    fn of_macro(&mut self, name: &str, body: &Arc<Expr>) -> Measure {
        let one = (self.sees)(name).and_then(|index| self.macros.get(index));
        if let Some(measure) = one.and_then(|one| one.measure) {
            return measure;
        }
        let address = Arc::as_ptr(body).addr();
        if let Some(measure) = self.known.get(&address) {
            return *measure;
        }
        let mut measure = self.measure(body);
        measure.written = measure.written.saturating_add(one.map_or(0, |one| one.bytes));
        self.known.insert(address, measure);
        measure
    }
}
