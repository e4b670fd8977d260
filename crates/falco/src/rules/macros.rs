//! Macros in conditions: the tree of the macro takes the place of its name.

use std::sync::Arc;

use crate::condition::{Expr, ExprKind, MacroUse, Place};

/// How deep a condition may nest with all macros in their place. The engine has no such limit but its stack.
pub const DEPTH: u32 = 1000;
/// How many parts a condition may have with all macros in their place. The engine has no such limit but its memory.
pub const SIZE: u64 = 1_000_000;

/// A macro's condition.
pub(super) struct Macro {
    /// As it was read, or with the macros in it expanded; none when it could not be read.
    pub(super) condition: Option<Arc<Expr>>,
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
    done: Vec<Option<Option<Arc<Expr>>>>,
    loops: Option<Failure>,
    unknown: Option<Failure>,
    depth: u32,
    used: Vec<usize>,
}

fn too_large(place: Place) -> Failure {
    let message = "macros within macros make this condition too large to look at".to_owned();
    Failure { kind: FailureKind::Limit, message, place }
}

/// Expands a condition; `sees` gives the macros that it may name.
pub(super) fn expand(
    expr: &mut Expr,
    macros: &mut [Macro],
    sees: &dyn Fn(&str) -> Option<usize>,
) -> Result<Measure, Failure> {
    let mut expander = Expander {
        macros,
        sees,
        path: Vec::new(),
        done: Vec::new(),
        loops: None,
        unknown: None,
        depth: 0,
        used: Vec::new(),
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
    let measure = measure(expr, macros, sees);
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
        if let Some(Some(done)) = self.done.get(index) {
            return done.clone();
        }
        let mut condition = Expr::clone(one.condition.as_deref()?);
        self.path.push(index);
        self.visit(&mut condition);
        self.path.pop();
        let body = Some(Arc::new(condition));
        if self.done.len() <= index {
            self.done.resize(index + 1, None);
        }
        if let Some(done) = self.done.get_mut(index) {
            *done = Some(body.clone());
        }
        body
    }
}

fn measure(expr: &Expr, macros: &[Macro], sees: &dyn Fn(&str) -> Option<usize>) -> Measure {
    if let ExprKind::Macro(MacroUse { name, body: Some(_) }) = &expr.kind {
        let known = sees(name).and_then(|index| macros.get(index)?.measure);
        if let Some(Measure { depth, size }) = known {
            return Measure { depth: depth.saturating_add(1), size: size.saturating_add(1) };
        }
    }
    let mut total = Measure { depth: 0, size: 1 };
    for child in expr.children() {
        let Measure { depth, size } = measure(child, macros, sees);
        total.depth = total.depth.max(depth);
        total.size = total.size.saturating_add(size);
    }
    total.depth += 1;
    total
}
