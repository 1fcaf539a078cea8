//! What makes a clone a bad witness of its history, found without reading its objects.

use std::path::Path;

/// Something about the repository itself that makes its history incomplete, or makes other tools see another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepoOddity {
    /// `repo-incomplete`, `repo-grafts`, `repo-replace`, `repo-alternates`, `repo-partial` or `repo-unsupported`.
    pub code: &'static str,
    /// What is there, one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: &'static str,
}

/// A clone made so has none of these.
const FRESH_CLONE: &str =
    "Work in a fresh full clone: `git clone --no-local SOURCE` takes no grafts, replacements or borrowed objects over.";

/// Extensions of the repository format that change nothing smsctl reads; partial clones are told apart.
const KNOWN_EXTENSIONS: &[&str] =
    &["noop", "objectformat", "preciousobjects", "worktreeconfig", "relativeworktrees", "partialclone"];

pub(super) fn of(git: &git2::Repository) -> Vec<RepoOddity> {
    let common = git.commondir();
    let found = [shallow(git), grafts(common), replacements(git), alternates(common), partial(common)];
    let mut oddities: Vec<RepoOddity> = found.into_iter().flatten().collect();
    oddities.extend(unsupported(common));
    oddities
}

fn shallow(git: &git2::Repository) -> Option<RepoOddity> {
    git.is_shallow().then(|| RepoOddity {
        code: "repo-incomplete",
        message: "this clone is shallow: its older commits are missing".into(),
        help: "In the workflow, give actions/checkout `with: fetch-depth: 0`; elsewhere run `git fetch --unshallow`.",
    })
}

fn grafts(common: &Path) -> Option<RepoOddity> {
    let count = lines(&common.join("info/grafts")).len();
    (count > 0).then(|| RepoOddity {
        code: "repo-grafts",
        message: format!("the file info/grafts gives {} other parents than the signed ones", commits(count)),
        help: "smsctl reads the true parents, but Git shows another history: delete the file, or work in a fresh clone.",
    })
}

fn replacements(git: &git2::Repository) -> Option<RepoOddity> {
    let names = git.references_glob("refs/replace/*").ok()?;
    let count = names.flatten().count();
    (count > 0).then(|| RepoOddity {
        code: "repo-replace",
        message: format!("the refs below refs/replace show other objects in place of {count}"),
        help: "smsctl reads the true objects, but Git shows others: look with `git replace -l`, delete with `git replace -d`.",
    })
}

fn alternates(common: &Path) -> Option<RepoOddity> {
    let stores = lines(&common.join("objects/info/alternates"));
    (!stores.is_empty()).then(|| RepoOddity {
        code: "repo-alternates",
        message: format!("objects are borrowed from another store: {}", stores.join(", ")),
        help: FRESH_CLONE,
    })
}

fn partial(common: &Path) -> Option<RepoOddity> {
    let promised = settings(common).into_iter().any(|(name, value)| {
        let remote = name.starts_with("remote.");
        name == "extensions.partialclone"
            || (remote && name.ends_with(".partialclonefilter"))
            || (remote && name.ends_with(".promisor") && value != "false")
    });
    (promised || promisor_pack(common)).then(|| RepoOddity {
        code: "repo-partial",
        message: "this is a partial clone: some of its files and folders may be missing".into(),
        help: "Clone again without `--filter`.",
    })
}

fn promisor_pack(common: &Path) -> bool {
    let Ok(packs) = std::fs::read_dir(common.join("objects/pack")) else { return false };
    packs.flatten().any(|pack| pack.path().extension().is_some_and(|e| e == "promisor"))
}

/// Extensions that libgit2 does not know make opening fail; those it overlooks in an old format are told here.
fn unsupported(common: &Path) -> Vec<RepoOddity> {
    let settings = settings(common).into_iter();
    let odd = settings.filter(|(name, value)| match name.strip_prefix("extensions.") {
        Some("objectformat") => value != "sha1",
        Some("refstorage") => value != "files",
        Some(extension) => !KNOWN_EXTENSIONS.contains(&extension),
        None => false,
    });
    let told = odd.map(|(name, value)| RepoOddity {
        code: "repo-unsupported",
        message: format!("the repository uses `{name} = {value}`, which smsctl does not read"),
        help: "Work in a clone with Git's usual format: `git clone --no-local --ref-format=files SOURCE`.",
    });
    told.collect()
}

/// Names (in small letters) and values of the repository's own configuration; other levels are not asked.
fn settings(common: &Path) -> Vec<(String, String)> {
    let Ok(config) = git2::Config::open(&common.join("config")) else { return Vec::new() };
    let mut settings = Vec::new();
    if let Ok(entries) = config.entries(None) {
        let _ = entries.for_each(|entry| {
            if let Ok(name) = entry.name() {
                let value = entry.value().unwrap_or_default();
                settings.push((name.to_ascii_lowercase(), value.to_ascii_lowercase()));
            }
        });
    }
    settings
}

/// Lines of a small file that say something.
fn lines(file: &Path) -> Vec<String> {
    let text = std::fs::read(file).unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).map(str::to_owned).collect()
}

fn commits(count: usize) -> String {
    if count == 1 { "one commit".into() } else { format!("{count} commits") }
}
