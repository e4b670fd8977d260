//! Whether the Pod Security Standard refuses a pod for what is found.

use std::collections::HashMap;

use watertight_diagnostic::{FileId, Finding, Level, Standard};

use crate::admission::Judged;
use crate::analyse::{JudgedPod, judged_pods};
use crate::findings::Found;
use crate::routes::Routes;
use crate::source::Source;

/// What the Pod Security Standard of the target refuses pods for.
pub(super) struct Refusals {
    /// The places that it names, by pod and check.
    places: HashMap<(FileId, usize, &'static str), Routes>,
}

impl Refusals {
    pub(super) fn of(sources: &[Source<'_>], judged: &[Vec<Judged>], target: Level) -> Self {
        let mut places: HashMap<_, Routes> = HashMap::new();
        let levels = [Level::Baseline, Level::Restricted].into_iter().filter(|level| *level <= target.standard());
        let levels: Vec<_> = levels.collect();
        for JudgedPod { source, index, judged, .. } in judged_pods(sources, judged) {
            for failure in levels.iter().flat_map(|level| &judged.verdict(*level).failures) {
                let routes = places.entry((source.id, index, failure.check)).or_default();
                failure.places.iter().for_each(|place| routes.insert(&place.route));
            }
        }
        Self { places }
    }

    /// Whether it refuses the pod for what a finding describes: [`Judged::refused_by`] for thousands of them.
    pub(super) fn is_for(&self, found: &Found) -> bool {
        let Finding { rule, primary, related, .. } = &found.finding;
        let Some(pod) = found.pod else { return false };
        rule.ids_of(Standard::Pss).filter_map(|check| self.places.get(&(primary.file, pod, check))).any(|places| {
            let mut routes = std::iter::once(primary).chain(related).filter_map(|place| place.route.as_ref());
            routes.any(|route| places.any_along(route))
        })
    }
}

#[cfg(test)]
mod tests {
    use watertight_diagnostic::Settings;

    use super::*;
    use crate::Input;
    use crate::analyse::{Analysis, known_rules, read};
    use crate::findings::Told;
    use crate::reading::WHOLE;

    /// The quick answer is that of [`Analysis::refused_by`].
    #[test]
    fn what_the_standards_refuse() {
        let spec = "hostPID: true, volumes: [{name: a, hostPath: {path: /}}, {name: b, emptyDir: {}}], securityContext: {runAsUser: \
                    0, sysctls: [{name: kernel.x, value: '1'}]}, initContainers: [{name: i, image: i, securityContext: \
                    {allowPrivilegeEscalation: false}}], containers: [{name: a, image: a, securityContext: {privileged: true, \
                    capabilities: {add: [SYS_ADMIN]}}}, {name: b, image: b, ports: [{containerPort: 1, hostPort: 2}]}]";
        let text = format!("apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{{spec}}}\n");
        let sources = read(&[Input { name: "a", text: &text }]);
        let settings = Settings::default();
        let told = Told::of(text.len());
        let mut analysis = Analysis::found(&sources, &settings, told, &WHOLE, &known_rules());
        analysis.judge(&sources, &settings);
        for target in [Level::Privileged, Level::Baseline, Level::Restricted, Level::Hardened] {
            let refusals = Refusals::of(&sources, &analysis.judged, target);
            let mut count = 0;
            for found in &analysis.found {
                let expected = analysis.refused_by(found).is_some_and(|level| level <= target.standard());
                assert_eq!(refusals.is_for(found), expected, "{target} {:?}", found.finding);
                count += usize::from(expected);
            }
            assert_eq!(count > 4, target != Level::Privileged, "{target}: {count}");
        }
    }
}
