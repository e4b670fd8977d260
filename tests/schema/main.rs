//! The shapes of the data that leave the core, as files for other programs: a JSON schema of the reports, and TypeScript
//! types of the reports and of the worker's messages. The files are made here from the Rust types, so they cannot drift.
//!
//! `UPDATE=1 cargo test -p watertight-tests --test schema` writes them anew.

#![allow(clippy::expect_used, reason = "a test stops where a schema cannot be made")]

mod typescript;

use std::path::Path;
use std::{env, fs};

use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::{Map, Value, json};
use watertight::diagnostic::ask::escape::{EscapeAsk, EscapeReport};
use watertight::diagnostic::ask::falco::FalcoReport;
use watertight::diagnostic::report::{HardenReport, Report};
use watertight_worker::message::{Numbered, Reply, Request};

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().for_serialize().into_generator()
}

fn definitions(mut generator: SchemaGenerator) -> Map<String, Value> {
    let mut definitions = generator.take_definitions(true);
    definitions.sort_keys();
    definitions
}

fn schema() -> String {
    let mut generator = generator();
    generator.subschema_for::<Report>();
    generator.subschema_for::<HardenReport>();
    generator.subschema_for::<EscapeReport>();
    generator.subschema_for::<FalcoReport>();
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Watertight reports, version 1",
        "oneOf": [{ "$ref": "#/$defs/Report" }, { "$ref": "#/$defs/HardenReport" }, { "$ref": "#/$defs/EscapeReport" }, { "$ref": "#/$defs/FalcoReport" }],
        "$defs": definitions(generator),
    });
    let mut text = serde_json::to_string_pretty(&schema).expect("a schema is plain data");
    text.push('\n');
    text
}

fn types() -> String {
    let mut generator = generator();
    generator.subschema_for::<Report>();
    generator.subschema_for::<HardenReport>();
    generator.subschema_for::<EscapeReport>();
    generator.subschema_for::<FalcoReport>();
    generator.subschema_for::<Numbered<Request>>();
    generator.subschema_for::<Numbered<Reply>>();
    typescript::declarations(&definitions(generator))
}

fn check(file: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../static").join(file);
    if env::var_os("UPDATE").is_some() {
        fs::write(&path, expected).expect("static/ can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "static/{file} does not fit the Rust types. `UPDATE=1 cargo test -p watertight-tests --test schema` writes it."
    );
}

#[test]
fn the_schema_fits_the_types() {
    check("report.schema.json", &schema());
}

#[test]
fn the_typescript_types_fit_the_types() {
    check("watertight.d.ts", &types());
}

/// Every field of a real report is one that the schema knows, and every required one is there.
#[test]
fn a_report_fits_its_schema() {
    let text = watertight_tests::manifest(3);
    let input = [watertight::Input { name: "pods.yaml", text: &text }];
    let settings = watertight::diagnostic::Settings::default();
    let report = watertight::analyse(&input, &settings, watertight::text::Encoding::Utf16);
    let hardened = watertight::harden(&input, &settings);
    let ask = EscapeAsk { fixes: true, ..EscapeAsk::default() };
    let escape = watertight::escape(&input, &ask, &settings, watertight::text::Encoding::Utf16);
    let schema: Value = serde_json::from_str(&schema()).expect("it was just written");
    let values = [
        ("Report", serde_json::to_value(report)),
        ("HardenReport", serde_json::to_value(hardened)),
        ("EscapeReport", serde_json::to_value(escape)),
    ];
    for (name, value) in values {
        let mut faults = Vec::new();
        let reference = json!({ "$ref": format!("#/$defs/{name}") });
        fits(&value.expect("reports are plain data"), &reference, &schema, name, &mut faults);
        assert!(faults.is_empty(), "{faults:#?}");
    }
}

/// As much of JSON schema as ours uses.
fn fits(value: &Value, schema: &Value, root: &Value, place: &str, faults: &mut Vec<String>) {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("#/$defs/")) {
        return match root.get("$defs").and_then(|definitions| definitions.get(name)) {
            Some(definition) => fits(value, definition, root, place, faults),
            None => faults.push(format!("{place}: no definition {name}")),
        };
    }
    let alternatives = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array);
    if let Some(alternatives) = alternatives {
        let fit = alternatives.iter().any(|alternative| {
            let mut faults = Vec::new();
            fits(value, alternative, root, place, &mut faults);
            faults.is_empty()
        });
        if !fit {
            faults.push(format!("{place}: {value} is none of the alternatives"));
        }
    }
    if schema.get("const").is_some_and(|wanted| wanted != value)
        || schema.get("enum").and_then(Value::as_array).is_some_and(|list| !list.contains(value))
    {
        faults.push(format!("{place}: {value} is another value"));
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = match schema.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec![kind],
    };
    if !kinds.contains(&kind) {
        faults.push(format!("{place}: {kind} instead of {kinds:?}"));
    }
    if let (Some(items), Value::Array(values)) = (schema.get("items"), value) {
        values.iter().for_each(|value| fits(value, items, root, &format!("{place}[]"), faults));
    }
    if let (Some(Value::Object(properties)), Value::Object(fields)) = (schema.get("properties"), value) {
        for (name, field) in fields {
            match properties.get(name) {
                Some(property) => fits(field, property, root, &format!("{place}.{name}"), faults),
                None => faults.push(format!("{place}.{name} is unknown")),
            }
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        for name in required.filter_map(Value::as_str).filter(|name| !fields.contains_key(*name)) {
            faults.push(format!("{place}.{name} is missing"));
        }
    }
}
