//! A history in one file: a Git bundle (format 3, filtered) with all commits, the trees of the SMS, and chosen contents.
//!
//! Contents that are left out are "promised" in Git's words: stock Git reads such a bundle after `git init` and three
//! lines of configuration, and checks all that is there. Folders outside the SMS are left out as well.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use git2::Oid;

use super::repository::Repository;
use super::walk::Walk;
use crate::error::Error;

/// Branch that names the commit the bundle was made of.
pub const BRANCH: &str = "refs/heads/audited";

/// A bundle and what it holds.
#[derive(Debug)]
pub struct Bundle {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many commits.
    pub commits: usize,
    /// Contents that are in it.
    pub blobs: BTreeSet<Oid>,
}

/// Writes the history of a tip. `blobs` are the contents to put in, with a path for each; `tags` are annotated tags by name.
///
/// The same objects give the same bytes: objects are added in the order of the walk, and one thread packs them.
///
/// # Errors
/// When an object cannot be read.
pub fn write(
    repository: &Repository,
    walk: &Walk,
    blobs: &BTreeMap<Oid, String>,
    tags: &[(String, Oid)],
    progress: &dyn Fn(usize, usize),
) -> Result<Bundle, Error> {
    let Some(tip) = walk.commits.last().map(|c| c.oid) else {
        return Err(Error::Defect("a history without a commit".into()));
    };
    let mut objects: Vec<(Oid, Option<String>)> = walk.commits.iter().map(|c| (c.oid, None)).collect();
    objects.extend(tags.iter().map(|(_, oid)| (*oid, None)));
    let mut seen = BTreeSet::new();
    for commit in &walk.commits {
        repository.trees_of(commit.oid, &mut seen, &mut |oid, path| objects.push((oid, Some(path.to_owned()))))?;
    }
    objects.extend(blobs.iter().map(|(oid, path)| (*oid, Some(path.clone()))));
    let mut bytes = header(tip, tags);
    repository.pack(&objects, &mut bytes, progress)?;
    Ok(Bundle { bytes, commits: walk.commits.len(), blobs: blobs.keys().copied().collect() })
}

fn header(tip: Oid, tags: &[(String, Oid)]) -> Vec<u8> {
    let mut text = format!("# v3 git bundle\n@object-format=sha1\n@filter=blob:none\n{tip} {BRANCH}\n");
    for (name, oid) in tags {
        text += &format!("{oid} refs/tags/{name}\n");
    }
    text += "\n";
    text.into_bytes()
}

/// Most references a bundle may name.
const MAX_REFS: usize = 10_000;

/// Unpacks a bundle into a new bare repository in an empty folder; `None` with the reason when it is no such bundle.
///
/// Every object is named by what it holds: a changed byte gives another name, or no object.
///
/// # Errors
/// When the folder cannot be written.
pub fn unpack(bytes: &[u8], folder: &Path) -> Result<Result<Repository, String>, Error> {
    let Some((refs, pack)) = read_header(bytes) else {
        return Ok(Err("it is no Git bundle of the form that smsctl writes".into()));
    };
    let mut options = git2::RepositoryInitOptions::new();
    options.bare(true).no_reinit(true).external_template(false);
    let git = git2::Repository::init_opts(folder, &options)?;
    if let Err(error) = index(&git, pack) {
        return Ok(Err(format!("its objects cannot be read: {}", error.message())));
    }
    for (name, oid) in refs {
        if git.odb()?.exists(oid) && git2::Reference::is_valid_name(&name) {
            git.reference(&name, oid, true, "")?;
        } else {
            return Ok(Err(format!("it names {oid} and does not hold it")));
        }
    }
    git.set_head(BRANCH)?;
    drop(git);
    Repository::discover(folder)?.map_or_else(|| Ok(Err("nothing was unpacked".into())), |r| Ok(Ok(r)))
}

fn index(git: &git2::Repository, pack: &[u8]) -> Result<(), git2::Error> {
    use std::io::Write as _;
    let odb = git.odb()?;
    let mut writer = odb.packwriter()?;
    writer.write_all(pack).map_err(|e| git2::Error::from_str(&e.to_string()))?;
    writer.commit()?;
    Ok(())
}

/// References with the objects they name.
type Refs = Vec<(String, Oid)>;

/// References and the pack behind them.
fn read_header(bytes: &[u8]) -> Option<(Refs, &[u8])> {
    let mut rest = bytes;
    let mut line = || {
        let end = memchr::memchr(b'\n', rest)?;
        let (line, after) = rest.split_at(end);
        rest = after.get(1..)?;
        std::str::from_utf8(line).ok()
    };
    let expected = ["# v3 git bundle", "@object-format=sha1", "@filter=blob:none"];
    if expected.iter().any(|e| line() != Some(e)) {
        return None;
    }
    let mut refs = Vec::new();
    loop {
        match line()? {
            "" => break,
            text => {
                let (oid, name) = text.split_once(' ')?;
                refs.push((name.to_owned(), Oid::from_str(oid).ok()?));
            }
        }
        if refs.len() > MAX_REFS {
            return None;
        }
    }
    refs.iter().any(|(name, _)| name == BRANCH).then_some((refs, rest))
}

impl Repository {
    /// Tells every tree of a commit that leads to the SMS or lies in it, once.
    fn trees_of(&self, commit: Oid, seen: &mut BTreeSet<Oid>, tell: &mut dyn FnMut(Oid, &str)) -> Result<(), Error> {
        let raw = self.raw(commit)?;
        let Some(mut tree) = super::commit::facts(&raw).tree else { return Ok(()) };
        for part in self.prefix().split('/').filter(|p| !p.is_empty()) {
            if seen.insert(tree) {
                tell(tree, "");
            }
            let found = self.tree(tree)?.into_iter().find(|(name, file)| name == part && file.mode == 0o040_000);
            let Some((_, file)) = found else { return Ok(()) };
            tree = file.oid;
        }
        self.trees_below(tree, String::new(), seen, tell)
    }

    fn trees_below(
        &self,
        tree: Oid,
        path: String,
        seen: &mut BTreeSet<Oid>,
        tell: &mut dyn FnMut(Oid, &str),
    ) -> Result<(), Error> {
        let mut open = vec![(tree, path)];
        while let Some((tree, path)) = open.pop() {
            if !seen.insert(tree) {
                continue;
            }
            tell(tree, &path);
            for (name, file) in self.tree(tree)? {
                if file.mode == 0o040_000 && path.len() < 4096 {
                    open.push((file.oid, format!("{path}/{name}")));
                }
            }
        }
        Ok(())
    }

    fn pack(
        &self,
        objects: &[(Oid, Option<String>)],
        out: &mut Vec<u8>,
        progress: &dyn Fn(usize, usize),
    ) -> Result<(), Error> {
        let git = self.git();
        let mut builder = git.packbuilder()?;
        builder.set_threads(1);
        for (oid, path) in objects {
            builder.insert_object(*oid, path.as_deref())?;
        }
        let mut buffer = git2::Buf::new();
        builder.write_buf(&mut buffer)?;
        progress(objects.len(), objects.len());
        out.extend_from_slice(&buffer);
        Ok(())
    }
}
