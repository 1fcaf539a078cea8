//! Needs as people say them.

use super::need::{Need, Selector};
use super::special;
use crate::catalog::{Catalog, Stages};

impl Need {
    /// What must hold, in words; lower case start, no full stop.
    #[must_use]
    pub fn in_words(&self, catalog: &Catalog, stages: &Stages) -> String {
        let title = |entry: &String| catalog.entry(entry).map_or_else(|| entry.clone(), |e| e.title.clone());
        match self {
            Self::Document(names) => {
                let titles: Vec<String> = names.iter().map(title).collect();
                format!("the {} is approved and current", titles.join(" or the "))
            }
            Self::Register(names) => format!("the register {} has entries", names.join(" or ")),
            Self::Rule(name) => format!("the rule `{name}` reports nothing"),
            Self::Gate(id) => {
                let title = stages.gate(id).map_or(id.as_str(), |g| g.title.as_str());
                format!("the gate {id} is passed ({})", title.to_lowercase())
            }
            Self::Section(entry, words) => {
                format!("the {} has text under a heading about {}", title(entry), words.join(" or "))
            }
            Self::Mention(entry, words) => format!("the {} speaks of {}", title(entry), words.join(" or ")),
            Self::ReviewCovers(keys) => {
                let all = keys.iter().any(|k| k == "all");
                let what = if all { "all its inputs".to_owned() } else { keys.join(" and ") };
                format!("the last management review is not older than a year and looked at {what}")
            }
            Self::AuditsCover(period) => format!("internal audits of the last {} covered every clause", time(*period)),
            Self::Is(name) => special::in_words(name).to_owned(),
            of_entries => of_entries.entries_in_words(),
        }
    }

    fn entries_in_words(&self) -> String {
        match self {
            Self::Some(s, fields) if fields.is_empty() => format!("there is an entry {}", of(s)),
            Self::Some(s, fields) => format!("an entry {} says {}", of(s), any(fields)),
            Self::Each(s, fields) => {
                let fields: Vec<String> = fields.iter().map(|f| any(f)).collect();
                format!("each entry {} says {}", of(s), fields.join(", "))
            }
            Self::None(s, true) => format!("no entry {} is open", of(s)),
            Self::None(s, false) => format!("there is no entry {}", of(s)),
            Self::Future(s, field) => format!("`{field}` is not past in any open entry {}", of(s)),
            Self::Ordered(s, a, b) => format!("`{a}` is not later than `{b}` in any entry {}", of(s)),
            Self::Referred(s, other, field) => {
                format!("each entry {} is named by one {}, in `{field}`", of(s), of(other))
            }
            Self::Recent(s, period, field) => {
                let by = field.as_ref().map_or_else(String::new, |f| format!(", by `{f}`"));
                format!("the newest entry {} is not older than {}{by}", of(s), time(*period))
            }
            Self::Since(s, period) => format!("entries {} go back {} or more", of(s), time(*period)),
            _ => String::new(),
        }
    }
}

fn any(fields: &[String]) -> String {
    format!("`{}`", fields.join("` or `"))
}

/// `of the register risks (category: continuity)`.
pub(super) fn of(selector: &Selector) -> String {
    let filters: Vec<String> = selector.filters.iter().map(|(f, v)| format!("{f}: {}", v.join(" or "))).collect();
    let narrowed = if filters.is_empty() { String::new() } else { format!(" ({})", filters.join(", ")) };
    format!("of the register {}{narrowed}", selector.register)
}

/// A length of time in years or months.
fn time(period: jiff::Span) -> String {
    let months = i32::from(period.get_years()) * 12 + period.get_months();
    match (months, months % 12) {
        (0, _) => period.to_string(),
        (12, _) => "a year".into(),
        (_, 0) => format!("{} years", months / 12),
        _ => format!("{months} months"),
    }
}
