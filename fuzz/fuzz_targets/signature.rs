//! Any bytes as commit, tag, trailers, allowed signers, signature and certificate: reading never panics, and nothing is good.
#![no_main]

use libfuzzer_sys::fuzz_target;
use smsctl::signature::{AllowedSigners, RawCommit, RawTag, openpgp, ssh, trailer};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(commit) = RawCommit::parse(bytes) {
        assert!(!commit.strict() || commit.signature.is_some());
    }
    let payload = RawCommit::payload(bytes);
    assert_eq!(RawCommit::payload(&payload), payload);
    let _ = RawTag::parse(bytes);
    assert!(RawTag::payload(bytes).len() <= bytes.len());
    for (key, value) in trailer::last_block(bytes).unwrap_or_default() {
        assert!(trailer::mentions(bytes, &key) && !value.contains('\n'));
    }
    let (read, _) = AllowedSigners::parse(bytes);
    for line in read.lines {
        let _ = line.names("carla@example.org") && line.allows("git") && line.covers(0, 0);
    }
    assert!(ssh::verify(b"text", bytes, "git").good().is_none());
    let certificates = openpgp::Certificate::parse(bytes).unwrap_or_default();
    assert!(openpgp::verify(b"text", bytes, &certificates, 0).good().is_none());
});
