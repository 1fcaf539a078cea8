//! Document templates of `new` and `init`, inside the binary (minijinja syntax).

/// Name and text, sorted by name. Documents go without `.md`; files of `init/` keep their names.
const FILES: &[(&str, &str)] = &[
    ("init/CODEOWNERS", include_str!("templates/init/CODEOWNERS")),
    ("init/README.md", include_str!("templates/init/README.md")),
    ("init/core.toml", include_str!("templates/init/core.toml")),
    ("init/gitattributes", include_str!("templates/init/gitattributes")),
    ("init/gitignore", include_str!("templates/init/gitignore")),
    ("init/smsctl.toml", include_str!("templates/init/smsctl.toml")),
    ("init/smsctl.yml", include_str!("templates/init/smsctl.yml")),
    ("kinds/agenda", include_str!("templates/kinds/agenda.md")),
    ("kinds/agreement", include_str!("templates/kinds/agreement.md")),
    ("kinds/checklist", include_str!("templates/kinds/checklist.md")),
    ("kinds/context", include_str!("templates/kinds/context.md")),
    ("kinds/flowchart", include_str!("templates/kinds/flowchart.md")),
    ("kinds/form", include_str!("templates/kinds/form.md")),
    ("kinds/guideline", include_str!("templates/kinds/guideline.md")),
    ("kinds/log", include_str!("templates/kinds/log.md")),
    ("kinds/plan", include_str!("templates/kinds/plan.md")),
    ("kinds/policy", include_str!("templates/kinds/policy.md")),
    ("kinds/presentation", include_str!("templates/kinds/presentation.md")),
    ("kinds/procedure", include_str!("templates/kinds/procedure.md")),
    ("kinds/process", include_str!("templates/kinds/process.md")),
    ("kinds/record", include_str!("templates/kinds/record.md")),
    ("kinds/report", include_str!("templates/kinds/report.md")),
    ("kinds/sop", include_str!("templates/kinds/sop.md")),
    ("kinds/template", include_str!("templates/kinds/template.md")),
    ("plans/service-management-plan", include_str!("templates/plans/service-management-plan.md")),
    ("policies/asset-management-policy", include_str!("templates/policies/asset-management-policy.md")),
    ("policies/availability-management-policy", include_str!("templates/policies/availability-management-policy.md")),
    ("policies/backup-policy", include_str!("templates/policies/backup-policy.md")),
    (
        "policies/budgeting-and-accounting-for-services-policy",
        include_str!("templates/policies/budgeting-and-accounting-for-services-policy.md"),
    ),
    (
        "policies/business-relationship-management-policy",
        include_str!("templates/policies/business-relationship-management-policy.md"),
    ),
    ("policies/capacity-management-policy", include_str!("templates/policies/capacity-management-policy.md")),
    ("policies/change-management-policy", include_str!("templates/policies/change-management-policy.md")),
    ("policies/configuration-management-policy", include_str!("templates/policies/configuration-management-policy.md")),
    ("policies/demand-management-policy", include_str!("templates/policies/demand-management-policy.md")),
    ("policies/incident-management-policy", include_str!("templates/policies/incident-management-policy.md")),
    ("policies/information-security-policy", include_str!("templates/policies/information-security-policy.md")),
    ("policies/problem-management-policy", include_str!("templates/policies/problem-management-policy.md")),
    (
        "policies/release-and-deployment-management-policy",
        include_str!("templates/policies/release-and-deployment-management-policy.md"),
    ),
    (
        "policies/service-continuity-management-policy",
        include_str!("templates/policies/service-continuity-management-policy.md"),
    ),
    ("policies/service-level-management-policy", include_str!("templates/policies/service-level-management-policy.md")),
    ("policies/service-management-policy", include_str!("templates/policies/service-management-policy.md")),
    ("policies/service-reporting-policy", include_str!("templates/policies/service-reporting-policy.md")),
    (
        "policies/service-request-management-policy",
        include_str!("templates/policies/service-request-management-policy.md"),
    ),
    ("policies/supplier-management-policy", include_str!("templates/policies/supplier-management-policy.md")),
    ("registers/communication-evidence", include_str!("templates/registers/communication-evidence.md")),
    ("registers/communication-plan", include_str!("templates/registers/communication-plan.md")),
    ("registers/context-issues", include_str!("templates/registers/context-issues.md")),
    ("registers/documented-information", include_str!("templates/registers/documented-information.md")),
    ("registers/forums", include_str!("templates/registers/forums.md")),
    ("registers/improvements", include_str!("templates/registers/improvements.md")),
    ("registers/interested-parties", include_str!("templates/registers/interested-parties.md")),
    ("registers/internal-audits", include_str!("templates/registers/internal-audits.md")),
    ("registers/management-reviews", include_str!("templates/registers/management-reviews.md")),
    ("registers/measurements", include_str!("templates/registers/measurements.md")),
    ("registers/nonconformities", include_str!("templates/registers/nonconformities.md")),
    ("registers/objectives", include_str!("templates/registers/objectives.md")),
    ("registers/obligations", include_str!("templates/registers/obligations.md")),
    ("registers/processes", include_str!("templates/registers/processes.md")),
    ("registers/risks", include_str!("templates/registers/risks.md")),
    ("registers/roles", include_str!("templates/registers/roles.md")),
    ("registers/services", include_str!("templates/registers/services.md")),
    ("registers/slas", include_str!("templates/registers/slas.md")),
    ("registers/suppliers", include_str!("templates/registers/suppliers.md")),
];

/// The text of a template, such as `policies/service-management-policy` or `init/smsctl.toml`.
#[must_use]
pub fn template(name: &str) -> Option<&'static str> {
    let index = FILES.binary_search_by_key(&name, |(n, _)| n).ok()?;
    FILES.get(index).map(|(_, text)| *text)
}

/// Names of the templates in a folder (`policies`, `kinds`, `registers`), without the folder.
pub fn templates(folder: &'static str) -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(move |(name, _)| name.strip_prefix(folder)?.strip_prefix('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_file_is_embedded() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/catalog/templates");
        let mut on_disk = Vec::new();
        for folder in std::fs::read_dir(&root).unwrap() {
            let folder = folder.unwrap();
            for file in std::fs::read_dir(folder.path()).unwrap() {
                let (folder, file) = (folder.file_name(), file.unwrap().file_name());
                let name = format!("{}/{}", folder.to_str().unwrap(), file.to_str().unwrap());
                let kept = name.starts_with("init/");
                on_disk.push(if kept { name } else { name.strip_suffix(".md").unwrap().to_owned() });
            }
        }
        on_disk.sort();
        assert_eq!(FILES.iter().map(|(n, _)| (*n).to_owned()).collect::<Vec<_>>(), on_disk);
    }
}
