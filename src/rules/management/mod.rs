//! Rules of management: services and agreements, suppliers, roles, risks, audits, corrective action, improvement and review.

mod facts;

pub mod audit_not_reported;
pub mod audit_overdue;
pub mod auditor_audits_own_work;
pub mod climate_not_decided;
pub mod corrective_action_overdue;
pub mod critical_service_without_continuity_plan;
pub mod forum_meeting_overdue;
pub mod improvement_done_without_result;
pub mod improvement_overdue;
pub mod improvement_without_decision;
pub mod interested_party_review_overdue;
pub mod live_service_without_sla;
pub mod management_review_action_overdue;
pub mod management_review_input_missing;
pub mod management_review_overdue;
pub mod nonconformity_closed_unverified;
pub mod nonconformity_without_cause;
pub mod process_not_evaluated;
pub mod risk_above_limit_untreated;
pub mod risk_action_overdue;
pub mod risk_review_overdue;
pub mod risk_treatment_unchecked;
pub mod role_held_twice;
pub mod service_without_customer;
pub mod sla_review_overdue;
pub mod supplier_target_weaker_than_sla;

/// The rules of this group.
pub(super) static RULES: &[&super::Rule] = &[
    &audit_not_reported::RULE,
    &audit_overdue::RULE,
    &auditor_audits_own_work::RULE,
    &climate_not_decided::RULE,
    &corrective_action_overdue::RULE,
    &critical_service_without_continuity_plan::RULE,
    &forum_meeting_overdue::RULE,
    &improvement_done_without_result::RULE,
    &improvement_overdue::RULE,
    &improvement_without_decision::RULE,
    &interested_party_review_overdue::RULE,
    &live_service_without_sla::RULE,
    &management_review_action_overdue::RULE,
    &management_review_input_missing::RULE,
    &management_review_overdue::RULE,
    &nonconformity_closed_unverified::RULE,
    &nonconformity_without_cause::RULE,
    &process_not_evaluated::RULE,
    &risk_above_limit_untreated::RULE,
    &risk_action_overdue::RULE,
    &risk_review_overdue::RULE,
    &risk_treatment_unchecked::RULE,
    &role_held_twice::RULE,
    &service_without_customer::RULE,
    &sla_review_overdue::RULE,
    &supplier_target_weaker_than_sla::RULE,
];
