//! Rules of form: files, front matter, ids, references, links, sections, configuration and waivers.

mod links;
mod sections;

use super::group;

group! {
    anchor_broken,
    approval_unverified,
    baseline_entry_gone,
    config_invalid,
    config_unknown_name,
    csv_malformed,
    duplicate_id,
    empty_document,
    field_invalid,
    field_missing,
    field_unknown,
    front_matter_malformed,
    heading_mismatch,
    id_unusual_form,
    kind_unknown,
    link_broken,
    not_utf8,
    nothing_checked,
    reference_cycle,
    reference_retired,
    reference_unresolved,
    reference_wrong_type,
    register_empty,
    section_missing,
    section_out_of_order,
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
