//! The files of examples/toolkit, inside the binary. A test compares this list with the folder.

/// Path below the sample and text, sorted by path.
pub(super) const FILES: &[(&str, &str)] = &[
    ("CODEOWNERS", include_str!("../../../examples/toolkit/CODEOWNERS")),
    ("README.md", include_str!("../../../examples/toolkit/README.md")),
    (
        "agreements/information-security-agreement.md",
        include_str!("../../../examples/toolkit/agreements/information-security-agreement.md"),
    ),
    (
        "agreements/ola-group-facilities.md",
        include_str!("../../../examples/toolkit/agreements/ola-group-facilities.md"),
    ),
    ("agreements/sla-aldegonde.md", include_str!("../../../examples/toolkit/agreements/sla-aldegonde.md")),
    (
        "agreements/sla-harbour-and-vale.md",
        include_str!("../../../examples/toolkit/agreements/sla-harbour-and-vale.md"),
    ),
    ("agreements/sla-scheldt-water.md", include_str!("../../../examples/toolkit/agreements/sla-scheldt-water.md")),
    (
        "context/sms-context-requirements-and-scope.md",
        include_str!("../../../examples/toolkit/context/sms-context-requirements-and-scope.md"),
    ),
    ("plans/internal-audit-programme.md", include_str!("../../../examples/toolkit/plans/internal-audit-programme.md")),
    ("plans/service-continuity-plan.md", include_str!("../../../examples/toolkit/plans/service-continuity-plan.md")),
    ("plans/service-management-plan.md", include_str!("../../../examples/toolkit/plans/service-management-plan.md")),
    (
        "policies/change-management-policy.md",
        include_str!("../../../examples/toolkit/policies/change-management-policy.md"),
    ),
    (
        "policies/incident-management-policy.md",
        include_str!("../../../examples/toolkit/policies/incident-management-policy.md"),
    ),
    (
        "policies/information-security-policy.md",
        include_str!("../../../examples/toolkit/policies/information-security-policy.md"),
    ),
    (
        "policies/service-management-policy.md",
        include_str!("../../../examples/toolkit/policies/service-management-policy.md"),
    ),
    (
        "policies/supplier-management-policy.md",
        include_str!("../../../examples/toolkit/policies/supplier-management-policy.md"),
    ),
    ("procedures/change-request-form.md", include_str!("../../../examples/toolkit/procedures/change-request-form.md")),
    (
        "procedures/control-of-documented-information.md",
        include_str!("../../../examples/toolkit/procedures/control-of-documented-information.md"),
    ),
    ("procedures/internal-audit.md", include_str!("../../../examples/toolkit/procedures/internal-audit.md")),
    (
        "procedures/nonconformity-and-corrective-action.md",
        include_str!("../../../examples/toolkit/procedures/nonconformity-and-corrective-action.md"),
    ),
    (
        "procedures/service-acceptance-checklist.md",
        include_str!("../../../examples/toolkit/procedures/service-acceptance-checklist.md"),
    ),
    ("procedures/sop-major-incident.md", include_str!("../../../examples/toolkit/procedures/sop-major-incident.md")),
    (
        "processes/change-management-process.md",
        include_str!("../../../examples/toolkit/processes/change-management-process.md"),
    ),
    (
        "processes/incident-management-process.md",
        include_str!("../../../examples/toolkit/processes/incident-management-process.md"),
    ),
    ("processes/operation-flow-chart.md", include_str!("../../../examples/toolkit/processes/operation-flow-chart.md")),
    (
        "processes/problem-management-process.md",
        include_str!("../../../examples/toolkit/processes/problem-management-process.md"),
    ),
    (
        "processes/risk-assessment-and-treatment-process.md",
        include_str!("../../../examples/toolkit/processes/risk-assessment-and-treatment-process.md"),
    ),
    (
        "processes/service-level-management-process.md",
        include_str!("../../../examples/toolkit/processes/service-level-management-process.md"),
    ),
    (
        "processes/supplier-management-process.md",
        include_str!("../../../examples/toolkit/processes/supplier-management-process.md"),
    ),
    (
        "records/continuity-test-2026-05.md",
        include_str!("../../../examples/toolkit/records/continuity-test-2026-05.md"),
    ),
    ("records/internal-audit-2026-01.md", include_str!("../../../examples/toolkit/records/internal-audit-2026-01.md")),
    (
        "records/management-review-2026-03.md",
        include_str!("../../../examples/toolkit/records/management-review-2026-03.md"),
    ),
    (
        "records/management-review-2026-09.md",
        include_str!("../../../examples/toolkit/records/management-review-2026-09.md"),
    ),
    (
        "records/nc-001-improvements-without-result.md",
        include_str!("../../../examples/toolkit/records/nc-001-improvements-without-result.md"),
    ),
    (
        "records/nc-002-late-notice-to-top-management.md",
        include_str!("../../../examples/toolkit/records/nc-002-late-notice-to-top-management.md"),
    ),
    (
        "registers/communication-evidence.md",
        include_str!("../../../examples/toolkit/registers/communication-evidence.md"),
    ),
    ("registers/communication-plan.md", include_str!("../../../examples/toolkit/registers/communication-plan.md")),
    ("registers/context-issues.md", include_str!("../../../examples/toolkit/registers/context-issues.md")),
    (
        "registers/documented-information.md",
        include_str!("../../../examples/toolkit/registers/documented-information.md"),
    ),
    ("registers/forums.md", include_str!("../../../examples/toolkit/registers/forums.md")),
    ("registers/improvements.md", include_str!("../../../examples/toolkit/registers/improvements.md")),
    ("registers/interested-parties.md", include_str!("../../../examples/toolkit/registers/interested-parties.md")),
    ("registers/internal-audits.md", include_str!("../../../examples/toolkit/registers/internal-audits.md")),
    ("registers/measurements.csv", include_str!("../../../examples/toolkit/registers/measurements.csv")),
    ("registers/measurements.md", include_str!("../../../examples/toolkit/registers/measurements.md")),
    ("registers/objectives.md", include_str!("../../../examples/toolkit/registers/objectives.md")),
    ("registers/obligations.md", include_str!("../../../examples/toolkit/registers/obligations.md")),
    ("registers/processes.md", include_str!("../../../examples/toolkit/registers/processes.md")),
    ("registers/risks.md", include_str!("../../../examples/toolkit/registers/risks.md")),
    ("registers/roles.md", include_str!("../../../examples/toolkit/registers/roles.md")),
    ("registers/services.md", include_str!("../../../examples/toolkit/registers/services.md")),
    ("registers/slas.md", include_str!("../../../examples/toolkit/registers/slas.md")),
    ("registers/suppliers.md", include_str!("../../../examples/toolkit/registers/suppliers.md")),
    (
        "reports/major-incident-2026-04-14.md",
        include_str!("../../../examples/toolkit/reports/major-incident-2026-04-14.md"),
    ),
    ("reports/service-report-2026-10.md", include_str!("../../../examples/toolkit/reports/service-report-2026-10.md")),
    (
        "reports/supplier-performance-2026-q3.md",
        include_str!("../../../examples/toolkit/reports/supplier-performance-2026-q3.md"),
    ),
    ("smsctl.toml", include_str!("../../../examples/toolkit/smsctl.toml")),
    ("training/policy-onboarding.md", include_str!("../../../examples/toolkit/training/policy-onboarding.md")),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(folder: &std::path::Path, prefix: &str, out: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                visit(&entry.path(), &format!("{path}/"), out);
            } else {
                out.push(path);
            }
        }
    }

    #[test]
    fn every_file_of_the_sample_is_embedded() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/toolkit");
        let mut on_disk = Vec::new();
        visit(&root, "", &mut on_disk);
        on_disk.sort();
        assert_eq!(FILES.iter().map(|(p, _)| (*p).to_owned()).collect::<Vec<_>>(), on_disk);
    }
}
