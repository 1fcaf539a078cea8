//! Rules of assurance: what was asked of services, whether people can do it, what was reported, tried, paid and certified.

pub mod cycle;
pub(super) mod facts;

pub mod agreement_not_agreed;
pub mod agreement_review_overdue;
pub mod agreement_weaker_than_sla;
pub mod budget_deviation_unexplained;
pub mod budget_missing;
pub mod budget_without_actuals;
pub mod certificate_cycle_unusual;
pub mod certificate_expired;
pub mod certification_change_not_told;
pub mod competence_action_overdue;
pub mod competence_gap_without_action;
pub mod competence_without_evidence;
pub mod complaint_not_reported;
pub mod complaint_overdue;
pub mod complaint_without_answer;
pub mod contact_not_verified;
pub mod continuity_test_failed_without_action;
pub mod continuity_test_missing;
pub mod continuity_test_not_reviewed;
pub mod continuity_test_outdated;
pub mod external_audit_unprepared;
pub mod external_finding_without_action;
pub mod finding_response_overdue;
pub mod impact_analysis_missing;
pub mod internal_supplier_without_agreement;
pub mod major_finding_unverified;
pub mod minor_finding_open;
pub mod raid_entry_overdue;
pub mod recertification_not_planned;
pub mod recovery_time_too_long;
pub mod report_miss_unexplained;
pub mod report_not_communicated;
pub mod requirement_not_agreed;
pub mod requirement_not_measurable;
pub mod role_without_competence;
pub mod sample_not_representative;
pub mod satisfaction_not_measured;
pub mod service_report_missing;
pub mod service_without_requirements;
pub mod stage_two_late;
pub mod stage_two_without_records;
pub mod surveillance_missing;
pub mod training_effect_not_judged;

/// The rules of this group.
pub(super) static RULES: &[&super::Rule] = &[
    &agreement_not_agreed::RULE,
    &agreement_review_overdue::RULE,
    &agreement_weaker_than_sla::RULE,
    &budget_deviation_unexplained::RULE,
    &budget_missing::RULE,
    &budget_without_actuals::RULE,
    &certificate_cycle_unusual::RULE,
    &certificate_expired::RULE,
    &certification_change_not_told::RULE,
    &competence_action_overdue::RULE,
    &competence_gap_without_action::RULE,
    &competence_without_evidence::RULE,
    &complaint_not_reported::RULE,
    &complaint_overdue::RULE,
    &complaint_without_answer::RULE,
    &contact_not_verified::RULE,
    &continuity_test_failed_without_action::RULE,
    &continuity_test_missing::RULE,
    &continuity_test_not_reviewed::RULE,
    &continuity_test_outdated::RULE,
    &external_audit_unprepared::RULE,
    &external_finding_without_action::RULE,
    &finding_response_overdue::RULE,
    &impact_analysis_missing::RULE,
    &internal_supplier_without_agreement::RULE,
    &major_finding_unverified::RULE,
    &minor_finding_open::RULE,
    &raid_entry_overdue::RULE,
    &recertification_not_planned::RULE,
    &recovery_time_too_long::RULE,
    &report_miss_unexplained::RULE,
    &report_not_communicated::RULE,
    &requirement_not_agreed::RULE,
    &requirement_not_measurable::RULE,
    &role_without_competence::RULE,
    &sample_not_representative::RULE,
    &satisfaction_not_measured::RULE,
    &service_report_missing::RULE,
    &service_without_requirements::RULE,
    &stage_two_late::RULE,
    &stage_two_without_records::RULE,
    &surveillance_missing::RULE,
    &training_effect_not_judged::RULE,
];
