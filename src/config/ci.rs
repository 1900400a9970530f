//! Detects the CI system that runs this job, and how to find the job there again.

use super::variable::{foreign_flag, foreign_variable};

/// A CI system whose log people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CiSystem {
    GitHub,
    GitLab,
    Azure,
    Jenkins,
}

/// A job, as its CI system describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The job's URL, or its number.
    pub place: Option<String>,
    /// Who started the job.
    pub actor: Option<String>,
}

/// The variables that a CI system sets in each job (documented by each system).
struct Known {
    /// The variable by which the system is recognized.
    marker: &'static str,
    /// `None` if we do not know how the system's log masks a secret.
    system: Option<CiSystem>,
    /// Templates for the job's URL, with variables in braces; the first one whose variables are all set is used.
    places: &'static [&'static str],
    actor: &'static str,
}

const KNOWN: [Known; 6] = [
    Known {
        marker: "GITHUB_ACTIONS",
        system: Some(CiSystem::GitHub),
        places: &[
            "{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}",
            "{GITHUB_REPOSITORY} run {GITHUB_RUN_ID}",
            "run {GITHUB_RUN_ID}",
        ],
        actor: "GITHUB_ACTOR",
    },
    Known {
        marker: "GITLAB_CI",
        system: Some(CiSystem::GitLab),
        places: &["{CI_JOB_URL}", "job {CI_JOB_ID}"],
        actor: "GITLAB_USER_LOGIN",
    },
    Known {
        marker: "TF_BUILD",
        system: Some(CiSystem::Azure),
        places: &[
            "{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}",
            "{BUILD_BUILDURI}",
        ],
        actor: "BUILD_REQUESTEDFOR",
    },
    Known {
        marker: "JENKINS_URL",
        system: Some(CiSystem::Jenkins),
        places: &["{BUILD_URL}", "{BUILD_TAG}"],
        actor: "BUILD_USER_ID",
    },
    Known {
        marker: "BUILDKITE",
        system: None,
        places: &["{BUILDKITE_BUILD_URL}#{BUILDKITE_JOB_ID}", "{BUILDKITE_BUILD_URL}"],
        actor: "BUILDKITE_BUILD_CREATOR",
    },
    Known { marker: "CIRCLECI", system: None, places: &["{CIRCLE_BUILD_URL}"], actor: "CIRCLE_USERNAME" },
];

/// Returns the CI system that runs this job and whose log can mask secrets.
pub fn ci_system() -> Option<CiSystem> {
    for Known { marker, system, .. } in KNOWN.iter().filter(|known| known.system.is_some()) {
        if foreign_flag(marker) {
            return *system;
        }
    }
    None
}

/// Returns the CI job that this run is part of.
pub fn job() -> Option<Job> {
    let is_here = |known: &&Known| foreign_flag(known.marker);
    let known = KNOWN.iter().find(is_here)?;
    let place = known.places.iter().find_map(|place| filled(place, &foreign_variable));
    Some(Job { place, actor: foreign_variable(known.actor) })
}

/// Replaces the names in braces by the variables' values; returns `None` if a variable is not set.
fn filled(place: &str, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let Some((before, rest)) = place.split_once('{') else { return Some(place.to_owned()) };
    let (name, after) = rest.split_once('}')?;
    Some(format!("{before}{}{}", value(name)?, filled(after, value)?))
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, filled};

    #[test]
    fn a_template_needs_all_its_variables() {
        let value = |name: &str| (name != "MISSING").then(|| name.to_lowercase());
        assert_eq!(filled("{A}/{B}/runs/{C}", &value).as_deref(), Some("a/b/runs/c"));
        assert_eq!(filled("{A}/{MISSING}", &value), None);
        for place in KNOWN.iter().flat_map(|known| known.places) {
            let told = filled(place, &value).unwrap();
            assert!(!told.contains(['{', '}']), "{told}");
        }
    }
}
