//! Which system runs the job, if one does.

use super::variable::foreign;

/// A system that runs jobs, and whose log people read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CiSystem {
    GitHub,
    GitLab,
    Azure,
    Jenkins,
}

/// Looks for what each system sets (documented by each).
pub fn ci_system() -> Option<CiSystem> {
    for (name, system) in [
        ("GITHUB_ACTIONS", CiSystem::GitHub),
        ("GITLAB_CI", CiSystem::GitLab),
        ("TF_BUILD", CiSystem::Azure),
        ("JENKINS_URL", CiSystem::Jenkins),
    ] {
        if foreign(name).is_some_and(|value| value != "false") {
            return Some(system);
        }
    }
    None
}
