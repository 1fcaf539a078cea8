//! Rules of form: files, front matter, ids, references, links, sections, configuration and waivers.

use super::group;

group! {
    approval_unverified,
    baseline_entry_gone,
    config_invalid,
    config_unknown_name,
    csv_malformed,
    duplicate_id,
    field_invalid,
    field_missing,
    field_unknown,
    front_matter_malformed,
    generated_table_stale,
    kind_unknown,
    not_utf8,
    nothing_checked,
    reference_cycle,
    reference_retired,
    reference_unresolved,
    reference_wrong_type,
    to_do,
    unread_file,
    unreadable_file,
    waiver_expired,
    waiver_unused,
    waiver_without_reason,
    yaml_duplicate_key,
    yaml_syntax,
    yaml_unsupported,
}
