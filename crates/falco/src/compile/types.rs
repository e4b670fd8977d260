//! The types of fields and calls, and which operators and comparisons they allow.

use crate::condition::{Call, Modifier, Operand, Operator, Transformer};
use crate::fields::ValueType;

use super::field::resolve;
use super::{Problem, Resolved};

/// What a field or call gives.
#[derive(Clone, Copy, Debug)]
pub struct Typed {
    /// The type of each value.
    pub value: ValueType,
    /// Whether it gives any number of values.
    pub list: bool,
    /// The field at its heart; none for constants and what is put together from several arguments.
    pub field: Option<Resolved>,
    /// The engine's own name for it.
    name: &'static str,
    /// Whether there is a list before anything was done to it, which the engine mentions.
    transformable: bool,
    comparable: bool,
}

impl Typed {
    fn made(list: bool) -> Self {
        let name = if list { "INTERNAL" } else { "NA" };
        Self { value: ValueType::String, list, field: None, name, transformable: true, comparable: true }
    }
}

/// The type of a field or call, or the engine's complaint about it.
pub(super) fn operand(one: &Operand) -> Result<Typed, Problem> {
    match one {
        Operand::Field(field) => {
            let resolved = resolve(field).map_err(|message| Problem { place: field.place, message })?;
            Ok(Typed {
                value: resolved.value,
                list: resolved.list,
                field: Some(resolved),
                name: resolved.field.name,
                transformable: !resolved.field.no_transformer(),
                comparable: !resolved.field.no_rhs(),
            })
        }
        Operand::Value(_) => Ok(Typed::made(false)),
        Operand::List(list) => {
            for item in &list.items {
                operand(item)?;
            }
            Ok(Typed::made(true))
        }
        Operand::Call(call) => typed_call(call),
    }
}

fn typed_call(call: &Call) -> Result<Typed, Problem> {
    let name = call.transformer.word();
    let complain = |parts: &[&str]| Problem { place: call.place, message: parts.concat() };
    let arguments = call.arguments.iter().map(operand).collect::<Result<Vec<_>, _>>()?;
    if let [argument] = arguments.as_slice() {
        if is_several(call.transformer) {
            return Err(complain(&["unknown field transfomer '", name, "'"]));
        }
        if call.key.is_some() {
            return Err(complain(&["filter error: transformer '", name, "' does not support field arguments"]));
        }
        return transformed(call, *argument);
    }
    several(call.transformer, &arguments).map_err(|message| complain(&[message]))?;
    let key = call.key.as_ref();
    match (call.transformer, key) {
        (Transformer::GetOpt, Some(key)) if key.bytes.len() != 1 => {
            Err(complain(&["getopt() field argument must be a single option character"]))
        }
        (Transformer::GetOpt, key) => Ok(Typed::made(key.is_none())),
        (_, Some(_)) => Err(complain(&["transformer '", name, "' does not support field arguments"])),
        (_, None) => Ok(Typed::made(false)),
    }
}

fn is_several(transformer: Transformer) -> bool {
    matches!(transformer, Transformer::Join | Transformer::Concat | Transformer::GetOpt)
}

fn transformed(call: &Call, argument: Typed) -> Result<Typed, Problem> {
    let name = call.transformer.word();
    let complain = |parts: &[&str]| Err(Problem { place: call.place, message: parts.concat() });
    if call.transformer == Transformer::Val {
        return Ok(argument);
    }
    if !argument.transformable {
        return complain(&["field '", argument.name, "' does not support transformers"]);
    }
    let string = matches!(argument.value, ValueType::String | ValueType::Path | ValueType::RelativePath);
    let bytes = argument.value == ValueType::Bytes;
    let supported = match call.transformer {
        Transformer::B64 => bytes || argument.value == ValueType::String,
        Transformer::Len => argument.list || string || bytes,
        _ => string,
    };
    if !supported {
        return complain(&[
            "can't add field transformer: type '",
            argument.value.name(),
            "' is not supported by '",
            name,
            "' transformer applied on ",
            if argument.list { "list " } else { "" },
            "field '",
            argument.name,
            "'",
        ]);
    }
    if call.transformer == Transformer::Len {
        return Ok(Typed { value: ValueType::U64, list: false, ..argument });
    }
    Ok(argument)
}

/// Whether the arguments suit a transformer of several.
fn several(transformer: Transformer, arguments: &[Typed]) -> Result<(), &'static str> {
    let [first, rest @ ..] = arguments else { return Ok(()) };
    let complaint = match transformer {
        Transformer::Join if rest.len() != 1 => "join() requires exactly 2 arguments: separator and list",
        Transformer::Join if first.list => "join() first argument (separator) must be a single value, not a list",
        Transformer::Join if rest.iter().any(|one| !one.list) => "join() second argument must be a list",
        Transformer::Concat if arguments.iter().any(|one| one.list || one.value != ValueType::String) => {
            "concat() arguments must be strings"
        }
        Transformer::GetOpt if rest.len() != 1 => "getopt() requires exactly 2 arguments: args list and optstring",
        Transformer::GetOpt if !first.list => "getopt() first argument must be a list",
        Transformer::GetOpt if rest.iter().any(|one| one.list) => {
            "getopt() second argument (optstring) must be a single value"
        }
        Transformer::GetOpt if arguments.iter().any(|one| one.value != ValueType::String) => {
            "getopt() arguments must be strings"
        }
        Transformer::Join | Transformer::Concat | Transformer::GetOpt => return Ok(()),
        _ => "unknown multivalue transformer",
    };
    Err(complaint)
}

/// How the engine groups types when it asks whether an operator suits.
fn group(value: ValueType) -> Option<(&'static str, &'static [Operator])> {
    use Operator::{
        BContains, BStartsWith, Contains, EndsWith, Equal, Glob, Greater, GreaterOrEqual, IContains, IGlob, In,
        Intersects, Less, LessOrEqual, NotEqual, PMatch, Regex, StartsWith,
    };
    const NUMBER: &[Operator] = &[Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, In, Intersects];
    const BOOL: &[Operator] = &[Equal, NotEqual, In, Intersects];
    const STRING: &[Operator] = &[
        Equal,
        NotEqual,
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        Contains,
        IContains,
        StartsWith,
        EndsWith,
        Glob,
        IGlob,
        Regex,
        In,
        Intersects,
        PMatch,
    ];
    const BYTES: &[Operator] =
        &[Equal, NotEqual, Contains, StartsWith, EndsWith, BContains, BStartsWith, In, Intersects];
    Some(match value {
        ValueType::Bool => ("numeric", BOOL),
        ValueType::String | ValueType::Path | ValueType::RelativePath => ("string", STRING),
        ValueType::Bytes => ("buffer", BYTES),
        ValueType::IpAddress | ValueType::IpNetwork => ("ip address and network", BOOL),
        ValueType::Uid
        | ValueType::Gid
        | ValueType::SignalSet
        | ValueType::SocketAddress
        | ValueType::SocketTuple
        | ValueType::FdList
        | ValueType::Dynamic => return None,
        _ => ("numeric", NUMBER),
    })
}

/// The engine's complaint when a type cannot be compared by an operator.
pub(super) fn operator(typed: &Typed, operator: Operator, modifier: Option<Modifier>) -> Option<String> {
    let word = operator.word();
    if operator == Operator::Exists {
        return None;
    }
    let complaint = if typed.list {
        let allowed = matches!(
            typed.value,
            ValueType::String
                | ValueType::U64
                | ValueType::Duration
                | ValueType::Time
                | ValueType::Bool
                | ValueType::IpAddress
                | ValueType::IpNetwork
        );
        if !allowed {
            ["list filters are not supported for type '", typed.value.name(), "'"].concat()
        } else if matches!(operator, Operator::In | Operator::Intersects) {
            return None;
        } else {
            ["'", word, "' operator not supported list filters"].concat()
        }
    } else if let Some((group, operators)) = group(typed.value) {
        if operators.contains(&operator) {
            return None;
        }
        let with = if modifier.is_some() && group.starts_with("ip") { "with modifier" } else { "operator" };
        ["'", word, "' ", with, " not supported for ", group, " filters"].concat()
    } else {
        ["'", word, "' operator not supported for type '", typed.value.name(), "'"].concat()
    };
    Some(["filter error: ", &complaint].concat())
}

/// The engine's complaint when two fields cannot be compared.
pub(super) fn comparison(left: &Typed, operator: Operator, right: &Typed) -> Option<String> {
    let complaint: &[&str] = if matches!(operator, Operator::PMatch | Operator::Regex) {
        let name = if operator == Operator::Regex { "REGEX" } else { "PMATCH" };
        &["operator '", name, "' doesn't support right-hand side fields"]
    } else if left.value == ValueType::IpNetwork {
        &["field type 'IPNET' doesn't support right-hand side fields"]
    } else if !left.comparable {
        &["field '", left.name, "' doesn't support right-hand side fields"]
    } else if !right.comparable {
        &["field '", right.name, "' can't be used as a right-hand side field"]
    } else if left.value != right.value || left.list != right.list {
        let list = |one: &Typed| if one.list { " (list)" } else { "" };
        &[
            "field '",
            left.name,
            "' has type '",
            left.value.name(),
            list(left),
            "' while the right-hand side field '",
            right.name,
            "' has incompatible type '",
            right.value.name(),
            list(right),
            "'",
        ]
    } else {
        return None;
    };
    Some(complaint.concat())
}
