//! The first page.

use crate::finding::Severity;
use crate::pack::book::{Cover, Notice, Piece, Target, Tone};
use crate::pack::facts::Facts;
use crate::pack::pieces::{self, count};
use crate::pack::standing;
use crate::readiness;
use crate::trust::{PinSource, day};

/// The first page of a pack.
#[must_use]
pub fn cover(facts: &Facts<'_>) -> Cover {
    Cover {
        title: format!("Audit pack: {}", facts.stage.title),
        organization: facts.ws.config.organization.clone(),
        language: facts.ws.config.language.clone(),
        today: Some(facts.today),
        commit: facts.commit.oid.to_string(),
        facts: lines(facts),
        notices: notices(facts),
    }
}

fn lines(facts: &Facts<'_>) -> Vec<(String, Vec<Piece>)> {
    let mut out = vec![
        said("Stage", format!("{} ({})", facts.stage.title, facts.stage.formal_name)),
        said("Standard", standard(facts)),
        ("Scope".to_owned(), scope(facts)),
        said("Judged as of", facts.today.to_string()),
        said("Period", period(facts)),
        said("Commit", format!("{} of {}", facts.commit.oid, day(facts.commit.at))),
    ];
    out.push(("Trust root".to_owned(), vec![root(facts)]));
    out.push(said("Made with", format!("smsctl {}", env!("CARGO_PKG_VERSION"))));
    out
}

fn said(label: &str, text: String) -> (String, Vec<Piece>) {
    (label.to_owned(), vec![Piece::plain(text)])
}

/// As the register of certification names it, else as smsctl.toml does.
fn standard(facts: &Facts<'_>) -> String {
    let named = readiness::entries(facts.ws, "certification").filter_map(|e| e.str("standard")).last();
    named.unwrap_or(&facts.ws.config.standard).to_owned()
}

/// The scope as it stands on the certificate, else the document that says it.
fn scope(facts: &Facts<'_>) -> Vec<Piece> {
    let on_certificate = readiness::entries(facts.ws, "certification").filter_map(|e| e.str("scope_text")).last();
    let document = facts.ws.artifacts().find(|a| a.is_current() && a.claims("4.3") && a.kind() == "context");
    let mut out: Vec<Piece> = on_certificate.map(Piece::plain).into_iter().collect();
    out.extend(document.map(pieces::document));
    if out.is_empty() {
        out.push(Piece::toned("No document says the scope.", Tone::Bad));
    }
    out
}

fn period(facts: &Facts<'_>) -> String {
    match &facts.since {
        Some(since) if since.label == since.on.to_string() => format!("{} to {}", since.on, facts.today),
        Some(since) => format!("{} ({}) to {}", since.on, since.label, facts.today),
        None => format!("everything up to {} (first pack)", facts.today),
    }
}

fn root(facts: &Facts<'_>) -> Piece {
    let Some(judged) = facts.judged() else {
        return Piece::toned(standing::not_judged(facts).unwrap_or_default(), Tone::Attention);
    };
    let root = judged.chain.root();
    match judged.pin {
        PinSource::Argument => Piece::plain(format!("{root} (given when the pack was made)")),
        PinSource::Anchor => Piece::plain(format!("{root} (from a checkpoint kept outside)")),
        PinSource::Stored => Piece::plain(format!("{root} (pinned by whoever made the pack)")),
        PinSource::FirstUse => Piece::toned(format!("{root} (not pinned)"), Tone::Attention),
    }
}

fn notices(facts: &Facts<'_>) -> Vec<Notice> {
    let mut out = Vec::new();
    if let Some(why) = standing::not_judged(facts) {
        let text = format!("{why} That documents are approved is their own word.");
        out.push(notice(Tone::Bad, text, "approvals-register"));
    }
    if facts.judged().is_some_and(|j| j.pin == PinSource::FirstUse) {
        let text = "The trust root was not pinned when this pack was made. Compare its fingerprint with one you got from \
                    the organization on another way.";
        out.push(notice(Tone::Attention, text.to_owned(), "approvals-register"));
    }
    let errors = facts.report.findings.iter().filter(|f| f.severity == Severity::Error).count();
    if errors > 0 {
        let text = format!("The rules report {}.", count(errors, "error"));
        out.push(notice(Tone::Bad, text, "validation"));
    }
    out
}

fn notice(tone: Tone, text: String, section: &str) -> Notice {
    Notice { tone, text: vec![Piece { text, target: Some(Target::Section(section.into())), tone }] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::facts::sample;

    #[test]
    fn the_cover_says_what_the_pack_is_and_what_it_does_not_prove() {
        sample::with("surveillance", false, |facts| {
            let cover = cover(facts);
            assert_eq!(cover.title, "Audit pack: Surveillance");
            assert_eq!((cover.organization.as_str(), cover.language.as_str()), ("Northwind Managed Services", "en"));
            let fact = |label: &str| {
                let (_, pieces) = cover.facts.iter().find(|(l, _)| l == label).unwrap();
                pieces.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join(" ")
            };
            assert!(fact("Scope").contains("operated from Ghent and Antwerp"), "{}", fact("Scope"));
            assert!(fact("Standard").starts_with("ISO/IEC 20000-1:2018"));
            assert!(fact("Period").contains("first pack"));
            assert!(cover.notices[0].text[0].text.starts_with("Approvals were not judged"), "{:?}", cover.notices);
        });
    }
}
