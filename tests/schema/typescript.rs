//! From JSON schema to TypeScript, for the part of JSON schema that our types make.

use serde_json::{Map, Value};

const HEAD: &str = "// Made from the Rust types by tests/schema. Do not edit.\n";

/// One exported type for each definition.
pub(crate) fn declarations(definitions: &Map<String, Value>) -> String {
    let mut out = HEAD.to_owned();
    for (name, schema) in definitions {
        out.push('\n');
        out.push_str(&comment(schema, ""));
        out.push_str(&format!("export type {} = {};\n", identifier(name), of(schema, "")));
    }
    out
}

fn identifier(name: &str) -> String {
    name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect()
}

fn comment(schema: &Value, indent: &str) -> String {
    match schema.get("description").and_then(Value::as_str) {
        // Links into the Rust documentation lead nowhere here.
        Some(text) => format!(
            "{indent}/** {} */\n",
            text.replace("[`", "`")
                .replace("`]", "`")
                .replace("`None`", "`null`")
                .replace("\n\n", " ")
                .replace('\n', " ")
        ),
        None => String::new(),
    }
}

fn of(schema: &Value, indent: &str) -> String {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        // A variant that holds another type carries its tag beside that type's fields.
        let tagged = schema.get("properties").is_some();
        return if tagged { object(schema, indent) } else { identifier(name.rsplit('/').next().unwrap_or(name)) };
    }
    if let Some(value) = schema.get("const") {
        return value.to_string();
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().map(Value::to_string).collect::<Vec<_>>().join(" | ");
    }
    let alternatives = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array);
    if let Some(alternatives) = alternatives {
        return alternatives.iter().map(|alternative| of(alternative, indent)).collect::<Vec<_>>().join(" | ");
    }
    match schema.get("type") {
        Some(Value::String(kind)) => of_kind(kind, schema, indent),
        Some(Value::Array(kinds)) => {
            let kinds: Vec<_> =
                kinds.iter().filter_map(Value::as_str).map(|kind| of_kind(kind, schema, indent)).collect();
            kinds.join(" | ")
        }
        _ => "unknown".to_owned(),
    }
}

fn of_kind(kind: &str, schema: &Value, indent: &str) -> String {
    match kind {
        "string" | "boolean" | "null" => kind.to_owned(),
        "integer" | "number" => "number".to_owned(),
        "array" => {
            let item = schema.get("items").map_or_else(|| "unknown".to_owned(), |items| of(items, indent));
            if item.contains(' ') { format!("({item})[]") } else { format!("{item}[]") }
        }
        _ => object(schema, indent),
    }
}

fn object(schema: &Value, indent: &str) -> String {
    let required: Vec<&str> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let inner = format!("{indent}  ");
    let mut out = "{\n".to_owned();
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let optional = if required.contains(&name.as_str()) { "" } else { "?" };
        out.push_str(&comment(property, &inner));
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        let name = if plain { name.clone() } else { Value::from(name.as_str()).to_string() };
        out.push_str(&format!("{inner}{name}{optional}: {};\n", of(property, &inner)));
    }
    out.push_str(indent);
    out.push('}');
    match schema.get("$ref").and_then(Value::as_str) {
        Some(name) => format!("{} & {out}", identifier(name.rsplit('/').next().unwrap_or(name))),
        None => out,
    }
}
