//! Writes the lists of files that live inside the binary: drop a file into a folder and it is in.
//!
//! Each list is sorted by path, so that a look-up can halve its way.

#![allow(clippy::disallowed_methods)] // cargo speaks to build scripts through the environment

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Name of the list, folder, and the ends of file names that are left out.
const LISTS: &[(&str, &str, &[&str])] = &[
    ("templates", "src/catalog/templates", &[".md"]),
    ("schemas", "schemas", &[]),
    ("example", "examples/toolkit", &[]),
];

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?);
    let out = PathBuf::from(env::var("OUT_DIR").map_err(io::Error::other)?);
    println!("cargo::rerun-if-changed=build.rs");
    for (name, folder, without) in LISTS {
        println!("cargo::rerun-if-changed={folder}");
        let mut files = Vec::new();
        collect(&root.join(folder), "", &mut files)?;
        let shown = |path: &str| {
            let cut = without.iter().find_map(|end| path.strip_suffix(end)).filter(|_| !path.starts_with("init/"));
            cut.unwrap_or(path).to_owned()
        };
        let mut named: Vec<(String, PathBuf)> = files.iter().map(|(p, full)| (shown(p), full.clone())).collect();
        named.sort();
        let mut text = String::from("&[\n");
        for (path, full) in named {
            let full = full.to_str().ok_or_else(|| io::Error::other("a path that is not UTF-8"))?;
            writeln!(text, "    ({path:?}, include_str!({full:?})),").map_err(io::Error::other)?;
        }
        fs::write(out.join(format!("{name}.rs")), text + "]\n")?;
    }
    Ok(())
}

/// All files below a folder, with their paths from there. Hidden ones are nobody's content.
fn collect(folder: &Path, below: &str, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| io::Error::other("a file name that is not UTF-8"))?;
        if name.starts_with('.') {
            continue;
        }
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &path, files)?;
        } else {
            files.push((path, entry.path()));
        }
    }
    Ok(())
}
