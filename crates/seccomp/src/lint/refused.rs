use watertight_diagnostic::{Finding, Location, declare_meta};

use super::look::Look;
use crate::{ActionKind, Refusal};

declare_meta! {
    /// ## What it finds
    /// A profile that the runtime or libseccomp refuses, so that the container does not start.
    ///
    /// ## Why it matters
    /// The file is only read when a container is made. Then it ends with "error adding seccomp rule" or the like, on the
    /// node and not in the cluster's answer.
    ///
    /// ## What to do
    /// Mend the place. Names that nobody knows, and values of another type, have rules of their own.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [{"names": ["reboot"], "action": "SCMP_ACT_ERRNO", "errnoRet": 12345}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [{"names": ["reboot"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]
    /// }
    /// ```
    REFUSED = {
        id: "seccomp-refused",
        title: "The runtime refuses the profile",
        category: Correctness,
        severity: High,
        fixable: false,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let Err(refusal) = &look.filter else { return };
    let Some((place, what, how)) = told(look, refusal) else { return };
    found.push(
        Finding::new(&REFUSED, place, what)
            .why("The container does not start, and the reason is only told on the node.")
            .how(how),
    );
}

/// Where a refusal comes from, what it says, and what to do; nothing for words that nobody knows, which are told one by one.
fn told(look: &Look<'_>, refusal: &Refusal) -> Option<(Location, String, &'static str)> {
    let profile = &look.profile;
    let who = look.who();
    Some(match refusal {
        Refusal::Action(word) if word.is_empty() => {
            let is_top = profile.default_action.as_ref().is_none_or(|action| action.value.is_empty());
            let entry = profile.entries.iter().find(|entry| entry.action.is_none());
            let place = match entry {
                Some(entry) if !is_top => look.at(entry.span, &entry.route, ""),
                _ => look.default(""),
            };
            let field = if is_top { "defaultAction" } else { "action" };
            (place, [who, " refuses the profile: there is no `", field, "`."].concat(), "Write an action.")
        }
        Refusal::Action(_)
        | Refusal::Operator(_)
        | Refusal::Architecture(_)
        | Refusal::Flag(_)
        | Refusal::Errno(_)
        | Refusal::Type(_)
        // Reported with its own place among the words.
        | Refusal::MinKernel(_) => return None,
        Refusal::TwoArchLists => {
            let place = profile.architectures.first().map_or_else(|| look.default(""), |arch| look.written(arch, ""));
            (place, [who, " refuses `architectures` beside `archMap`."].concat(), "Keep one of the two.")
        }
        Refusal::NameAndNames => {
            let both = profile.entries.iter().filter(|entry| !entry.names.is_empty()).find_map(|entry| entry.name.as_ref());
            let place = both.map_or_else(|| look.default(""), |name| look.written(name, ""));
            (place, [who, " refuses `name` beside `names`."].concat(), "Put the name into the list.")
        }
        Refusal::Notify => {
            let is_notify = |word: &str| ActionKind::from_scmp_name(word) == Some(ActionKind::Notify);
            let default = profile.default_action.as_ref().filter(|action| is_notify(&action.value));
            let entries = profile.entries.iter().filter_map(|entry| entry.action.as_ref());
            let place = default.or_else(|| entries.clone().find(|action| is_notify(&action.value)));
            let place = place.map_or_else(|| look.default(""), |action| look.written(action, ""));
            let what = "`SCMP_ACT_NOTIFY` can be neither the default nor the answer to `write`, which the supervisor needs itself.";
            (place, what.to_owned(), "Name the calls that a supervisor is to decide.")
        }
        Refusal::TooLarge => {
            let what = "The profile makes more rules than any filter of the kernel can hold.";
            (look.default(""), what.to_owned(), "Name each call once, and ask less of its arguments.")
        }
        Refusal::Rule(name, action, _) => of_rule(look, name, *action)?,
    })
}

fn of_rule(look: &Look<'_>, call: &str, action: crate::Action) -> Option<(Location, String, &'static str)> {
    let profile = &look.profile;
    if call.is_empty() {
        let place =
            profile.default_errno_ret.as_ref().map_or_else(|| look.default(""), |errno| look.written(errno, ""));
        return Some((place, "The largest error number is 4095.".to_owned(), "Give a real error, such as 1 (EPERM)."));
    }
    let names = |entry: &crate::profile::Entry| entry.names_for(look.subject.reader).any(|name| name.value == call);
    let own = || profile.entries.iter().filter(|entry| names(entry));
    if let Some(errno) = own().filter_map(|entry| entry.errno_ret.as_ref()).find(|errno| errno.value > 4095) {
        let what = "The largest error number is 4095.".to_owned();
        return Some((look.written(errno, ""), what, "Give a real error, such as 1 (EPERM)."));
    }
    if let Some(arg) = own().flat_map(|entry| &entry.args).find(|arg| arg.index > 5) {
        let what = ["Argument ", &arg.index.to_string(), " does not exist: they count from 0 to 5."].concat();
        return Some((look.at(arg.span, &arg.route, ""), what, "Name an argument from 0 to 5."));
    }
    let same = |entry: &&crate::profile::Entry| entry.action_for(look.subject.reader) == Ok(action);
    let entry = own().rfind(same).or_else(|| own().next_back())?;
    let name = entry.names_for(look.subject.reader).find(|name| name.value == call)?;
    let what = [
        "libseccomp refuses this entry about `",
        call,
        "`: earlier ones want something else under the same conditions.",
    ];
    Some((look.written(name, ""), what.concat(), "Make the conditions differ, or keep one of the entries."))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, check, findings_of, of, profile};

    const RULE: &str = "seccomp-refused";

    #[test]
    fn where_it_is_refused() {
        let arg = |action: &str, index: u8| {
            format!(
                "\"names\": [\"read\"], \"action\": \"SCMP_ACT_{action}\", \"args\": [{{\"index\": {index}, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}}]"
            )
        };
        check(RULE, &profile(&[&arg("ALLOW", 6)]), &["{\"index\": 6, \"value\": 1, \"op\": \"SCMP_CMP_EQ\"}"]);
        check(RULE, &profile(&[&arg("ALLOW", 1), &arg("KILL_PROCESS", 1)]), &["\"read\""]);
        check(RULE, &of("SCMP_ACT_NOTIFY", &[]), &["\"SCMP_ACT_NOTIFY\""]);
        check(RULE, &profile(&["\"names\": [\"read\"]"]), &["{\"names\": [\"read\"]}"]);
        check(RULE, "{\"syscalls\": [{\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\"}]}", &[""]);
        check(RULE, &of("SCMP_ACT_WHAT", &[]), &[]);
        let docker = |text: &str| findings_of(RULE, &format!("# For Docker\n{text}")).len();
        assert_eq!(docker(&profile(&[&format!("\"name\": \"read\", {}", allow("write"))])), 1);
        let two = "{\"defaultAction\": \"SCMP_ACT_ERRNO\", \"architectures\": [\"SCMP_ARCH_X86\"], \"archMap\": [{\"architecture\": \"SCMP_ARCH_X86_64\"}]}";
        assert_eq!(docker(two), 1);
    }
}
