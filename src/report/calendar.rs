//! Duties as an iCalendar file (RFC 5545): one all-day event each.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use super::printable;
use crate::readiness::Duty;

/// Bytes of a line without its end.
const LINE: usize = 75;

/// The calendar. The same duties on the same day give the same bytes; an event keeps its UID when its day is moved.
#[must_use]
pub fn calendar(duties: &[Duty], organization: &str, today: Date) -> String {
    let mut out = String::new();
    for (name, value) in
        [("BEGIN", "VCALENDAR"), ("VERSION", "2.0"), ("PRODID", "-//smsctl//smsctl//EN"), ("CALSCALE", "GREGORIAN")]
    {
        property(&mut out, name, value);
    }
    property(&mut out, "X-WR-CALNAME", &escaped(&format!("{organization}: due dates")));
    let mut known = BTreeMap::new();
    for duty in duties {
        let uid = uid(duty, organization, &mut known);
        event(&mut out, duty, &uid, today);
    }
    property(&mut out, "END", "VCALENDAR");
    out
}

fn event(out: &mut String, duty: &Duty, uid: &str, today: Date) {
    let day = |d: Date| d.strftime("%Y%m%d").to_string();
    let owner = if duty.owner.is_empty() { String::new() } else { format!("\nOwner: {}", duty.owner) };
    let about = format!("Kind: {}{owner}\nFile: {}", duty.kind.replace('-', " "), duty.path);
    property(out, "BEGIN", "VEVENT");
    property(out, "UID", uid);
    property(out, "DTSTAMP", &format!("{}T000000Z", day(today)));
    property(out, "DTSTART;VALUE=DATE", &day(duty.on));
    property(out, "DTEND;VALUE=DATE", &day(duty.on.tomorrow().unwrap_or(duty.on)));
    property(out, "SUMMARY", &escaped(&format!("{} {}", duty.id, duty.title)));
    property(out, "DESCRIPTION", &escaped(&about));
    property(out, "CATEGORIES", &escaped(duty.kind));
    property(out, "TRANSP", "TRANSPARENT");
    property(out, "END", "VEVENT");
}

/// From what the duty is, not from its day. The second of two that are alike gets a number.
fn uid(duty: &Duty, organization: &str, known: &mut BTreeMap<String, usize>) -> String {
    let parts = [organization, &duty.id, &duty.field, duty.kind, &duty.title];
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let name = hash.finalize().iter().take(16).fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    });
    let count = known.entry(name.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { format!("{name}@smsctl") } else { format!("{name}-{count}@smsctl") }
}

/// Text as a value: what has a meaning of its own is marked, line breaks become `\n`, other control characters are shown.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in printable(text).replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push(' '),
            _ => out.push(c),
        }
    }
    out
}

/// A line, folded where it is too long: never within a character.
fn property(out: &mut String, name: &str, value: &str) {
    let mut used = 0;
    for c in format!("{name}:{value}").chars() {
        if used + c.len_utf8() > LINE {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn duty(title: &str, on: Date) -> Duty {
        Duty {
            on,
            path: "registers/risks.md".into(),
            id: "RSK-001".into(),
            field: "due_on".into(),
            kind: "action",
            title: title.into(),
            owner: "sms-manager".into(),
            days_left: 3,
            rule: None,
        }
    }

    #[test]
    fn lines_are_folded_at_75_octets_and_unfold_to_the_text() {
        let title = "Überlange Maßnahme, mit Komma; und \\ Strich – ".repeat(5);
        let text = calendar(&[duty(&title, date(2026, 12, 1))], "Nord, Süd", date(2026, 11, 20));
        assert!(text.split("\r\n").all(|l| l.len() <= LINE && !l.contains('\n')), "{text}");
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        let whole = text.replace("\r\n ", "");
        assert!(whole.contains("SUMMARY:RSK-001 Überlange Maßnahme\\, mit Komma\\; und \\\\ Strich – "), "{whole}");
        assert!(whole.contains("DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261202\r\n"));
        assert!(
            whole.contains("DTSTAMP:20261120T000000Z\r\n") && whole.contains("X-WR-CALNAME:Nord\\, Süd: due dates")
        );
    }

    #[test]
    fn an_event_keeps_its_uid_when_its_day_moves_and_no_two_share_one() {
        let uids = |duties: &[Duty]| {
            let text = calendar(duties, "N", date(2026, 11, 20));
            text.lines().filter(|l| l.starts_with("UID:")).map(str::to_owned).collect::<Vec<_>>()
        };
        let (a, moved) = (duty("A", date(2026, 12, 1)), duty("A", date(2027, 2, 1)));
        assert_eq!(uids(std::slice::from_ref(&a)), uids(std::slice::from_ref(&moved)));
        let mut three = uids(&[a, moved, duty("B", date(2026, 12, 1))]);
        three.sort();
        three.dedup();
        assert_eq!(three.len(), 3);
    }

    #[test]
    fn the_end_of_the_calendar_is_no_end() {
        let text = calendar(&[duty("A\u{1b}[31m\nB", Date::MAX)], "N", date(2026, 11, 20));
        assert!(text.contains("DTSTART;VALUE=DATE:99991231") && text.contains("SUMMARY:RSK-001 A\\\\u{1b}[31m\\nB"));
    }
}
