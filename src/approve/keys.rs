//! The signer's keys: where they are and how they sign.

use std::path::{Path, PathBuf};

use super::tools::Tools;
use crate::error::Error;
use crate::signature::key::KeyId;
use crate::signature::ssh;
use crate::trust::Policy;

/// Key files looked for in `~/.ssh`, as OpenSSH does.
const USUAL: [&str; 5] = ["id_ed25519", "id_ed25519_sk", "id_ecdsa", "id_ecdsa_sk", "id_rsa"];

/// Where the secret half is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// A key file of OpenSSH.
    File(PathBuf),
    /// The SSH agent.
    Agent,
    /// `GnuPG`.
    Gpg,
}

/// A key somebody can sign with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningKey {
    /// Its fingerprint.
    pub id: KeyId,
    /// Public half as OpenSSH writes it (kind and base64); empty for OpenPGP.
    pub public: String,
    /// Where the secret half is.
    pub store: Store,
    /// Why its signatures cannot count.
    pub trouble: Option<String>,
}

impl SigningKey {
    /// It is a security key that has to be touched.
    #[must_use]
    pub fn wants_touch(&self) -> bool {
        self.public.starts_with("sk-")
    }

    /// The key as people look for it.
    #[must_use]
    pub fn shown(&self, tools: &Tools) -> String {
        match &self.store {
            Store::File(path) => format!("{} ({})", self.id, tools.shown(path)),
            Store::Agent => format!("{} (SSH agent)", self.id),
            Store::Gpg => format!("{} (GnuPG)", self.id),
        }
    }

    /// What Git is told to sign a commit with this key.
    pub(super) fn git_options(&self) -> [String; 4] {
        let (format, key) = match &self.store {
            Store::File(path) => ("ssh", path.display().to_string()),
            Store::Agent => ("ssh", format!("key::{}", self.public)),
            Store::Gpg => ("openpgp", self.id.0.clone()),
        };
        ["-c".into(), format!("gpg.format={format}"), "-c".into(), format!("user.signingkey={key}")]
    }

    /// Ending of the signature's file.
    #[must_use]
    pub fn ending(&self) -> &'static str {
        if self.store == Store::Gpg { "asc" } else { "sig" }
    }
}

/// A public key from a line of OpenSSH, whose secret half lies somewhere.
fn from_line(line: &str, store: Store) -> Option<SigningKey> {
    let (id, public) = ssh::public_key(line)?;
    Some(SigningKey { id, public: public.text, store, trouble: public.trouble })
}

/// A key file: `id_ed25519` or `id_ed25519.pub`. Without the secret half the agent is taken to have it.
fn from_file(tools: &Tools, path: &Path) -> Result<Option<SigningKey>, Error> {
    let is_public = path.extension().is_some_and(|e| e == "pub");
    let secret = if is_public { path.with_extension("") } else { path.to_owned() };
    let mut public = secret.clone().into_os_string();
    public.push(".pub");
    let public = if is_public { path.to_owned() } else { PathBuf::from(public) };
    let store = if secret.is_file() { Store::File(secret.clone()) } else { Store::Agent };
    if public.is_file() {
        let text = read(&public)?;
        return Ok(text.lines().find_map(|l| from_line(l, store.clone())));
    }
    if !secret.is_file() {
        return Ok(None);
    }
    let done = tools.run("ssh-keygen", &["-y", "-f", &secret.display().to_string()], &[])?;
    Ok(done.line().and_then(|l| from_line(&l, store)))
}

fn read(path: &Path) -> Result<String, Error> {
    let bytes = std::fs::read(path).map_err(|source| Error::Io { action: "read", path: path.to_owned(), source })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// An OpenPGP key whose secret half `GnuPG` has.
fn from_gpg(tools: &Tools, name: &str) -> Result<Option<SigningKey>, Error> {
    let args = ["--batch", "--with-colons", "--list-secret-keys", "--", name.trim_end_matches('!')];
    let done = tools.run("gpg", &args, &[])?;
    let text = String::from_utf8_lossy(&done.out);
    let fingerprint = text.lines().find_map(|l| l.strip_prefix("fpr:")).and_then(|l| l.split(':').nth(8));
    let key = fingerprint.filter(|_| done.ok);
    Ok(key.map(|f| SigningKey { id: KeyId(f.to_owned()), public: String::new(), store: Store::Gpg, trouble: None }))
}

/// The key a user names: a file, or an OpenPGP fingerprint.
///
/// # Errors
/// When there is no such key.
pub fn named(tools: &Tools, cwd: &Path, name: &str) -> Result<SigningKey, Error> {
    let path = cwd.join(name);
    let found = if path.is_file() || path.with_extension("pub").is_file() {
        from_file(tools, &path)?
    } else if name.len() >= 8 && name.bytes().all(|b| b.is_ascii_hexdigit() || b == b'!') {
        from_gpg(tools, name)?
    } else {
        None
    };
    let help = "Name a key file of OpenSSH (such as ~/.ssh/id_ed25519), or the fingerprint of an OpenPGP key.";
    found.ok_or_else(|| Error::usage(format!("`{name}` is no key you can sign with"), help))
}

/// The key Git signs with.
fn of_git(tools: &Tools) -> Result<Option<SigningKey>, Error> {
    let Some(key) = tools.git_path("user.signingkey")? else { return Ok(None) };
    let format = tools.git_config("gpg.format")?.unwrap_or_else(|| "openpgp".into());
    match format.as_str() {
        "ssh" => match key.strip_prefix("key::").or(Some(key.as_str()).filter(|k| k.starts_with("ssh-"))) {
            Some(line) => Ok(from_line(line, Store::Agent)),
            None => from_file(tools, &tools.folder.join(&key)),
        },
        "openpgp" => Ok(from_gpg(tools, &key).unwrap_or(None)),
        _ => Ok(None),
    }
}

/// All keys of the signer: Git's own, key files, the agent's, and OpenPGP keys of the policy. Git's own comes first.
///
/// # Errors
/// When git cannot be run, or a key file cannot be read.
pub fn all(tools: &Tools, policy: Option<&Policy>) -> Result<Vec<SigningKey>, Error> {
    let mut out: Vec<SigningKey> = of_git(tools)?.into_iter().collect();
    for name in USUAL {
        if let Some(path) = tools.at_home(&format!(".ssh/{name}.pub")).filter(|p| p.is_file()) {
            out.extend(from_file(tools, &path)?);
        }
    }
    // No agent, or one without keys, is no fault.
    if let Ok(done) = tools.run("ssh-add", &["-L"], &[]) {
        let text = String::from_utf8_lossy(&done.out).into_owned();
        out.extend(text.lines().filter(|_| done.ok).filter_map(|l| from_line(l, Store::Agent)));
    }
    for fingerprint in policy.iter().flat_map(|p| p.people.values()).flat_map(|p| &p.openpgp) {
        out.extend(from_gpg(tools, fingerprint).unwrap_or(None));
    }
    let mut seen = std::collections::BTreeSet::new();
    out.retain(|key| seen.insert(key.id.clone()));
    Ok(out)
}

/// Signs bytes; gives the armored signature. An SSH signature holds for one use, its namespace; OpenPGP knows none.
///
/// # Errors
/// What the program that signs said.
pub fn sign(tools: &Tools, key: &SigningKey, namespace: &str, bytes: &[u8]) -> Result<Vec<u8>, Error> {
    let (program, done) = match &key.store {
        Store::File(path) => {
            let path = path.display().to_string();
            ("ssh-keygen", tools.run("ssh-keygen", &["-Y", "sign", "-n", namespace, "-f", &path], bytes)?)
        }
        Store::Agent => {
            let failed = |source| Error::Io { action: "write", path: "a temporary file".into(), source };
            let folder = tempfile::tempdir().map_err(failed)?;
            let path = folder.path().join("key.pub");
            std::fs::write(&path, format!("{}\n", key.public)).map_err(failed)?;
            let path = path.display().to_string();
            ("ssh-keygen", tools.run("ssh-keygen", &["-Y", "sign", "-n", namespace, "-U", "-f", &path], bytes)?)
        }
        Store::Gpg => {
            let args = ["--local-user", &key.id.0, "--armor", "--detach-sign", "--output", "-"];
            ("gpg", tools.run("gpg", &args, bytes)?)
        }
    };
    if !done.ok || done.out.is_empty() {
        let said = done.err.lines().last().unwrap_or("nothing").to_owned();
        let message = format!("{program} made no signature with {}: {said}", key.shown(tools));
        return Err(Error::usage(message, "Nothing was written. See that the key is yours and can be unlocked."));
    }
    Ok(done.out)
}

/// How somebody who has never signed anything makes a key, line by line.
#[must_use]
pub fn how_to_make_one() -> String {
    "Make a key, once: `ssh-keygen -t ed25519` (Enter takes the usual place; choose a passphrase). Its public half is \
     ~/.ssh/id_ed25519.pub; the other half never leaves your machine. Then run this command again."
        .into()
}

/// The certificate of an OpenPGP key, as others need it.
///
/// # Errors
/// When `GnuPG` does not export it.
pub fn certificate(tools: &Tools, key: &KeyId) -> Result<Vec<u8>, Error> {
    let args = ["--batch", "--armor", "--export-options", "export-minimal", "--export", "--", &key.0];
    let done = tools.run("gpg", &args, &[])?;
    if done.ok && !done.out.is_empty() {
        return Ok(done.out);
    }
    Err(Error::usage(format!("gpg does not export the key {key}: {}", done.err), "See `gpg --list-keys`."))
}
