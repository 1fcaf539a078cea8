//! The files that lead a reader through the evidence, computed anew: the list of approvals, the keys, the guide and its script.

use std::collections::BTreeSet;

use super::history::History;
use super::{Outcome, Step};
use crate::pack::container::Opened;
use crate::pack::guide::{self, Sealed};
use crate::pack::index::{INDEX, Index};
use crate::pack::manifest::{self, MANIFEST, NAMESPACE, OPENPGP_SIGNATURE, SSH_SIGNATURE};
use crate::pack::{Files, evidence};
use crate::signature::ssh;

/// The exporter's keys, in the pack.
const SSH_KEY: &str = "keys/exporter_allowed_signers";
const OPENPGP_KEY: &str = "keys/exporter.asc";

/// Compares them, and looks for files that belong to no pack.
pub(super) fn step(pack: &Opened, index: &Index, history: &History) -> Step {
    let title = "Evidence";
    let mut wrong = strangers(pack);
    let Some(judged) = history.then.judged() else {
        return Step::new(title, Outcome::NotDone, "nothing was judged").with(wrong);
    };
    let sealed = sealed(pack, index, history);
    match evidence::lists(&history.repository, &history.then, judged, &|oid| history.has(oid)) {
        Ok(lists) => wrong.extend(differences(pack, &lists)),
        Err(error) => wrong.push(error.to_string()),
    }
    let own = index.tool == env!("CARGO_PKG_VERSION");
    match &sealed {
        Ok(sealed) if own => wrong.extend(differences(pack, &guide::files(index, sealed))),
        Ok(_) => {}
        Err(why) => wrong.push(why.clone()),
    }
    if !wrong.is_empty() {
        return Step::failed(title, "what leads through the evidence is not what the history gives").with(wrong);
    }
    if own {
        return Step::new(
            title,
            Outcome::Good,
            "lists of approvals and keys, guide and script are as the history gives them",
        );
    }
    let summary = format!(
        "lists of approvals and keys are as the history gives them; {} and the script are of another version of smsctl, so read \
         the script before you run it",
        guide::GUIDE
    );
    Step::new(title, Outcome::Note, summary)
}

/// Each expected file is there as it should be; no other key is.
fn differences(pack: &Opened, expected: &Files) -> Vec<String> {
    let differs = expected.iter().filter(|(path, bytes)| pack.files.get(*path) != Some(bytes));
    let mut out: Vec<String> = differs.map(|(path, _)| format!("{path} is missing or was changed.")).collect();
    if expected.contains_key(evidence::ROOT) {
        let own = [SSH_KEY, OPENPGP_KEY];
        let keys = pack.files.keys().filter(|p| p.starts_with("keys/") && !own.contains(&p.as_str()));
        out.extend(keys.filter(|p| !expected.contains_key(*p)).map(|p| format!("{p} is no key of the trust policy.")));
    }
    out
}

/// How the manifest is signed, with the key that the pack says it was signed with.
pub(super) fn sealed(pack: &Opened, index: &Index, history: &History) -> Result<Sealed, String> {
    let text = |path: &str| pack.files.get(path).map(|b| String::from_utf8_lossy(b).into_owned());
    let wrong = |file: &str| Err(format!("{file} does not hold the key that signed."));
    if let Some(signature) = pack.files.get(SSH_SIGNATURE) {
        let line = text(SSH_KEY).unwrap_or_default();
        let parts = line.strip_suffix('\n').and_then(|l| l.split_once(&format!(" namespaces=\"{NAMESPACE}\" ")));
        let Some((name, (key, _))) = parts.and_then(|(name, key)| Some((name, ssh::public_key(key)?))) else {
            return wrong(SSH_KEY);
        };
        let person = history.then.judged().and_then(|j| j.policy().holder(&key)).unwrap_or("exporter");
        let fits = ssh::claimed_key(signature).as_ref() == Some(&key) && name == person && !has(pack, OPENPGP_KEY);
        return if fits { Ok(Sealed::Ssh(name.to_owned())) } else { wrong(SSH_KEY) };
    }
    let unsigned = !has(pack, OPENPGP_SIGNATURE);
    if has(pack, SSH_KEY) || unsigned == has(pack, OPENPGP_KEY) {
        return Err("keys/ does not hold the key of whoever signed, and that alone.".into());
    }
    let key = index.signed_with.clone().unwrap_or_default();
    Ok(if unsigned { Sealed::Unsigned } else { Sealed::OpenPgp(key) })
}

fn has(pack: &Opened, path: &str) -> bool {
    pack.files.contains_key(path)
}

/// The exporter's own files.
pub(super) fn exporter(pack: &Opened) -> Files {
    let own = pack.files.iter().filter(|(path, _)| [SSH_KEY, OPENPGP_KEY].contains(&path.as_str()));
    own.map(|(path, bytes)| (path.clone(), bytes.clone())).collect()
}

/// Files that no pack has, and those that every pack has.
fn strangers(pack: &Opened) -> Vec<String> {
    let single: BTreeSet<&str> = [
        "index.html",
        "report.json",
        "registers.xlsx",
        INDEX,
        MANIFEST,
        guide::GUIDE,
        guide::SCRIPT,
        evidence::BUNDLE,
        evidence::WITHHELD,
        evidence::APPROVALS,
        evidence::ROOT,
    ]
    .into();
    let folders = [
        ("documents/", ""),
        ("html/", ".html"),
        ("keys/", ""),
        ("tables/", ".csv"),
        ("populations/", ".csv"),
        ("oscal/", ".json"),
    ];
    let known = |path: &str| {
        let printed = path.starts_with("audit-pack") && !path.contains('/');
        let in_folder = folders.iter().any(|(folder, end)| path.starts_with(folder) && path.ends_with(end));
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        single.contains(path) || manifest::is_own(path) || in_folder || (printed && matches!(ending, "pdf" | "typ"))
    };
    let extra = pack.files.keys().filter(|p| !known(p)).map(|p| format!("{p} belongs to no audit pack."));
    let missing =
        ["index.html", guide::GUIDE].into_iter().filter(|p| !has(pack, p)).map(|p| format!("{p} is missing."));
    extra.chain(missing).collect()
}
