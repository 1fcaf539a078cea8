//! The one ZIP file of a pack, the same bytes each time; and reading one that may be hostile.

use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use super::directory::{self, MAX_ALL, MAX_FILE};
use super::{Files, names};
use crate::error::Error;

/// Most files that are read.
const MAX_FILES: usize = 200_000;

/// A ZIP of files below one folder: sorted, without times, owners or comments.
///
/// # Errors
/// Never for files of a sane number and size.
pub fn zip(folder: &str, files: &Files) -> Result<Vec<u8>, Error> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        writer.start_file(format!("{folder}/{path}"), options).map_err(|e| defect(&e))?;
        writer.write_all(bytes).map_err(|e| Error::Defect(format!("the ZIP file: {e}")))?;
    }
    Ok(writer.finish().map_err(|e| defect(&e))?.into_inner())
}

fn defect(error: &zip::result::ZipError) -> Error {
    Error::Defect(format!("the ZIP file: {error}"))
}

/// A pack as it was read.
#[derive(Debug)]
pub struct Opened {
    /// The folder all files lie in.
    pub folder: String,
    /// The files.
    pub files: Files,
    /// The very bytes of the ZIP; none for a folder.
    pub zip: Option<Vec<u8>>,
}

/// Opens a pack: a ZIP file, or a folder it was unpacked to.
///
/// # Errors
/// When it cannot be read at all, or is no pack: names that leave the folder, doubled names, too much in it.
pub fn open(path: &Path) -> Result<Opened, Error> {
    let io = |source| Error::Io { action: "read", path: path.to_owned(), source };
    if path.is_dir() {
        let folder = path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
        let mut files = Files::new();
        walk(path, path, &mut files, &mut 0)?;
        return Ok(Opened { folder, files, zip: None });
    }
    if path.metadata().map_err(io)?.len() > MAX_ALL {
        let message = format!("{} is larger than any audit pack", path.display());
        return Err(Error::usage(message, "Fetch it again from whoever made it; do not rely on this copy."));
    }
    let bytes = std::fs::read(path).map_err(io)?;
    let (folder, files) = unzip(&bytes).map_err(|why| {
        let message = format!("{} is no audit pack that can be read: {why}", path.display());
        Error::usage(message, "Fetch it again from whoever made it; do not rely on this copy.")
    })?;
    Ok(Opened { folder, files, zip: Some(bytes) })
}

/// The directory decides what may be unpacked at all, before a byte of it is.
fn unzip(bytes: &[u8]) -> Result<(String, Files), String> {
    let listed = directory::read(bytes)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| format!("its ZIP structure is damaged ({e})"))?;
    if archive.len() != listed.len() {
        return Err("its ZIP structure is damaged: readers would see different files in it".into());
    }
    let (mut folder, mut files) = (None, Files::new());
    for (index, entry) in listed.iter().enumerate() {
        let file = archive.by_index(index).map_err(|e| format!("entry {} is damaged ({e})", index + 1))?;
        let shown = entry.name.escape_debug();
        if file.name().ok().as_deref() != Some(entry.name.as_str()) || !file.is_file() {
            return Err(format!("`{shown}` is no ordinary file"));
        }
        let Some((top, path)) = entry.name.split_once('/') else {
            return Err(format!("the name `{shown}` leads out of its folder"));
        };
        if folder.get_or_insert_with(|| top.to_owned()) != top {
            return Err(format!("`{shown}` lies in a folder of its own"));
        }
        files.insert(path.to_owned(), content(file, entry.size).map_err(|why| format!("{shown} is damaged ({why})"))?);
    }
    folder.map(|folder| (folder, files)).ok_or_else(|| "it is empty".into())
}

/// Exactly as many bytes as the directory says.
fn content(file: impl std::io::Read, size: u64) -> Result<Vec<u8>, String> {
    let mut content = Vec::with_capacity(usize::try_from(size).unwrap_or(0).min(1 << 20));
    file.take(size.saturating_add(1)).read_to_end(&mut content).map_err(|e| e.to_string())?;
    if content.len() as u64 == size { Ok(content) } else { Err("it has another size than its entry says".into()) }
}

fn walk(root: &Path, folder: &Path, files: &mut Files, all: &mut u64) -> Result<(), Error> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Io { action: "read", path, source }
    };
    for entry in std::fs::read_dir(folder).map_err(io(folder))? {
        let path = entry.map_err(io(folder))?.path();
        let kind = path.symlink_metadata().map_err(io(&path))?;
        if kind.is_dir() {
            walk(root, &path, files, all)?;
            continue;
        }
        let below = path.strip_prefix(root).unwrap_or(&path);
        let name = below.components().map(|c| c.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/");
        *all += kind.len();
        if !kind.is_file() || files.len() >= MAX_FILES || kind.len() > MAX_FILE || *all > MAX_ALL {
            let message = format!("{} is no ordinary file of a pack", path.display());
            return Err(Error::usage(message, "A pack holds files and folders, no links, and at most 2 GiB."));
        }
        names::plain_or_why(&name).map_err(|why| {
            Error::usage(
                format!("{} is no file of a pack: {why}", path.display()),
                "Verify the ZIP file as you received it.",
            )
        })?;
        files.insert(name, std::fs::read(&path).map_err(io(&path))?);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_give_the_same_bytes_and_are_read_back() {
        let files = Files::from([("a".to_owned(), vec![1; 5000]), ("d/b".to_owned(), Vec::new())]);
        let bytes = zip("pack", &files).unwrap();
        assert_eq!(bytes, zip("pack", &files).unwrap());
        assert_eq!(unzip(&bytes).unwrap(), ("pack".to_owned(), files));
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in ["../x", "a//b", "C:x", "a\\b", "", ".", "a/./b"] {
            assert!(names::plain_or_why(name).is_err(), "{name}");
        }
        let hostile = Files::from([("../../etc/passwd".to_owned(), Vec::new())]);
        assert!(unzip(&zip("pack", &hostile).unwrap()).unwrap_err().contains("leads out"));
        assert!(unzip(b"no zip").is_err());
    }
}
