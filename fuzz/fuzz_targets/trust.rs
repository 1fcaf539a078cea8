//! Any bytes as statement, checkpoint and trust policy: reading never panics, and what is read is written back the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use smsctl::trust::{Checkpoint, Pins, Policy, Root, Statement};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(statement) = Statement::parse(bytes) {
        assert_eq!(statement.render().as_bytes(), bytes);
    }
    if let Ok(checkpoint) = Checkpoint::parse(bytes) {
        assert_eq!(checkpoint.render().as_bytes(), bytes);
    }
    let files = [("trust/policy.toml".to_owned(), bytes.to_vec()), ("trust/allowed_signers".to_owned(), bytes.to_vec())];
    let _ = Policy::read(&files.into_iter().collect());
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = (Root::parse(text), Pins::parse(text));
    }
});
