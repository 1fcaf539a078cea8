//! Detached signatures.

use pgp::packet::{Packet, PacketParser, Signature, SignatureType, SignatureVersion};
use pgp::types::KeyDetails;

use super::armored;
use super::certificate::{AnyKey, Certificate, Key, Standing, strong, uncritical};
use crate::signature::key::{Armor, KeyId, Verdict, armor};

/// Verifies a detached, armored signature over the payload.
///
/// `at` is the time of reference in seconds since the epoch: a key must not have expired then. What expires later stays
/// good. Whether the claimed time of the signature is plausible is the caller's business, but for two things: it must not
/// lie before the key was made nor after the key expired.
pub fn verify(payload: &[u8], armored: &[u8], certificates: &[Certificate], at: i64) -> Verdict {
    if armor(armored) != Armor::OpenPgp {
        return Verdict::Bad("this is no OpenPGP signature".into());
    }
    match read(armored) {
        Ok(signature) => judge(&signature, payload, certificates, at),
        Err(reason) => Verdict::Bad(reason.into()),
    }
}

/// The one signature packet in the armor.
fn read(armored: &[u8]) -> Result<Signature, &'static str> {
    let damaged = "the armor of the OpenPGP signature is damaged";
    let blocks = armored::blocks(armored, "PGP SIGNATURE").ok_or(damaged)?;
    let bytes = blocks.first().ok_or(damaged)?;
    let mut packets = PacketParser::new(bytes.as_slice());
    let first = packets.next();
    if blocks.len() > 1 || packets.next().is_some() {
        return Err("there is more than one OpenPGP signature");
    }
    match first {
        Some(Ok(Packet::Signature(signature))) => Ok(signature),
        _ => Err("the OpenPGP signature is damaged or of an unknown kind"),
    }
}

fn judge(signature: &Signature, payload: &[u8], certificates: &[Certificate], at: i64) -> Verdict {
    if let Err(reason) = form(signature) {
        return Verdict::Bad(reason.into());
    }
    let all = certificates.iter().flat_map(|c| c.keys.iter().map(move |key| (c, key)));
    let candidates: Vec<_> = all.filter(|(_, key)| names(signature, key)).collect();
    if candidates.is_empty() {
        return Verdict::Unknown { key: issuer(signature) };
    }
    let fitting = candidates.iter().filter(|(_, key)| holds(signature, key, payload));
    let Some((certificate, key)) = fitting.min_by_key(|(_, key)| precedence(&key.standing)) else {
        // Mathematics that nobody here can do did not fail.
        return match candidates.iter().find_map(|(_, key)| unsupported(&key.standing)) {
            Some(reason) => Verdict::Unverifiable(reason),
            None => Verdict::Bad("the signature does not fit the signed text".into()),
        };
    };
    let id = KeyId(certificate.fingerprint().to_owned());
    match &key.standing {
        Standing::Revoked(reason) => Verdict::Revoked { key: id, reason: reason.clone() },
        Standing::NotForSigning => Verdict::Bad("the key is not meant for signing".into()),
        Standing::Unfit(reason) => Verdict::Bad(reason.clone()),
        Standing::Unsupported(reason) => Verdict::Unverifiable(reason.clone()),
        Standing::Weak(reason) => Verdict::Weak { key: id, reason: reason.clone() },
        Standing::MaySign if !strong(signature) => {
            Verdict::Weak { key: id, reason: "the signature uses an old digest such as SHA-1".into() }
        }
        Standing::MaySign => timely(signature, certificate, key, at),
    }
}

fn unsupported(standing: &Standing) -> Option<String> {
    match standing {
        Standing::Unsupported(reason) => Some(reason.clone()),
        _ => None,
    }
}

/// Of several certificates with the key, a revocation tells most, and a certificate that only claims the key least.
fn precedence(standing: &Standing) -> u8 {
    match standing {
        Standing::Revoked(_) => 0,
        Standing::MaySign => 1,
        Standing::Weak(_) => 2,
        Standing::NotForSigning | Standing::Unsupported(_) => 3,
        Standing::Unfit(_) => 4,
    }
}

/// What must hold for any signature over a file.
fn form(signature: &Signature) -> Result<(), &'static str> {
    if !matches!(signature.version(), SignatureVersion::V4 | SignatureVersion::V6) {
        return Err("the OpenPGP signature is of another version than 4 and 6");
    }
    if !matches!(signature.typ(), Some(SignatureType::Binary | SignatureType::Text)) {
        return Err("the OpenPGP signature is not one over a document");
    }
    if signature.created().is_none() {
        return Err("the OpenPGP signature does not say when it was made");
    }
    if !uncritical(signature) {
        return Err("the OpenPGP signature holds something essential that smsctl does not know");
    }
    Ok(())
}

/// Whether every name of an issuer in the signature is this key's, and there is one.
fn names(signature: &Signature, key: &Key) -> bool {
    let fingerprints = signature.issuer_fingerprint();
    let ids = signature.issuer_key_id();
    let named = !fingerprints.is_empty() || !ids.is_empty();
    named
        && fingerprints.iter().all(|f| format!("{f:X}") == key.fingerprint)
        && ids.iter().all(|id| id.as_ref() == key.short_id.as_slice())
}

fn issuer(signature: &Signature) -> String {
    let fingerprint = signature.issuer_fingerprint().first().map(|f| format!("{f:X}"));
    let id = || signature.issuer_key_id().first().map(|id| id.as_ref().iter().map(|b| format!("{b:02X}")).collect());
    fingerprint.or_else(id).unwrap_or_default()
}

fn holds(signature: &Signature, key: &Key, payload: &[u8]) -> bool {
    let algorithm = signature.config().map(|c| c.pub_alg);
    match &key.packet {
        AnyKey::Primary(primary) => {
            algorithm == Some(primary.algorithm()) && signature.verify(primary, payload).is_ok()
        }
        AnyKey::Sub(sub) => algorithm == Some(sub.algorithm()) && signature.verify(sub, payload).is_ok(),
    }
}

/// The verdict by time, when all else is well.
fn timely(signature: &Signature, certificate: &Certificate, key: &Key, at: i64) -> Verdict {
    let id = KeyId(certificate.fingerprint().to_owned());
    let made = signature.created().map_or(0, |t| i64::from(t.as_secs()));
    if made < key.created {
        return Verdict::Bad("the signature claims to be older than its key".into());
    }
    if let Some(expires) = key.expires.filter(|e| at >= *e || made >= *e) {
        return Verdict::Expired { key: id, reason: format!("the key expired at {}", utc(expires)) };
    }
    let lasts = signature.signature_expiration_time().map_or(0, |d| i64::from(d.as_secs()));
    if lasts > 0 && at >= made + lasts {
        return Verdict::Expired { key: id, reason: format!("the signature expired at {}", utc(made + lasts)) };
    }
    let primary = key.fingerprint == certificate.fingerprint();
    let signed_with = (!primary).then(|| key.fingerprint.clone());
    Verdict::Good { key: id, signed_with, claimed_time: Some(made) }
}

fn utc(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |t| t.to_string())
}
