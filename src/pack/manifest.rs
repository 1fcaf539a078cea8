//! The list of all files of a pack with sizes and digests. `sha256sum -c MANIFEST` reads it as it is.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Files;
use crate::trust::statement::digest;

/// Its name in the pack.
pub const MANIFEST: &str = "MANIFEST";
/// The signature over it by an SSH key.
pub const SSH_SIGNATURE: &str = "MANIFEST.sig";
/// The signature over it by an OpenPGP key.
pub const OPENPGP_SIGNATURE: &str = "MANIFEST.asc";
/// What an SSH signature over a manifest is made for.
pub const NAMESPACE: &str = "smsctl-pack";

const HEAD: &str = "# smsctl-manifest/1\n";

/// Names that stand in no manifest: it and its signatures.
#[must_use]
pub fn is_own(path: &str) -> bool {
    [MANIFEST, SSH_SIGNATURE, OPENPGP_SIGNATURE].contains(&path)
}

/// The manifest of files.
#[must_use]
pub fn render(files: &Files) -> String {
    let mut out = String::from(HEAD);
    out += "# Each file with the size in bytes behind #size; the lines of digests are those of sha256sum.\n";
    let listed = || files.iter().filter(|(path, _)| !is_own(path));
    for (path, bytes) in listed() {
        let _ = writeln!(out, "#size {} {path}", bytes.len());
    }
    for (path, bytes) in listed() {
        let _ = writeln!(out, "{}  {path}", digest(bytes).trim_start_matches("sha256:"));
    }
    out
}

/// What a manifest says of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its size in bytes.
    pub size: u64,
    /// `sha256:…`.
    pub digest: String,
}

/// Reads a manifest: strict, each file once in both lists.
///
/// # Errors
/// A sentence that says which line is wrong.
pub fn parse(bytes: &[u8]) -> Result<BTreeMap<String, Listed>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".to_owned())?;
    let Some(text) = text.strip_prefix(HEAD) else {
        return Err("its first line is not `# smsctl-manifest/1`".into());
    };
    let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
    let mut out = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        let wrong = || format!("its line {} cannot be read", number + 2);
        if let Some(rest) = line.strip_prefix("#size ") {
            let (size, path) = rest.split_once(' ').ok_or_else(wrong)?;
            sizes.insert(path, size.parse().map_err(|_| wrong())?);
        } else if !line.starts_with('#') {
            let (hex, path) = line.split_once("  ").ok_or_else(wrong)?;
            let digest = crate::trust::statement::sha256(&format!("sha256:{hex}")).ok_or_else(wrong)?;
            let size = *sizes.get(path).ok_or_else(wrong)?;
            if out.insert(path.to_owned(), Listed { size, digest }).is_some() {
                return Err(wrong());
            }
        }
    }
    if out.len() == sizes.len() { Ok(out) } else { Err("a file has a size and no digest".into()) }
}

/// What differs between the files and a manifest; each a whole sentence that names the file.
#[must_use]
pub fn differences(files: &Files, listed: &BTreeMap<String, Listed>) -> Vec<String> {
    let mut out = Vec::new();
    for (path, expected) in listed {
        match files.get(path) {
            None => out.push(format!("{path} is missing.")),
            Some(bytes) if bytes.len() as u64 != expected.size => {
                out.push(format!("{path} was changed: it has {} bytes in place of {}.", bytes.len(), expected.size));
            }
            Some(bytes) if digest(bytes) != expected.digest => out.push(format!("{path} was changed.")),
            Some(_) => {}
        }
    }
    let extra = files.keys().filter(|p| !is_own(p) && !listed.contains_key(*p));
    out.extend(extra.map(|path| format!("{path} was added: the manifest does not list it.")));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        Files::from([("a.txt".to_owned(), b"one".to_vec()), ("b/c.md".to_owned(), b"two\n".to_vec())])
    }

    #[test]
    fn what_is_written_is_read_back_and_fits() {
        let listed = parse(render(&files()).as_bytes()).unwrap();
        assert_eq!(listed.len(), 2);
        assert_eq!(differences(&files(), &listed), Vec::<String>::new());
    }

    #[test]
    fn each_change_is_named() {
        let listed = parse(render(&files()).as_bytes()).unwrap();
        let mut changed = files();
        changed.insert("a.txt".into(), b"onE".to_vec());
        changed.insert("new".into(), Vec::new());
        changed.remove("b/c.md");
        let told = differences(&changed, &listed);
        assert_eq!(told, ["a.txt was changed.", "b/c.md is missing.", "new was added: the manifest does not list it."]);
        changed.insert("a.txt".into(), b"longer".to_vec());
        assert!(differences(&changed, &listed)[0].contains("6 bytes in place of 3"));
    }

    #[test]
    fn a_manifest_with_a_changed_line_is_refused() {
        let text = render(&files());
        for (from, to) in
            [("#size 3", "#size x"), ("  a.txt", " a.txt"), ("smsctl-manifest/1", "x"), ("#size 3 a.txt\n", "")]
        {
            assert!(parse(text.replacen(from, to, 1).as_bytes()).is_err(), "{from}");
        }
    }
}
