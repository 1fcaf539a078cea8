//! Writing new files: atomically, never over something.

use std::io::Write as _;
use std::path::Path;

use crate::error::Error;

/// Writes a new file below `root`. Says `false` and leaves everything alone when something is there already.
///
/// # Errors
/// When a folder or the file cannot be written.
pub fn create(root: &Path, path: &str, content: impl AsRef<[u8]>) -> Result<bool, Error> {
    let full = root.join(path);
    let failed = |source| Error::Io { action: "create", path: full.clone(), source };
    if full.symlink_metadata().is_ok() {
        return Ok(false);
    }
    passable(root, path)?;
    let folder = full.parent().unwrap_or(root);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::Builder::new().prefix(".smsctl-").tempfile_in(folder).map_err(failed)?;
    file.write_all(content.as_ref()).map_err(failed)?;
    ordinary_permissions(file.path());
    match file.persist_noclobber(&full) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error.error)),
    }
}

/// Says whether folders lead to a place. One that is a symbolic link may lie anywhere, and what stands behind it is not read.
///
/// # Errors
/// When a file or a link stands where a folder has to be.
pub fn passable(root: &Path, path: &str) -> Result<(), Error> {
    let mut folder = root.to_owned();
    for (slash, _) in path.match_indices('/') {
        folder.clear();
        folder.push(root);
        folder.push(path.get(..slash).unwrap_or_default());
        let Ok(meta) = folder.symlink_metadata() else { return Ok(()) };
        if !meta.is_dir() {
            let what = if meta.is_symlink() { "a symbolic link" } else { "a file" };
            let message = format!("{path} cannot be written: {} is {what}, not a folder", folder.display());
            return Err(Error::usage(message, "Choose another place, or put a folder there."));
        }
    }
    Ok(())
}

/// Temporary files are private; documents are not.
fn ordinary_permissions(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // Best effort: the file is complete either way.
        let _ = std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644));
    }
    #[cfg(not(unix))]
    let _ = path;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_overwritten() {
        let root = tempfile::tempdir().unwrap();
        assert!(create(root.path(), "a/b.md", "one").unwrap());
        assert!(!create(root.path(), "a/b.md", "two").unwrap());
        assert_eq!(std::fs::read_to_string(root.path().join("a/b.md")).unwrap(), "one");
        assert_eq!(std::fs::read_dir(root.path().join("a")).unwrap().count(), 1);
        assert!(create(root.path(), "a/b.md/c.md", "two").unwrap_err().to_string().contains("is a file, not a folder"));
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), root.path().join("policies")).unwrap();
        let error = create(root.path(), "policies/a.md", "text").unwrap_err();
        assert!(error.to_string().contains("is a symbolic link, not a folder"), "{error}");
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0);
    }
}
