//! Speed of `check` on synthetic SMSs, and their generator.
//!
//! `cargo bench --bench check` measures reading and rules over 1,000, 10,000 and 50,000 artifacts in memory.
//! `cargo bench --bench check -- generate 10000 DIR` writes such an SMS to a folder, to measure the whole program with
//! `time` (see docs/performance.md); with a last argument `requiem` or `decided` it writes the same texts for that tool.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use jiff::civil::date;
use smsctl::rules::{self, Ctx};
use smsctl::source::MemoryTree;
use smsctl::workspace;

mod synthetic;

const SEED: u64 = 200_001;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|a| a == "generate") {
        let count = arguments[at + 1].parse().unwrap();
        let shape: fn(usize, u64) -> Vec<(String, String)> = match arguments.get(at + 3).map(String::as_str) {
            Some("requiem") => synthetic::peers::requiem,
            Some("decided") => synthetic::peers::decided,
            _ => synthetic::files,
        };
        return write(&shape(count, SEED), std::path::Path::new(&arguments[at + 2]));
    }
    divan::main();
}

fn write(files: &[(String, String)], root: &std::path::Path) {
    for (path, text) in files {
        let full = root.join(path);
        std::fs::create_dir_all(full.parent().unwrap()).unwrap();
        std::fs::write(full, text).unwrap();
    }
    println!("wrote {} files to {}", files.len(), root.display());
}

fn tree(count: usize) -> MemoryTree {
    synthetic::files(count, SEED).into_iter().map(|(path, text)| (path, Some(text.into_bytes()))).collect()
}

#[divan::bench(args = [1_000, 10_000, 50_000], sample_count = 5, sample_size = 1)]
fn read(bencher: divan::Bencher<'_, '_>, count: usize) {
    let tree = tree(count);
    bencher.bench(|| workspace::load(&tree, &|_, _| {}).unwrap().entities.len());
}

#[divan::bench(args = [1_000, 10_000, 50_000], sample_count = 5, sample_size = 1)]
fn rules(bencher: divan::Bencher<'_, '_>, count: usize) {
    let workspace = workspace::load(&tree(count), &|_, _| {}).unwrap();
    bencher.bench(|| rules::run(&Ctx::new(&workspace, date(2026, 11, 20))).findings.len());
}
