//! The control block of a classic document: a small table or a few lines with number, revision, dates and names.

use jiff::civil::Date;

/// What a control block says, as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ControlBlock {
    /// `DOCUMENT NO`.
    pub number: Option<String>,
    /// `TITLE`.
    pub title: Option<String>,
    /// `REVISION NO`.
    pub revision: Option<String>,
    /// `EFFECTIVE DATE`, `ISSUE DATE`.
    pub effective: Option<String>,
    /// All labels with their values, in the order they stand: nothing of it is lost.
    pub fields: Vec<(String, String)>,
}

/// What a label means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Number,
    Title,
    Revision,
    Effective,
    /// A label of control blocks that smsctl works out from the history or does not need.
    Other,
}

const LABELS: &[(&str, Meaning)] = &[
    ("document no", Meaning::Number),
    ("document number", Meaning::Number),
    ("document id", Meaning::Number),
    ("doc no", Meaning::Number),
    ("document ref", Meaning::Number),
    ("document reference", Meaning::Number),
    ("document title", Meaning::Title),
    ("title", Meaning::Title),
    ("document name", Meaning::Title),
    ("revision no", Meaning::Revision),
    ("revision number", Meaning::Revision),
    ("revision", Meaning::Revision),
    ("rev no", Meaning::Revision),
    ("rev", Meaning::Revision),
    ("version", Meaning::Revision),
    ("version no", Meaning::Revision),
    ("version number", Meaning::Revision),
    ("issue no", Meaning::Revision),
    ("effective date", Meaning::Effective),
    ("date effective", Meaning::Effective),
    ("effective from", Meaning::Effective),
    ("issue date", Meaning::Effective),
    ("date of issue", Meaning::Effective),
    ("revision date", Meaning::Effective),
    ("prepared by", Meaning::Other),
    ("reviewed by", Meaning::Other),
    ("approved by", Meaning::Other),
    ("authorized by", Meaning::Other),
    ("authorised by", Meaning::Other),
    ("author", Meaning::Other),
    ("document author", Meaning::Other),
    ("owner", Meaning::Other),
    ("document owner", Meaning::Other),
    ("process owner", Meaning::Other),
    ("department", Meaning::Other),
    ("organisation", Meaning::Other),
    ("organization", Meaning::Other),
    ("company", Meaning::Other),
    ("page", Meaning::Other),
    ("page no", Meaning::Other),
    ("date", Meaning::Other),
    ("status", Meaning::Other),
    ("classification", Meaning::Other),
    ("review date", Meaning::Other),
    ("next review", Meaning::Other),
    ("next review date", Meaning::Other),
    ("signature", Meaning::Other),
    ("supersedes", Meaning::Other),
];

impl ControlBlock {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Takes a table when it is a control block; says whether it was.
    pub(super) fn take_table(&mut self, rows: &[Vec<String>]) -> bool {
        let pairs = pairs(rows);
        let telling =
            pairs.iter().filter(|(label, _)| matches!(meaning(label), Some(m) if m != Meaning::Other)).count();
        let known = pairs.iter().filter(|(label, _)| meaning(label).is_some()).count();
        // A block has at least a number or a revision, and at least two fields; the rest may be a logo or a motto.
        if telling == 0 || known < 2 {
            return false;
        }
        for (label, value) in pairs {
            self.take(&label, &value);
        }
        true
    }

    /// Takes `Label: value` parts of a line of a header; what is none of them is no loss.
    pub(super) fn take_line(&mut self, line: &str) {
        for part in line.split(['|', '\u{1}']) {
            if let Some((label, value)) = label_and_value(part) {
                self.take(&label, &value);
            }
        }
    }

    fn take(&mut self, label: &str, value: &str) {
        let value = value.trim().trim_start_matches(':').trim().to_owned();
        let Some(meaning) = meaning(label) else {
            if !label.is_empty() && !value.is_empty() {
                self.note(label, value);
            }
            return;
        };
        let place = match meaning {
            Meaning::Number => &mut self.number,
            Meaning::Title => &mut self.title,
            Meaning::Revision => &mut self.revision,
            Meaning::Effective => &mut self.effective,
            Meaning::Other => return self.note(label, value),
        };
        if place.is_none() && !value.is_empty() {
            *place = Some(value.clone());
        }
        self.note(label, value);
    }

    fn note(&mut self, label: &str, value: String) {
        let field = (label.to_owned(), value);
        if !field.1.is_empty() && !self.fields.contains(&field) {
            self.fields.push(field);
        }
    }

    /// The revision as a version: `02` is 2.0, `1.4` stays, `Rev. C` is none.
    #[must_use]
    pub fn version(&self) -> Option<String> {
        let bare = self.revision.as_deref()?.to_lowercase();
        let bare = bare.trim_start_matches("revision").trim_start_matches("version").trim_start_matches("rev");
        let bare = bare.trim_start_matches(['.', ':', ' ', 'v', '#']);
        let parts: Vec<&str> = bare.trim().split('.').collect();
        let number = |p: &&str| !p.is_empty() && p.len() <= 4 && p.bytes().all(|b| b.is_ascii_digit());
        if parts.len() > 3 || !parts.iter().all(number) {
            return None;
        }
        let mut plain: Vec<String> = parts.iter().filter_map(|p| Some(p.parse::<u32>().ok()?.to_string())).collect();
        if plain.len() == 1 {
            plain.push("0".into());
        }
        Some(plain.join("."))
    }

    /// The date it took effect, when it is written in a way that can be read in one way only.
    #[must_use]
    pub fn effective_on(&self) -> Option<Date> {
        date(self.effective.as_deref()?)
    }
}

fn meaning(label: &str) -> Option<Meaning> {
    LABELS.iter().find(|(l, _)| *l == label).map(|(_, m)| *m)
}

/// A label as it is looked up: `DOCUMENT NO.:` is `document no`.
fn normal(text: &str) -> String {
    let bare: String = text.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// A text of one or more lines without marks of Markdown.
fn bare(text: &str) -> String {
    text.replace("**", "").replace("<br>", "\n").replace('\\', "")
}

fn label_and_value(text: &str) -> Option<(String, String)> {
    let text = bare(text);
    let (label, value) = text.split_once(':')?;
    let label = normal(label);
    meaning(&label).is_some().then(|| (label, value.trim().to_owned()))
}

/// Labels with values: `Label: value` in a cell, or a label in one cell and the value in the next one, or below it.
fn pairs(rows: &[Vec<String>]) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|c| bare(c)).collect();
        let mut skip = false;
        for (column, cell) in cells.iter().enumerate() {
            if std::mem::take(&mut skip) {
                continue;
            }
            let inline: Vec<_> = cell.lines().filter_map(label_and_value).filter(|(_, v)| !v.is_empty()).collect();
            if !inline.is_empty() {
                out.extend(inline);
                continue;
            }
            let label = normal(cell);
            if meaning(&label).is_none() {
                continue;
            }
            let is_label = |text: &String| meaning(&normal(text)).is_some();
            let right =
                cells.get(column + 1).filter(|c| !c.trim().is_empty() && !is_label(c) && label_and_value(c).is_none());
            let below = || rows.get(index + 1).and_then(|r| r.get(column)).map(|c| bare(c)).filter(|c| !is_label(c));
            let value = match right {
                Some(value) => {
                    skip = true;
                    value.clone()
                }
                None => below().unwrap_or_default(),
            };
            out.push((label, value.replace('\n', " ").trim().to_owned()));
        }
    }
    out
}

/// A date: ISO, or with the month in words, or with a day above twelve. `03/04/2025` says two things, so it says nothing.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(date) = text.get(..10).unwrap_or(text).parse::<Date>() {
        return Some(date);
    }
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let [first, second, year] = words.as_slice() else { return None };
    let number = |w: &str| w.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<i16>().ok();
    let named = |w: &str| month(&w.to_lowercase());
    let year = number(year).filter(|y| *y > 1900)?;
    let (day, month) = match (named(first), named(second)) {
        (Some(month), _) => (number(second)?, month),
        (None, Some(month)) => (number(first)?, month),
        (None, None) => {
            let (left, right) = (number(first)?, number(second)?);
            // With points between, the day comes first everywhere.
            let day_first = left > 12 || left == right || text.matches('.').count() == 2;
            if day_first {
                (left, right)
            } else if right > 12 {
                (right, left)
            } else {
                return None;
            }
        }
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

fn month(word: &str) -> Option<i16> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let at =
        MONTHS.iter().position(|m| word.len() >= 3 && word.chars().all(char::is_alphabetic) && m.starts_with(word))?;
    i16::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    fn rows(text: &[&[&str]]) -> Vec<Vec<String>> {
        text.iter().map(|r| r.iter().map(|c| (*c).to_owned()).collect()).collect()
    }

    #[test]
    fn labels_beside_above_and_within_their_values() {
        let mut block = ControlBlock::default();
        assert!(block.take_table(&rows(&[
            &["LOGO", "**DOCUMENT NO.**", "ITSM-PRC-07"],
            &["", "REVISION NO", "02"],
            &["Effective Date: 12 March 2024", "PREPARED BY", "APPROVED BY"],
            &["", "A. Writer", "B. Boss"],
        ])));
        assert_eq!(block.number.as_deref(), Some("ITSM-PRC-07"));
        assert_eq!((block.version().as_deref(), block.effective_on()), (Some("2.0"), Some(day(2024, 3, 12))));
        assert!(block.fields.contains(&("prepared by".into(), "A. Writer".into())), "{block:?}");
        assert!(block.fields.contains(&("approved by".into(), "B. Boss".into())), "{block:?}");
    }

    #[test]
    fn an_ordinary_table_is_none() {
        let mut block = ControlBlock::default();
        assert!(!block.take_table(&rows(&[&["Step", "Owner"], &["1", "desk"]])));
        assert!(!block.take_table(&rows(&[&["Version", "Text"]])));
        assert!(block.is_empty());
    }

    #[test]
    fn a_date_that_can_be_read_in_two_ways_is_none() {
        assert_eq!(date("2024-03-12"), Some(day(2024, 3, 12)));
        assert_eq!(date("12.03.2024"), Some(day(2024, 3, 12)));
        assert_eq!(date("March 12, 2024"), Some(day(2024, 3, 12)));
        assert_eq!(date("12th Mar 2024"), Some(day(2024, 3, 12)));
        assert_eq!(date("25/03/2024"), Some(day(2024, 3, 25)));
        assert_eq!(date("03/25/2024"), Some(day(2024, 3, 25)));
        assert_eq!(date("03/04/2024"), None);
        assert_eq!(date("soon"), None);
    }

    #[test]
    fn revisions_become_versions() {
        let of = |text: &str| ControlBlock { revision: Some(text.into()), ..ControlBlock::default() }.version();
        assert_eq!(of("02").as_deref(), Some("2.0"));
        assert_eq!(of("Rev. 1.4").as_deref(), Some("1.4"));
        assert_eq!(of("v2.0.1").as_deref(), Some("2.0.1"));
        assert_eq!(of("C"), None);
    }
}
