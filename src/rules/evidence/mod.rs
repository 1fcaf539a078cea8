//! Rules of obligations, communication, reviews, audits and other parties: what must be shown, and by when.

pub(super) mod facts;
mod gate;

pub mod acknowledgement_low;
pub mod agreement_without_obligation;
pub mod all_services_outsourced;
pub mod awareness_not_sampled;
pub mod clause_not_audited;
pub mod communication_incomplete;
pub mod communication_untimely;
pub mod day_30_gate;
pub mod day_60_gate;
pub mod day_90_gate;
pub mod management_review_missing;
pub mod management_review_skips_policy;
pub mod obligation_incomplete;
pub mod obligation_review_overdue;
pub mod obligation_without_evidence;
pub mod obligations_method_missing;
pub mod obligations_register_missing;
pub mod onboarding_missing;
pub mod other_parties_ungoverned;
pub mod policy_older_than_scope;
pub mod policy_unreachable;
pub mod publication_missing;
pub mod review_overdue;
pub mod review_too_rare;
pub mod review_trigger_missing;
pub mod service_without_obligation;
pub mod supplier_objective_missing;
pub mod supplier_review_overdue;
pub mod trigger_without_review;

pub use gate::{ProgrammeGate, programme};

/// The rules of this group.
pub(super) static RULES: &[&super::Rule] = &[
    &acknowledgement_low::RULE,
    &agreement_without_obligation::RULE,
    &all_services_outsourced::RULE,
    &awareness_not_sampled::RULE,
    &clause_not_audited::RULE,
    &communication_incomplete::RULE,
    &communication_untimely::RULE,
    &day_30_gate::RULE,
    &day_60_gate::RULE,
    &day_90_gate::RULE,
    &management_review_missing::RULE,
    &management_review_skips_policy::RULE,
    &obligation_incomplete::RULE,
    &obligation_review_overdue::RULE,
    &obligation_without_evidence::RULE,
    &obligations_method_missing::RULE,
    &obligations_register_missing::RULE,
    &onboarding_missing::RULE,
    &other_parties_ungoverned::RULE,
    &policy_older_than_scope::RULE,
    &policy_unreachable::RULE,
    &publication_missing::RULE,
    &review_overdue::RULE,
    &review_too_rare::RULE,
    &review_trigger_missing::RULE,
    &service_without_obligation::RULE,
    &supplier_objective_missing::RULE,
    &supplier_review_overdue::RULE,
    &trigger_without_review::RULE,
];
