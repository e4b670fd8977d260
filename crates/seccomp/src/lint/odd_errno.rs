use watertight_diagnostic::{Finding, Operation, Safety, Severity, declare_meta};

use super::look::Look;
use crate::ActionKind;
use crate::profile::Written;

declare_meta! {
    /// ## What it finds
    /// An error number that is 0, or that stands beside an action which returns none.
    ///
    /// ## Why it matters
    /// With error 0 the call is not run and the program is told that it worked: a file seems written and is not. A number
    /// beside `SCMP_ACT_ALLOW` or `SCMP_ACT_KILL_PROCESS` is passed over by runc, while crun refuses the profile.
    ///
    /// ## What to do
    /// Give a real error, such as 1 (EPERM), or take the number away.
    ///
    /// ## Bad
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [{"names": ["sync"], "action": "SCMP_ACT_ERRNO", "errnoRet": 0}]
    /// }
    /// ```
    ///
    /// ## Good
    /// ```json
    /// {
    ///   "defaultAction": "SCMP_ACT_ALLOW",
    ///   "syscalls": [{"names": ["sync"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1}]
    /// }
    /// ```
    ODD_ERRNO = {
        id: "seccomp-odd-errno",
        title: "An error number that is no error, or has no effect",
        category: Correctness,
        severity: Medium,
        fixable: true,
        sources: [],
    }
}

pub(super) fn check(look: &Look<'_>, found: &mut Vec<Finding>) {
    let profile = &look.profile;
    let top = (profile.default_action.as_ref(), profile.default_errno_ret.as_ref());
    let entries = profile.entries.iter().map(|entry| (entry.action.as_ref(), entry.errno_ret.as_ref()));
    for (action, errno) in std::iter::once(top).chain(entries) {
        let (Some(action), Some(errno)) = (action, errno) else { continue };
        match ActionKind::from_scmp_name(&action.value) {
            Some(ActionKind::Errno) if errno.value == 0 => found.push(of_zero(look, errno)),
            Some(kind) if !kind.takes_data() => found.push(of_none(look, action, errno)),
            _ => {}
        }
    }
}

fn of_zero(look: &Look<'_>, errno: &Written<u64>) -> Finding {
    Finding::new(&ODD_ERRNO, look.written(errno, ""), "The call is not run, and the program is told that it worked.")
        .why("Error 0 is success. A program goes on as if its file were written or its user changed.")
        .how("Give a real error, such as 1 (EPERM).")
        .fix(look.fix("Answer with EPERM", Safety::ChangesBehaviour, vec![Operation::set(errno.route.clone(), 1)]))
}

fn of_none(look: &Look<'_>, action: &Written<String>, errno: &Written<u64>) -> Finding {
    let what = ["`", &action.value, "` returns no error, so the number has no effect."];
    Finding::new(&ODD_ERRNO, look.written(errno, ""), what.concat())
        .severity(Severity::Low)
        .why("runc passes it over; crun refuses the profile, and the container does not start.")
        .how("Take the number away.")
        .fix(look.fix("Take the number away", Safety::Safe, vec![Operation::remove(errno.route.clone())]))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{allow, check, fixed, profile};

    #[test]
    fn beside_an_action_without() {
        let text = profile(&[&format!("{}, \"errnoRet\": 1", allow("read"))]);
        check("seccomp-odd-errno", &text, &["1"]);
        assert_eq!(fixed("seccomp-odd-errno", &text), profile(&[&allow("read")]));
    }
}
