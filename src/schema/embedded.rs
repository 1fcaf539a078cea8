//! The schemas of the `schemas` folder, inside the binary. A test compares this list with the folder.

/// Path below `schemas/` and text, sorted by path.
pub(super) const FILES: &[(&str, &str)] = &[
    ("baseline.schema.json", include_str!("../../schemas/baseline.schema.json")),
    ("common.schema.json", include_str!("../../schemas/common.schema.json")),
    ("config.schema.json", include_str!("../../schemas/config.schema.json")),
    ("diff.schema.json", include_str!("../../schemas/diff.schema.json")),
    ("history.schema.json", include_str!("../../schemas/history.schema.json")),
    ("kinds/agenda.schema.json", include_str!("../../schemas/kinds/agenda.schema.json")),
    ("kinds/agreement.schema.json", include_str!("../../schemas/kinds/agreement.schema.json")),
    ("kinds/checklist.schema.json", include_str!("../../schemas/kinds/checklist.schema.json")),
    ("kinds/context.schema.json", include_str!("../../schemas/kinds/context.schema.json")),
    ("kinds/flowchart.schema.json", include_str!("../../schemas/kinds/flowchart.schema.json")),
    ("kinds/form.schema.json", include_str!("../../schemas/kinds/form.schema.json")),
    ("kinds/guideline.schema.json", include_str!("../../schemas/kinds/guideline.schema.json")),
    ("kinds/log.schema.json", include_str!("../../schemas/kinds/log.schema.json")),
    ("kinds/plan.schema.json", include_str!("../../schemas/kinds/plan.schema.json")),
    ("kinds/policy.schema.json", include_str!("../../schemas/kinds/policy.schema.json")),
    ("kinds/presentation.schema.json", include_str!("../../schemas/kinds/presentation.schema.json")),
    ("kinds/procedure.schema.json", include_str!("../../schemas/kinds/procedure.schema.json")),
    ("kinds/process.schema.json", include_str!("../../schemas/kinds/process.schema.json")),
    ("kinds/record.schema.json", include_str!("../../schemas/kinds/record.schema.json")),
    ("kinds/register.schema.json", include_str!("../../schemas/kinds/register.schema.json")),
    ("kinds/report.schema.json", include_str!("../../schemas/kinds/report.schema.json")),
    ("kinds/sop.schema.json", include_str!("../../schemas/kinds/sop.schema.json")),
    ("kinds/template.schema.json", include_str!("../../schemas/kinds/template.schema.json")),
    (
        "registers/communication-evidence.schema.json",
        include_str!("../../schemas/registers/communication-evidence.schema.json"),
    ),
    (
        "registers/communication-plan.schema.json",
        include_str!("../../schemas/registers/communication-plan.schema.json"),
    ),
    ("registers/context-issues.schema.json", include_str!("../../schemas/registers/context-issues.schema.json")),
    (
        "registers/documented-information.schema.json",
        include_str!("../../schemas/registers/documented-information.schema.json"),
    ),
    ("registers/forums.schema.json", include_str!("../../schemas/registers/forums.schema.json")),
    ("registers/improvements.schema.json", include_str!("../../schemas/registers/improvements.schema.json")),
    (
        "registers/interested-parties.schema.json",
        include_str!("../../schemas/registers/interested-parties.schema.json"),
    ),
    ("registers/internal-audits.schema.json", include_str!("../../schemas/registers/internal-audits.schema.json")),
    (
        "registers/management-reviews.schema.json",
        include_str!("../../schemas/registers/management-reviews.schema.json"),
    ),
    ("registers/measurements.schema.json", include_str!("../../schemas/registers/measurements.schema.json")),
    ("registers/nonconformities.schema.json", include_str!("../../schemas/registers/nonconformities.schema.json")),
    ("registers/objectives.schema.json", include_str!("../../schemas/registers/objectives.schema.json")),
    ("registers/obligations.schema.json", include_str!("../../schemas/registers/obligations.schema.json")),
    ("registers/processes.schema.json", include_str!("../../schemas/registers/processes.schema.json")),
    ("registers/risks.schema.json", include_str!("../../schemas/registers/risks.schema.json")),
    ("registers/roles.schema.json", include_str!("../../schemas/registers/roles.schema.json")),
    ("registers/services.schema.json", include_str!("../../schemas/registers/services.schema.json")),
    ("registers/slas.schema.json", include_str!("../../schemas/registers/slas.schema.json")),
    ("registers/suppliers.schema.json", include_str!("../../schemas/registers/suppliers.schema.json")),
    ("report.schema.json", include_str!("../../schemas/report.schema.json")),
    ("trust.schema.json", include_str!("../../schemas/trust.schema.json")),
    ("verify.schema.json", include_str!("../../schemas/verify.schema.json")),
];

/// The text of an embedded schema.
pub(super) fn text(path: &str) -> Option<&'static str> {
    FILES.iter().find(|(p, _)| *p == path).map(|(_, text)| *text)
}

/// Names of the schemas of a folder (`kinds`, `registers`).
pub(super) fn names(folder: &str) -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(move |(path, _)| path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".schema.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_file_is_embedded() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
        let mut on_disk = Vec::new();
        for folder in ["", "kinds", "registers"] {
            for entry in std::fs::read_dir(root.join(folder)).unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                if name.strip_suffix(".json").is_some() {
                    on_disk.push(if folder.is_empty() { name } else { format!("{folder}/{name}") });
                }
            }
        }
        on_disk.sort();
        let embedded: Vec<_> = FILES.iter().map(|(p, _)| (*p).to_owned()).collect();
        assert_eq!(embedded, on_disk);
    }
}
