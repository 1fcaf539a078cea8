//! Writing new files: atomically, never over something.

use std::io::Write as _;
use std::path::Path;

use crate::error::Error;

/// Writes a new file below `root`. Says `false` and leaves everything alone when something is there already.
///
/// # Errors
/// When a folder or the file cannot be written.
pub fn create(root: &Path, path: &str, text: &str) -> Result<bool, Error> {
    let full = root.join(path);
    let failed = |source| Error::Io { action: "create", path: full.clone(), source };
    if full.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let folder = full.parent().unwrap_or(root);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::Builder::new().prefix(".smsctl-").tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    ordinary_permissions(file.path());
    match file.persist_noclobber(&full) {
        Ok(_) => Ok(true),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(failed(error.error)),
    }
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
    }
}
