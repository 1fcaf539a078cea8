//! Any text as smsctl.toml, an artifact and a CSV of one SMS: loading and all rules never panic.
#![no_main]

use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use smsctl::rules::{self, Ctx};
use smsctl::source::MemoryTree;
use smsctl::workspace;

fuzz_target!(|input: (String, String, String)| {
    let (config, artifact, csv) = input;
    let mut tree = MemoryTree::default();
    tree.put("smsctl.toml", Some(config.into_bytes()));
    tree.put("a.md", Some(artifact.into_bytes()));
    tree.put("entries.csv", Some(csv.into_bytes()));
    if let Ok(workspace) = workspace::load(&tree, &|_, _| {}) {
        let _ = rules::run(&Ctx::new(&workspace, date(2026, 11, 20)));
    }
});
