//! The release of smsctl that the workflow of a new SMS runs.

/// Commit a release was built from; the release workflow sets it.
const COMMIT: Option<&str> = option_env!("SMSCTL_COMMIT");

/// The release as `uses:` names it behind the `@`.
pub(super) fn release() -> String {
    named(COMMIT)
}

/// By commit where it is known. A build from the sources cannot know a commit that is published: it names the tag that follows the
/// releases, and says so to those who audit workflows.
fn named(commit: Option<&str>) -> String {
    let (version, major) = (env!("CARGO_PKG_VERSION"), env!("CARGO_PKG_VERSION_MAJOR"));
    let sources = || {
        format!("v{major} # zizmor: ignore[unpinned-uses] made by a build from the sources: name a release's commit")
    };
    commit.map_or_else(sources, |commit| format!("{commit} # v{version}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_names_its_commit_and_a_build_from_the_sources_says_that_it_cannot() {
        let commit = "0123456789abcdef0123456789abcdef01234567";
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(named(Some(commit)), format!("{commit} # v{version}"));
        let major = version.split('.').next().unwrap();
        assert!(named(None).starts_with(&format!("v{major} # zizmor: ignore[unpinned-uses] ")));
    }
}
