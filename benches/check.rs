//! Speed of `check` on synthetic SMSs, and their generator.
//!
//! `cargo bench --bench check` measures reading and rules over 1,000, 10,000 and 50,000 artifacts in memory.
//! `cargo bench --bench check -- generate 10000 DIR` writes such an SMS to a folder, to measure the whole program with
//! `time` (see docs/performance.md).
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
        let root = std::path::Path::new(&arguments[at + 2]);
        for (path, text) in synthetic::files(count, SEED) {
            let full = root.join(path);
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            std::fs::write(full, text).unwrap();
        }
        println!("wrote {count} artifacts to {}", root.display());
        return;
    }
    divan::main();
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
