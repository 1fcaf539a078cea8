//! One commit by the signer's own Git, of exactly the files written here.

use std::path::Path;

use super::keys::SigningKey;
use super::tools::Tools;
use crate::error::Error;
use crate::scaffold;

/// A file to write, by path below the SMS.
#[derive(Clone, Debug)]
pub struct Write {
    /// Path below the root of the SMS.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Write {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// What stood at a path before.
struct Before {
    path: String,
    text: Option<Vec<u8>>,
}

/// Writes the files and commits them and nothing else. When Git refuses, everything is put back and Git is quoted.
///
/// # Errors
/// When a file cannot be written or Git refuses the commit.
pub fn commit(tools: &Tools, files: &[Write], message: &str, key: Option<&SigningKey>) -> Result<(), Error> {
    let mut before = Vec::new();
    for file in files {
        match put(&tools.folder, file) {
            Ok(was) => before.push(was),
            Err(error) => {
                put_back(&tools.folder, &before);
                return Err(error);
            }
        }
    }
    let paths: Vec<&str> = files.iter().map(|f| f.path.as_str()).collect();
    let committed = record(tools, &paths, message, key);
    if committed.is_err() {
        let new: Vec<&str> = before.iter().filter(|b| b.text.is_none()).map(|b| b.path.as_str()).collect();
        let mut args = vec!["--literal-pathspecs", "rm", "--cached", "--quiet", "--force", "--ignore-unmatch", "--"];
        args.extend(&new);
        if !new.is_empty() {
            // Best effort: what counts is that the error below is told.
            let _ = tools.run("git", &args, &[]);
        }
        put_back(&tools.folder, &before);
    }
    committed
}

fn record(tools: &Tools, paths: &[&str], message: &str, key: Option<&SigningKey>) -> Result<(), Error> {
    // Git commits no file it has never heard of; this names them and stages no content.
    let mut add = vec!["--literal-pathspecs", "add", "--force", "--intent-to-add", "--"];
    add.extend(paths);
    refused(tools.run("git", &add, &[])?)?;
    let options = key.map(SigningKey::git_options);
    let mut args: Vec<&str> = vec!["--literal-pathspecs", "-c", "i18n.commitEncoding=UTF-8"];
    args.extend(options.iter().flatten().map(String::as_str));
    args.push("commit");
    args.push(if key.is_some() { "--gpg-sign" } else { "--no-gpg-sign" });
    args.extend(["--quiet", "--cleanup=whitespace", "--file=-", "--only", "--"]);
    args.extend(paths);
    refused(tools.run("git", &args, message.as_bytes())?)
}

fn refused(done: super::tools::Done) -> Result<(), Error> {
    if done.ok {
        return Ok(());
    }
    let said = if done.err.is_empty() { String::from_utf8_lossy(&done.out).trim().to_owned() } else { done.err };
    Err(Error::usage(
        format!("git made no commit; it said: {said}"),
        "Nothing was changed. Mend what Git names, then run the command again.",
    ))
}

fn put(root: &Path, file: &Write) -> Result<Before, Error> {
    // Ids, versions and persons become names of folders; none may lead out of the SMS.
    if file.path.split('/').any(|part| part.is_empty() || part.starts_with('.')) || file.path.contains('\\') {
        let message = format!("`{}` is no place for a record", file.path.escape_debug());
        return Err(Error::usage(message, "The id or version of the document holds characters that none has."));
    }
    let full = root.join(&file.path);
    let text = std::fs::read(&full).ok();
    if text.is_some() {
        scaffold::passable(root, &file.path)?;
        scaffold::atomic::write(&full, &file.text)?;
    } else {
        let made = scaffold::create(root, &file.path, &file.text)?;
        if !made {
            let message = format!("{} is there and cannot be read", file.path);
            return Err(Error::usage(message, "See what stands at that place."));
        }
    }
    Ok(Before { path: file.path.clone(), text })
}

/// Puts back what was there; empty folders go too.
fn put_back(root: &Path, before: &[Before]) {
    for was in before {
        let full = root.join(&was.path);
        // Best effort: an error that led here is being told already.
        let _ = match &was.text {
            Some(text) => std::fs::write(&full, text),
            None => std::fs::remove_file(&full),
        };
        let folders = full.ancestors().skip(1).take_while(|f| *f != root);
        let _ = folders.map(std::fs::remove_dir).take_while(Result::is_ok).count();
    }
}
