//! The outermost layers: every file against the manifest, the ZIP file around them, the signature over the manifest.

use jiff::Timestamp;

use super::{Ground, Outcome, Step};
use crate::pack::container::{Opened, zip};
use crate::pack::index::Index;
use crate::pack::manifest::{self, MANIFEST, NAMESPACE, OPENPGP_SIGNATURE, SSH_SIGNATURE};
use crate::signature::key::{KeyId, Verdict};
use crate::signature::openpgp::{self, Certificate};
use crate::signature::ssh;
use crate::trust::Policy;

/// Every file against the manifest.
pub(super) fn files(pack: &Opened) -> Step {
    let title = "Files";
    let Some(bytes) = pack.files.get(MANIFEST) else {
        return Step::failed(title, format!("{MANIFEST} is missing"));
    };
    let listed = match manifest::parse(bytes) {
        Ok(listed) => listed,
        Err(why) => return Step::failed(title, format!("{MANIFEST} cannot be read: {why}")),
    };
    let details = manifest::differences(&pack.files, &listed);
    if details.is_empty() {
        let summary = format!("{} files, each with the size and SHA-256 of the manifest", listed.len());
        return Step::new(title, Outcome::Good, summary);
    }
    Step::failed(title, format!("{} of {} files differ from the manifest", details.len(), listed.len())).with(details)
}

/// The ZIP around the files holds nothing else. Only the version that wrote it packs the same bytes.
pub(super) fn container(pack: &Opened, index: Option<&Index>) -> Option<Step> {
    let bytes = pack.zip.as_ref()?;
    let title = "ZIP file";
    let folder = index.map(|i| format!("audit-pack-{}-{}", i.stage, i.today));
    if folder.is_some_and(|f| f != pack.folder) {
        return Some(Step::failed(title, "its folder is not named after the stage and the day of the pack"));
    }
    let same = zip(&pack.folder, &pack.files).is_ok_and(|again| again == *bytes);
    let own = index.is_some_and(|i| i.tool == env!("CARGO_PKG_VERSION"));
    let changed =
        "the ZIP file is not the one that was written: bytes around the files were changed, or it was packed again";
    let foreign = "the ZIP file holds these files and nothing between them; another version of smsctl wrote it, so its own \
                   bytes were not compared";
    Some(match (same, own) {
        (true, _) => Step::new(title, Outcome::Good, "the ZIP file holds these files and nothing else"),
        (false, true) => Step::failed(title, changed),
        (false, false) => Step::new(title, Outcome::Note, foreign),
    })
}

/// Who signed the manifest.
pub(super) fn signature(pack: &Opened, index: &Index, policy: Option<&Policy>, ground: &Ground) -> Step {
    let title = "Signature";
    let manifest = pack.files.get(MANIFEST).map_or(&[][..], Vec::as_slice);
    let verdict = match (pack.files.get(SSH_SIGNATURE), pack.files.get(OPENPGP_SIGNATURE)) {
        (Some(_), Some(_)) => return Step::failed(title, "the manifest has two signatures"),
        (Some(signature), None) => ssh::verify(manifest, signature, NAMESPACE),
        (None, Some(signature)) => openpgp::verify(manifest, signature, &certificates(pack, policy), ground.now),
        (None, None) => return unsigned(index, ground),
    };
    let key = match verdict {
        Verdict::Good { key, .. } => key,
        Verdict::Bad(why) => return Step::failed(title, format!("the signature does not fit {MANIFEST}: {why}")),
        Verdict::Unverifiable(why) => {
            return Step::new(title, Outcome::NotDone, why);
        }
        Verdict::Weak { key, reason } | Verdict::Expired { key, reason } | Verdict::Revoked { key, reason } => {
            return Step::failed(title, format!("the key {key} does not count: {reason}"));
        }
        Verdict::Unknown { key } => {
            return Step::failed(title, format!("nothing is known of the key {key} that signed"));
        }
    };
    let said = index.signed_with.as_deref().unwrap_or("nobody");
    let mut wanted = ground.signer.as_deref().into_iter().chain([said]);
    if let Some(wanted) = wanted.find(|w| *w != key.0) {
        return Step::failed(title, format!("made with the key {key}, and {wanted} was to sign"));
    }
    whose(&key, policy, ground)
}

fn unsigned(index: &Index, ground: &Ground) -> Step {
    let title = "Signature";
    if index.signed_with.is_some() || ground.signer.is_some() {
        return Step::failed(title, "the signature of the manifest was taken away");
    }
    let summary = "the pack is not signed, so nothing shows who made it: what its history does not show may have been changed by \
                   anybody";
    Step::new(title, Outcome::NotDone, summary)
}

/// Certificates an OpenPGP signature may be by: those of the trust policy, and the exporter's own.
fn certificates(pack: &Opened, policy: Option<&Policy>) -> Vec<Certificate> {
    let own = pack.files.get("keys/exporter.asc").and_then(|b| Certificate::parse(b).ok()).unwrap_or_default();
    policy.iter().flat_map(|p| p.certificates.iter().cloned()).chain(own).collect()
}

fn whose(key: &KeyId, policy: Option<&Policy>, ground: &Ground) -> Step {
    let title = "Signature";
    let revocation = policy.and_then(|p| p.revocation(key));
    if let Some(revocation) = revocation {
        let how = if revocation.compromised { "compromised" } else { "withdrawn" };
        return Step::failed(title, format!("the trust policy says that the key {key} is {how}"));
    }
    let now = Timestamp::from_second(ground.now).unwrap_or(Timestamp::MAX);
    let Some((person, policy)) = policy.and_then(|p| Some((p.holder(key)?, p))) else {
        if ground.signer.is_some() {
            return Step::new(title, Outcome::Good, format!("made with the key {key}, as you said it would be"));
        }
        let help = format!(
            "Ask the organization on another way (on paper, by telephone) whether this key is theirs. When it is: \
             smsctl audit-pack verify FILE --signer {key}"
        );
        let summary =
            format!("made with the key {key}, which the trust policy does not know: anybody may have made it");
        return Step::new(title, Outcome::NotDone, summary).with(vec![help]);
    };
    let roles: Vec<&str> = policy.roles_of(person, now).collect();
    if roles.is_empty() && ground.signer.is_none() {
        let summary = format!("made by {person}, who holds no role in the trust policy any more, with the key {key}");
        let help = format!(
            "Ask the organization whether this pack is theirs. When it is: smsctl audit-pack verify FILE --signer {key}"
        );
        return Step::new(title, Outcome::NotDone, summary).with(vec![help]);
    }
    let roles = if roles.is_empty() { "no role".to_owned() } else { roles.join(", ") };
    Step::new(title, Outcome::Good, format!("made by {person} ({roles}) with the key {key}"))
}
