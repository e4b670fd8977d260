//! One line of a log, taken apart.
//!
//! The kernel's ring buffer, auditd and the journal frame the same words differently; bus daemons write theirs inside
//! `msg='…'`. What holds a quote or a character beyond ASCII is written as hexadecimal digits without quotes.
//!
//! Sources: Linux `security/apparmor/audit.c`, `lsm_audit.c`, `audit_log_untrustedstring`.

/// What AppArmor said.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Said {
    /// It refused.
    Denied,
    /// It would have refused, but the profile is in complain mode.
    Allowed,
    /// Anything else: a rule that audits, a profile that was loaded.
    Other,
}

/// One line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// What AppArmor said.
    pub said: Said,
    fields: Vec<(String, String)>,
}

impl Event {
    /// A field's value, decoded.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the file belongs to the user of the task, who is not root. For root, who owns most files of an image, a
    /// rule for owners would say little and break when the user changes.
    pub(super) fn is_owners(&self) -> bool {
        let (user, owner) = (self.get("fsuid"), self.get("ouid"));
        user.is_some() && user == owner && user != Some("0")
    }
}

/// Fields that may be written as digits.
const UNTRUSTED: &[&str] =
    &["name", "profile", "target", "srcname", "peer", "comm", "label", "peer_label", "fstype", "trans"];

/// Reads a line; `None` when it is cut off before anything can be learnt.
pub fn read(line: &str) -> Option<Event> {
    let start = line.find("apparmor=")?;
    let rest = line.get(start..)?;
    // The journal as JSON has the line inside a string.
    let unescaped = rest.starts_with("apparmor=\\\"").then(|| rest.replace("\\\"", "\""));
    let rest = unescaped.as_deref().unwrap_or(rest);
    let fields = fields(rest);
    let said = match fields.iter().find(|(name, _)| name == "apparmor")?.1.as_str() {
        "DENIED" => Said::Denied,
        "ALLOWED" => Said::Allowed,
        _ => Said::Other,
    };
    let event = Event { said, fields };
    event.get("operation")?;
    Some(event)
}

fn fields(text: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('=') {
        let name = before.rsplit([' ', '\t', '\'', '\u{1d}']).next().unwrap_or_default();
        let (value, after) = match behind.strip_prefix('"') {
            Some(quoted) => match quoted.split_once('"') {
                Some((value, after)) => (value.to_owned(), after),
                // The line is cut off within a value.
                None => return fields,
            },
            None => {
                let end = behind.find([' ', '\t', '\n', '\'', '\u{1d}']).unwrap_or(behind.len());
                let (value, after) = behind.split_at(end);
                let value = if UNTRUSTED.contains(&name) { decoded(value) } else { None }.unwrap_or(value.to_owned());
                (value, after)
            }
        };
        fields.push((name.to_owned(), value));
        rest = after;
    }
    fields
}

/// What hexadecimal digits stand for, when they are nothing but that.
fn decoded(digits: &str) -> Option<String> {
    if digits.is_empty() || !digits.len().is_multiple_of(2) || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let bytes = (0..digits.len()).step_by(2).filter_map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok());
    Some(String::from_utf8_lossy(&bytes.collect::<Vec<u8>>()).into_owned())
}
