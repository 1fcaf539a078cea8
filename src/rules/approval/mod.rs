//! Rules over the history and its approvals: who approved what, and what changed since.

mod changes;
pub mod code_owners;
mod first_change;
mod standing;
mod trust;
mod words;

pub mod anchor_mismatch;
pub mod approval_changes_document;
pub mod approval_elsewhere;
pub mod approval_lapsed;
pub mod approval_missing;
pub mod approval_pending;
pub mod approval_rule_missing;
pub mod approval_stale;
pub mod approval_unverified;
pub mod approval_withdrawn;
pub mod approved_version_lost;
pub mod carrier_not_accepted;
pub mod carriers_disagree;
pub mod chain_foxtrot;
pub mod checkpoint_invalid;
pub mod codeowners_stale;
pub mod content_changed;
pub mod effective_before_approval;
pub mod holder_changed;
pub mod key_compromised;
pub mod key_expired;
pub mod key_not_for_this;
pub mod key_of_service;
pub mod key_revoked;
pub mod key_unknown;
pub mod key_weak;
pub mod merge_altered;
pub mod object_malformed;
pub mod objectives_not_reviewed_since;
pub mod path_not_regular;
pub mod policy_not_known;
pub mod record_altered;
pub mod record_malformed;
pub mod record_not_taken;
pub mod repo_alternates;
pub mod repo_grafts;
pub mod repo_incomplete;
pub mod repo_partial;
pub mod repo_replace;
pub mod repo_unsupported;
pub mod review_rule_missing;
pub mod review_trigger_fired;
pub mod review_without_record;
pub mod reviewed_not_approved;
pub mod role_not_held;
pub mod roles_disagree;
pub mod signature_bad;
pub mod signature_missing;
pub mod signature_unverifiable;
pub mod signer_differs;
pub mod sod_author_unknown;
pub mod sod_self_approval;
pub mod sole_author_approver;
pub mod suspect_link;
pub mod time_implausible;
pub mod trailer_suspect;
pub mod trust_chain_broken;
pub mod trust_change_unapproved;
pub mod trust_rollback;
pub mod trust_root_unreachable;
pub mod trust_self_grant;
pub mod version_not_raised;
pub mod version_not_retrievable;
pub mod version_reused;

use jiff::civil::Date;

pub(crate) use standing::control;
pub use standing::{Standing, may_be_covered, standing, standings};
pub use trust::{from_trust, looked_at};

use super::{Ctx, Rule};
use crate::trust::Record;

/// The rules of this group.
pub static RULES: &[&Rule] = &[
    &anchor_mismatch::RULE,
    &approval_changes_document::RULE,
    &approval_elsewhere::RULE,
    &approval_lapsed::RULE,
    &approval_missing::RULE,
    &approval_pending::RULE,
    &approval_rule_missing::RULE,
    &approval_stale::RULE,
    &approval_unverified::RULE,
    &approval_withdrawn::RULE,
    &approved_version_lost::RULE,
    &carrier_not_accepted::RULE,
    &carriers_disagree::RULE,
    &chain_foxtrot::RULE,
    &checkpoint_invalid::RULE,
    &codeowners_stale::RULE,
    &content_changed::RULE,
    &effective_before_approval::RULE,
    &holder_changed::RULE,
    &key_compromised::RULE,
    &key_expired::RULE,
    &key_not_for_this::RULE,
    &key_of_service::RULE,
    &key_revoked::RULE,
    &key_unknown::RULE,
    &key_weak::RULE,
    &merge_altered::RULE,
    &object_malformed::RULE,
    &objectives_not_reviewed_since::RULE,
    &path_not_regular::RULE,
    &policy_not_known::RULE,
    &record_altered::RULE,
    &record_malformed::RULE,
    &record_not_taken::RULE,
    &repo_alternates::RULE,
    &repo_grafts::RULE,
    &repo_incomplete::RULE,
    &repo_partial::RULE,
    &repo_replace::RULE,
    &repo_unsupported::RULE,
    &review_rule_missing::RULE,
    &review_trigger_fired::RULE,
    &review_without_record::RULE,
    &reviewed_not_approved::RULE,
    &role_not_held::RULE,
    &roles_disagree::RULE,
    &signature_bad::RULE,
    &signature_missing::RULE,
    &signature_unverifiable::RULE,
    &signer_differs::RULE,
    &sod_author_unknown::RULE,
    &sod_self_approval::RULE,
    &sole_author_approver::RULE,
    &suspect_link::RULE,
    &time_implausible::RULE,
    &trailer_suspect::RULE,
    &trust_chain_broken::RULE,
    &trust_change_unapproved::RULE,
    &trust_rollback::RULE,
    &trust_root_unreachable::RULE,
    &trust_self_grant::RULE,
    &version_not_raised::RULE,
    &version_not_retrievable::RULE,
    &version_reused::RULE,
];

impl<'a> Ctx<'a> {
    /// Whether each document is approved as it is now; empty when nothing can be judged.
    #[must_use]
    pub fn standings(&self) -> &[Standing<'a>] {
        &self.standings
    }

    /// Those that call themselves approved.
    fn claims_of_approval(&self) -> impl Iterator<Item = &Standing<'a>> {
        self.standings.iter().filter(|s| s.claims_approval())
    }
}

/// The moment by which roles are judged: the end of the day, so that a report is the same at any time of it. Where the clock
/// is later than that, because the day ends later here than in UTC, the clock.
fn moment(ctx: &Ctx<'_>) -> jiff::Timestamp {
    let end = end_of(ctx.today);
    ctx.now.map_or(end, |now| now.max(end))
}

/// The last second of a day in UTC.
#[must_use]
pub fn end_of(day: Date) -> jiff::Timestamp {
    let end = day.at(23, 59, 59, 0).to_zoned(jiff::tz::TimeZone::UTC);
    end.map_or(jiff::Timestamp::MAX, |z| z.timestamp())
}

/// The day so many days after another; settings are untrusted, so it stops at the end of the calendar.
fn days_after(date: Date, days: i64) -> Date {
    let later = jiff::Span::new().try_days(days).and_then(|span| date.checked_add(span));
    later.unwrap_or(Date::MAX)
}

/// Name of the commit at a position of the main line.
fn commit_at(record: &Record, position: usize) -> Option<String> {
    let walk = &record.history.walk;
    walk.chain.get(position).and_then(|ix| walk.commits.get(*ix)).map(|c| c.oid.to_string())
}
