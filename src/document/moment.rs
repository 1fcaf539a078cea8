//! A day, with the time where it is known: `2026-04-14`, `2026-04-14 10:05`, `2026-04-14T10:05+02:00`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

/// A point in time as people write it into a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day, as written.
    pub day: Date,
    time: Option<Time>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Time {
    local: DateTime,
    /// The same in UTC, when the distance to it is written.
    utc: Option<DateTime>,
}

impl Moment {
    /// Reads a moment; none for placeholders, impossible days and other forms.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let day: Date = text.get(..10)?.parse().ok()?;
        let rest = text.get(10..)?;
        if rest.is_empty() {
            return has_form(text, 10).then_some(Self { day, time: None });
        }
        let clock = rest.strip_prefix(['T', ' ']).filter(|_| has_form(text, 16))?;
        let distance = clock.find(['Z', '+', '-']);
        let local: DateTime = text.get(..11 + distance.unwrap_or(clock.len()))?.parse().ok()?;
        let utc = match distance {
            Some(_) => Some(text.parse::<Timestamp>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).datetime()),
            None => None,
        };
        Some(Self { day, time: Some(Time { local, utc }) })
    }

    /// Whether it lies before another. When a time is missing on either side, days are compared: on one day nothing is
    /// before anything.
    #[must_use]
    pub fn is_before(self, other: Self) -> bool {
        match self.minutes_until(other) {
            Some(minutes) => minutes > 0,
            None => self.day < other.day,
        }
    }

    /// Whole minutes from this moment to another, negative when the other came first; none when a time is missing.
    #[must_use]
    pub fn minutes_until(self, other: Self) -> Option<i64> {
        let (from, to) = (self.time?, other.time?);
        let (from, to) = from.utc.zip(to.utc).unwrap_or((from.local, to.local));
        Some(to.duration_since(from).as_mins())
    }

    /// The moment so much later; a whole day when it has no time and the length is one of hours.
    #[must_use]
    pub fn after(self, length: jiff::Span) -> Option<Self> {
        let later = |at: DateTime| at.checked_add(length).ok();
        match self.time {
            None => later(self.day.at(23, 59, 0, 0)).map(|at| Self { day: at.date(), time: None }),
            Some(Time { local, utc }) => {
                let local = later(local)?;
                let utc = match utc {
                    Some(utc) => Some(later(utc)?),
                    None => None,
                };
                Some(Self { day: local.date(), time: Some(Time { local, utc }) })
            }
        }
    }
}

/// Hyphens and the colon stand where they must; the calendar is judged by the parser.
fn has_form(text: &str, length: usize) -> bool {
    let at = |index: usize, wanted: u8| text.as_bytes().get(index) == Some(&wanted);
    at(4, b'-') && at(7, b'-') && (length == 10 || (at(13, b':') && text.len() >= length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    #[test]
    fn days_times_and_distances_are_read() {
        for good in
            ["2026-04-14", "2026-04-14 10:05", "2026-04-14T10:05:30", "2026-04-14T10:05Z", "2026-04-14 10:05+02:00"]
        {
            assert_eq!(moment(good).day, jiff::civil::date(2026, 4, 14), "{good}");
        }
        let bad = [
            "",
            "2026",
            "20260414",
            "2026-02-30",
            "2026-04-14 25:00",
            "2026-04-14 10",
            "2026-04-14 ",
            "2026-04-14x10:05",
            "TODO(when)",
        ];
        for bad in bad {
            assert_eq!(Moment::parse(bad), None, "{bad}");
        }
        assert_eq!(Moment::parse("2026-04-1ä"), None);
    }

    #[test]
    fn order_is_certain_or_nothing() {
        assert!(moment("2026-04-14 10:05").is_before(moment("2026-04-14 10:06")));
        assert!(!moment("2026-04-14").is_before(moment("2026-04-14 10:06")));
        assert!(moment("2026-04-13").is_before(moment("2026-04-14 00:00")));
        assert!(!moment("2026-04-14T10:05+02:00").is_before(moment("2026-04-14T08:05Z")));
        assert!(moment("2026-04-14T10:05+03:00").is_before(moment("2026-04-14T08:05Z")));
        assert_eq!(moment("2026-04-14 10:05").minutes_until(moment("2026-04-14 12:08")), Some(123));
        assert_eq!(moment("2026-04-14").minutes_until(moment("2026-04-14 12:08")), None);
    }

    #[test]
    fn lengths_can_be_added() {
        let later = |text: &str, length: &str| moment(text).after(length.parse().unwrap());
        assert_eq!(later("2026-04-14 22:05", "PT4H"), Some(moment("2026-04-15 02:05")));
        assert_eq!(later("2026-04-14", "P1D"), Some(moment("2026-04-15")));
        assert_eq!(later("9999-12-31 23:00", "P1Y"), None);
    }
}
