//! Rules of obligations, communication, reviews, audits and other parties: what must be shown, and by when.

mod facts;
mod gate;

use super::group;

group! {
    acknowledgement_low,
    agreement_without_obligation,
    all_services_outsourced,
    awareness_not_sampled,
    clause_not_audited,
    communication_incomplete,
    communication_untimely,
    day_30_gate,
    day_60_gate,
    day_90_gate,
    management_review_missing,
    management_review_skips_policy,
    obligation_incomplete,
    obligation_review_overdue,
    obligation_without_evidence,
    obligations_method_missing,
    obligations_register_missing,
    onboarding_missing,
    other_parties_ungoverned,
    policy_older_than_scope,
    policy_unreachable,
    publication_missing,
    review_overdue,
    review_too_rare,
    review_trigger_missing,
    service_without_obligation,
    supplier_objective_missing,
    supplier_review_overdue,
    trigger_without_review,
}
