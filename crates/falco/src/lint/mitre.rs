//! Techniques of MITRE ATT&CK that rules about containers name, with their tactics.

/// Technique, then its tactics. A sub-technique belongs where its technique does.
const TECHNIQUES: &[(&str, &[&str])] = &[
    ("T1003", &["credential_access"]),
    ("T1005", &["collection"]),
    ("T1014", &["defense_evasion"]),
    ("T1018", &["discovery"]),
    ("T1020", &["exfiltration"]),
    ("T1021", &["lateral_movement"]),
    ("T1036", &["defense_evasion"]),
    ("T1041", &["exfiltration"]),
    ("T1046", &["discovery"]),
    ("T1048", &["exfiltration"]),
    ("T1049", &["discovery"]),
    ("T1053", &["execution", "persistence", "privilege_escalation"]),
    ("T1055", &["defense_evasion", "privilege_escalation"]),
    ("T1057", &["discovery"]),
    ("T1059", &["execution"]),
    ("T1068", &["privilege_escalation"]),
    ("T1070", &["defense_evasion"]),
    ("T1071", &["command_and_control"]),
    ("T1082", &["discovery"]),
    ("T1083", &["discovery"]),
    ("T1095", &["command_and_control"]),
    ("T1098", &["persistence", "privilege_escalation"]),
    ("T1105", &["command_and_control"]),
    ("T1110", &["credential_access"]),
    ("T1133", &["initial_access", "persistence"]),
    ("T1136", &["persistence"]),
    ("T1190", &["initial_access"]),
    ("T1222", &["defense_evasion"]),
    ("T1485", &["impact"]),
    ("T1486", &["impact"]),
    ("T1496", &["impact"]),
    ("T1498", &["impact"]),
    ("T1499", &["impact"]),
    ("T1505", &["persistence"]),
    ("T1525", &["persistence"]),
    ("T1543", &["persistence", "privilege_escalation"]),
    ("T1546", &["persistence", "privilege_escalation"]),
    ("T1547", &["persistence", "privilege_escalation"]),
    ("T1548", &["defense_evasion", "privilege_escalation"]),
    ("T1552", &["credential_access"]),
    ("T1555", &["credential_access"]),
    ("T1562", &["defense_evasion"]),
    ("T1564", &["defense_evasion"]),
    ("T1574", &["defense_evasion", "persistence", "privilege_escalation"]),
    ("T1609", &["execution"]),
    ("T1610", &["defense_evasion", "execution"]),
    ("T1611", &["privilege_escalation"]),
    ("T1612", &["defense_evasion"]),
    ("T1613", &["discovery"]),
    ("T1620", &["defense_evasion"]),
    ("T1622", &["defense_evasion", "discovery"]),
];

/// The tactics of a technique, by the technique's number or that of a part of it.
pub(super) fn tactics(tag: &str) -> Option<&'static [&'static str]> {
    let technique = tag.split('.').next()?;
    TECHNIQUES.iter().find(|(known, _)| *known == technique).map(|(_, tactics)| *tactics)
}

/// Whether a tag names a tactic or a technique.
pub(super) fn is_tag(tag: &str) -> bool {
    let number = |tag: &str| tag.starts_with(|c: char| c.is_ascii_digit());
    tag.starts_with("mitre_") || tag.strip_prefix("TA").or_else(|| tag.strip_prefix('T')).is_some_and(number)
}
