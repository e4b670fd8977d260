//! The runtime's seccomp profile as it reaches runc: containerd and Docker decide the conditions by the container's
//! capabilities, the processor and the kernel before they write it into the bundle.

use serde_json::{Map, Value, json};

/// Decides the conditions of a profile in Docker's dialect.
pub(super) fn decided(profile: &Value, capabilities: &[String]) -> Value {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut architectures = Vec::new();
    for known in list(&profile["archMap"]) {
        if known["architecture"] == "SCMP_ARCH_X86_64" {
            architectures.push(known["architecture"].clone());
            architectures.extend(list(&known["subArchitectures"]));
        }
    }
    let calls: Vec<Value> = list(&profile["syscalls"])
        .iter()
        .filter(|call| {
            let names = |gate: &str, of: &str| list(&call[gate][of]);
            let holds = |name: &Value| capabilities.iter().any(|held| name == held.as_str());
            let is_here = |name: &Value| matches!(name.as_str(), Some("amd64" | "x86_64" | "x86" | "x32"));
            let arches = names("includes", "arches");
            names("includes", "caps").iter().all(holds)
                && (arches.is_empty() || arches.iter().any(is_here))
                && !names("excludes", "caps").iter().any(holds)
                && !names("excludes", "arches").iter().any(is_here)
        })
        .map(|call| {
            let keys = ["names", "action", "args", "errnoRet"];
            let kept = keys.into_iter().filter_map(|key| Some((key.to_owned(), call.get(key)?.clone())));
            Value::Object(kept.filter(|(_, value)| !value.is_null()).collect::<Map<_, _>>())
        })
        .collect();
    json!({
        "defaultAction": profile["defaultAction"],
        "defaultErrnoRet": profile["defaultErrnoRet"],
        "architectures": architectures,
        "syscalls": calls,
    })
}
