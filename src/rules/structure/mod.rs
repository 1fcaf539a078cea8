//! Rules of form: files, front matter, ids, references, links, sections, configuration and waivers.

mod sections;

pub mod anchor_broken;
pub mod baseline_entry_gone;
pub mod config_invalid;
pub mod config_unknown_name;
pub mod confusable_word;
pub mod csv_malformed;
pub mod duplicate_id;
pub mod empty_document;
pub mod field_invalid;
pub mod field_missing;
pub mod field_unknown;
pub mod file_names_alike;
pub mod front_matter_malformed;
pub mod generated_table_stale;
pub mod heading_mismatch;
pub mod hidden_character;
pub mod id_unusual_form;
pub mod kind_unknown;
pub mod link_broken;
pub mod not_utf8;
pub mod nothing_checked;
pub mod reference_cycle;
pub mod reference_retired;
pub mod reference_unresolved;
pub mod reference_wrong_type;
pub mod register_empty;
pub mod section_missing;
pub mod section_out_of_order;
pub mod to_do;
pub mod unread_file;
pub mod unreadable_file;
pub mod waiver_expired;
pub mod waiver_unused;
pub mod waiver_without_reason;
pub mod yaml_duplicate_key;
pub mod yaml_syntax;
pub mod yaml_unsupported;

/// The rules of this group.
pub(super) static RULES: &[&super::Rule] = &[
    &anchor_broken::RULE,
    &baseline_entry_gone::RULE,
    &config_invalid::RULE,
    &config_unknown_name::RULE,
    &confusable_word::RULE,
    &csv_malformed::RULE,
    &duplicate_id::RULE,
    &empty_document::RULE,
    &field_invalid::RULE,
    &field_missing::RULE,
    &field_unknown::RULE,
    &file_names_alike::RULE,
    &front_matter_malformed::RULE,
    &generated_table_stale::RULE,
    &heading_mismatch::RULE,
    &hidden_character::RULE,
    &id_unusual_form::RULE,
    &kind_unknown::RULE,
    &link_broken::RULE,
    &not_utf8::RULE,
    &nothing_checked::RULE,
    &reference_cycle::RULE,
    &reference_retired::RULE,
    &reference_unresolved::RULE,
    &reference_wrong_type::RULE,
    &register_empty::RULE,
    &section_missing::RULE,
    &section_out_of_order::RULE,
    &to_do::RULE,
    &unread_file::RULE,
    &unreadable_file::RULE,
    &waiver_expired::RULE,
    &waiver_unused::RULE,
    &waiver_without_reason::RULE,
    &yaml_duplicate_key::RULE,
    &yaml_syntax::RULE,
    &yaml_unsupported::RULE,
];
