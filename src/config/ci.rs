//! Which system runs the job, if one does, and how the job is found there again.

use super::variable::foreign_variable;

/// A system that runs jobs, and whose log people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CiSystem {
    GitHub,
    GitLab,
    Azure,
    Jenkins,
}

/// A job, as its system tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Its address, else its number.
    pub place: Option<String>,
    /// Who started it.
    pub actor: Option<String>,
}

/// What a system sets in each job (documented by each).
struct Known {
    /// The variable that shows the system.
    marker: &'static str,
    /// None where it is not known how its log masks a secret.
    system: Option<CiSystem>,
    /// How a job is found again, by the variables in braces; the first whose variables are all set counts.
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

/// Looks for what each system sets.
pub fn ci_system() -> Option<CiSystem> {
    for Known { marker, system, .. } in KNOWN.iter().filter(|known| known.system.is_some()) {
        if foreign_variable(marker).is_some_and(|value| value != "false") {
            return *system;
        }
    }
    None
}

/// Returns the job that this run is part of.
pub fn job() -> Option<Job> {
    let is_here = |known: &&Known| foreign_variable(known.marker).is_some_and(|value| value != "false");
    let known = KNOWN.iter().find(is_here)?;
    let place = known.places.iter().find_map(|place| filled(place, &foreign_variable));
    Some(Job { place, actor: foreign_variable(known.actor) })
}

/// Puts variables in the place of their names in braces; none where one is not set.
fn filled(place: &str, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let Some((before, rest)) = place.split_once('{') else { return Some(place.to_owned()) };
    let (name, after) = rest.split_once('}')?;
    Some(format!("{before}{}{}", value(name)?, filled(after, value)?))
}

#[cfg(test)]
mod tests {
    use super::{KNOWN, filled};

    #[test]
    fn a_place_has_all_its_variables_or_is_none() {
        let value = |name: &str| (name != "MISSING").then(|| name.to_lowercase());
        assert_eq!(filled("{A}/{B}/runs/{C}", &value).as_deref(), Some("a/b/runs/c"));
        assert_eq!(filled("{A}/{MISSING}", &value), None);
        for place in KNOWN.iter().flat_map(|known| known.places) {
            let told = filled(place, &value).unwrap();
            assert!(!told.contains(['{', '}']), "{told}");
        }
    }
}
