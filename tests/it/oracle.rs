//! Programs of others that some tests compare smsctl with. Where one is missing the test passes over it, and the end of the run says so.

/// Program, its package on Debian, and what is compared with it.
pub const ALL: &[(&str, &str, &str)] = &[
    ("gpg", "gnupg", "OpenPGP signatures"),
    ("openssl", "openssl", "signatures of security keys"),
    ("pdftotext", "poppler-utils", "the text of an audit pack's PDF"),
    ("python3", "python3", "the ranks of a sample"),
    ("qpdf", "qpdf", "the structure of an audit pack's PDF"),
    ("unzip", "unzip", "the ZIP file of an audit pack"),
    ("xmllint", "libxml2-utils", "JUnit reports"),
];

/// Whether a program is installed. On Linux CI installs all of them, so that none is passed over in silence.
pub fn here(program: &str) -> bool {
    assert!(
        ALL.iter().any(|(name, ..)| *name == program),
        "{program} is not in the list that the end of the run goes through"
    );
    let found = found(program);
    let must = cfg!(target_os = "linux") && std::env::var_os("CI").is_some_and(|ci| ci == "true");
    assert!(found || !must, "CI needs {program}: run .ci/oracles");
    found
}

/// Whether a program is in the PATH.
fn found(program: &str) -> bool {
    if cfg!(windows) && program == "gpg" {
        // The one of Git for Windows does not take a home as Windows writes it.
        return false;
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let file = format!("{program}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).any(|folder| folder.join(&file).is_file())
}
