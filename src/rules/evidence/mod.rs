//! Rules of obligations, communication, reviews, audits and other parties: what must be shown, and by when.

mod facts;

use super::group;

group! {
    agreement_without_obligation,
    obligation_incomplete,
    obligation_review_overdue,
    obligation_without_evidence,
    obligations_method_missing,
    obligations_register_missing,
    policy_older_than_scope,
    service_without_obligation,
}
