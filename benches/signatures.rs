//! What one verification costs, for each kind of key. Signatures are made by the stock programs before the clock runs.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs)]

use std::path::Path;
use std::process::Command;

use divan::Bencher;
use smsctl::signature::{RawCommit, openpgp, ssh};

const TEXT: &[u8] =
    b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nx\n";

fn main() {
    divan::main();
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Vec<u8> {
    let home = folder.join("gnupg");
    std::fs::create_dir_all(&home).unwrap();
    let mut command = Command::new(program);
    let output = command.args(arguments).current_dir(folder).env("GNUPGHOME", home).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn ssh_signature(kind: &[&str]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), "ssh-keygen", &[&["-q", "-N", "", "-f", "key", "-t"], kind].concat());
    std::fs::write(folder.path().join("text"), TEXT).unwrap();
    run(folder.path(), "ssh-keygen", &["-Y", "sign", "-q", "-n", "git", "-f", "key", "text"]);
    std::fs::read(folder.path().join("text.sig")).unwrap()
}

#[divan::bench(args = ["ed25519", "ecdsa 256", "ecdsa 384", "rsa 3072"])]
fn ssh(bencher: Bencher<'_, '_>, kind: &str) {
    let (name, bits) = kind.split_once(' ').unwrap_or((kind, ""));
    let signature = ssh_signature(&if bits.is_empty() { vec![name] } else { vec![name, "-b", bits] });
    bencher.bench(|| {
        let verdict = ssh::verify(divan::black_box(TEXT), &signature, "git");
        assert!(verdict.good().is_some());
        verdict
    });
}

#[divan::bench(args = ["ed25519", "rsa3072"])]
fn openpgp_detached(bencher: Bencher<'_, '_>, kind: &str) {
    let folder = tempfile::tempdir().unwrap();
    let quiet = ["--batch", "--quiet", "--passphrase", "", "--pinentry-mode", "loopback"];
    let gpg = |arguments: &[&str]| run(folder.path(), "gpg", &[&quiet, arguments].concat());
    gpg(&["--quick-gen-key", "a@example.org", kind, "sign", "0"]);
    std::fs::write(folder.path().join("text"), TEXT).unwrap();
    let signature = gpg(&["--armor", "--output", "-", "--detach-sign", "text"]);
    let certificates = openpgp::Certificate::parse(&gpg(&["--export"])).unwrap();
    run(folder.path(), "gpgconf", &["--kill", "all"]);
    let now = jiff::Timestamp::now().as_second();
    bencher.bench(|| {
        let verdict = openpgp::verify(divan::black_box(TEXT), &signature, &certificates, now);
        assert!(verdict.good().is_some());
        verdict
    });
}

#[divan::bench]
fn split_a_commit(bencher: Bencher<'_, '_>) {
    let signature = String::from_utf8(ssh_signature(&["ed25519"])).unwrap();
    let header = format!("gpgsig {}\n\n", signature.trim_end().replace('\n', "\n "));
    let raw = String::from_utf8(TEXT.to_vec()).unwrap().replacen("\n\n", &format!("\n{header}"), 1).into_bytes();
    bencher.bench(|| {
        let commit = RawCommit::parse(divan::black_box(&raw)).unwrap();
        assert!(commit.strict());
        RawCommit::payload(&raw)
    });
}
