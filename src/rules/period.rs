//! The period a value stands for, and lengths of time compared.

use std::fmt;

use jiff::Span;
use jiff::civil::{Date, date};

/// A month, a quarter, half a year or a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    /// How many months it lasts: 1, 3, 6 or 12.
    pub(super) months: i32,
    /// How many periods of this length lie before it, counted from year 0.
    pub(super) number: i32,
}

impl Period {
    /// Reads `2026-03`, `2026-Q1`, `2026-H1` or `2026`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
        let year = digits(year, 4)?;
        let Some(part) = part else { return Some(Self { months: 12, number: year }) };
        match (part.strip_prefix('Q'), part.strip_prefix('H')) {
            (Some(quarter), _) => Self::nth(year, 3, digits(quarter, 1)?),
            (_, Some(half)) => Self::nth(year, 6, digits(half, 1)?),
            _ => Self::nth(year, 1, digits(part, 2)?),
        }
    }

    fn nth(year: i32, months: i32, nth: i32) -> Option<Self> {
        let a_year = 12 / months;
        (1..=a_year).contains(&nth).then_some(Self { months, number: year * a_year + nth - 1 })
    }

    /// What periods are sorted by: when they end, then the shorter first.
    pub(super) fn order(self) -> (i32, i32) {
        ((self.number + 1) * self.months, self.months)
    }

    /// Its first day.
    pub(super) fn first_day(self) -> Option<Date> {
        first_day(self.number * self.months)
    }

    /// Its last day.
    pub(super) fn last_day(self) -> Option<Date> {
        self.next().first_day()?.yesterday().ok()
    }

    /// The period of the same length after it.
    pub(super) fn next(self) -> Self {
        Self { months: self.months, number: self.number.saturating_add(1) }
    }

    /// Whether a day lies in it.
    pub(super) fn holds(self, day: Date) -> bool {
        self.first_day().is_some_and(|first| first <= day) && self.last_day().is_some_and(|last| day <= last)
    }

    /// The periods left out between it and a later one of the same length, when one is due every so many months.
    pub(super) fn missing_until(self, later: Self, every_months: i32) -> Vec<Self> {
        let step = ((every_months + self.months - 1) / self.months).max(1);
        let numbers = (self.number.saturating_add(step)..later.number).step_by(usize::try_from(step).unwrap_or(1));
        numbers.map(|number| Self { months: self.months, number }).collect()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let a_year = 12 / self.months;
        let (year, nth) = (self.number / a_year, self.number % a_year + 1);
        match self.months {
            12 => write!(f, "{year:04}"),
            6 => write!(f, "{year:04}-H{nth}"),
            3 => write!(f, "{year:04}-Q{nth}"),
            _ => write!(f, "{year:04}-{nth:02}"),
        }
    }
}

fn digits(text: &str, count: usize) -> Option<i32> {
    let whole = text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if whole { text.parse().ok() } else { None }
}

fn first_day(month: i32) -> Option<Date> {
    let (year, month) = (i16::try_from(month / 12).ok()?, i8::try_from(month % 12 + 1).ok()?);
    Date::new(year, month, 1).ok()
}

/// Whole months of a duration; days and weeks do not count.
pub(super) fn months(length: Span) -> i32 {
    i32::from(length.get_years()).saturating_mul(12).saturating_add(length.get_months())
}

/// Whether a length of time is longer than another in whatever month: `P1M` is not longer than `P4W`.
pub(super) fn surely_longer(a: Span, b: Span) -> bool {
    let days = |from: Date, length| from.checked_add(length).and_then(|to| to.since(from)).ok().map(|s| s.get_days());
    let shortest = days(date(2026, 2, 1), a);
    let longest = days(date(2026, 7, 1), b);
    shortest.zip(longest).is_some_and(|(a, b)| a > b)
}

/// A day so many lengths and days later; none beyond the calendar.
pub(super) fn after(from: Date, length: Span, days: i64) -> Option<Date> {
    let grace = Span::new().try_days(days).ok()?;
    from.checked_add(length).ok()?.checked_add(grace).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::duration;

    fn period(text: &str) -> Period {
        Period::parse(text).unwrap()
    }

    #[test]
    fn months_quarters_and_years_are_read_and_written_alike() {
        for text in ["2026", "2026-H1", "2026-H2", "2026-Q1", "2026-Q4", "2026-01", "2026-12"] {
            assert_eq!(period(text).to_string(), text);
        }
        for text in [
            "", "26", "2026-", "2026-0", "2026-13", "2026-00", "2026-Q5", "2026-Q0", "2026-3", "2026-H3", "2026-W03",
            "+026",
        ] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }

    #[test]
    fn periods_know_their_first_day() {
        assert_eq!(period("2026-12").first_day(), Some(date(2026, 12, 1)));
        assert_eq!(period("2026-Q4").first_day(), Some(date(2026, 10, 1)));
        assert_eq!(period("2024").first_day(), Some(date(2024, 1, 1)));
    }

    #[test]
    fn periods_hold_their_first_and_last_day() {
        let half = period("2026-H1");
        assert!(half.holds(date(2026, 1, 1)) && half.holds(date(2026, 6, 30)) && !half.holds(date(2026, 7, 1)));
        assert_eq!(period("2026-12").last_day(), Some(date(2026, 12, 31)));
        assert_eq!(period("9999").last_day(), None);
    }

    #[test]
    fn periods_are_ordered_by_their_end() {
        let mut periods = ["2026", "2026-12", "2026-Q3", "2026-Q4", "2026-09"].map(period);
        periods.sort_by_key(|p| p.order());
        assert_eq!(periods.map(|p| p.to_string()), ["2026-09", "2026-Q3", "2026-12", "2026-Q4", "2026"]);
    }

    #[test]
    fn missing_periods_follow_the_frequency() {
        let missing = |a, b, every| {
            let periods = period(a).missing_until(period(b), every);
            periods.iter().map(Period::to_string).collect::<Vec<_>>()
        };
        assert_eq!(missing("2025-11", "2026-02", 1), ["2025-12", "2026-01"]);
        assert_eq!(missing("2026-Q1", "2026-Q2", 3), Vec::<String>::new());
        assert_eq!(missing("2026-Q2", "2026-Q4", 6), Vec::<String>::new());
        assert_eq!(missing("2025-Q4", "2026-Q4", 6), ["2026-Q2"]);
        // A value of a week still stands for its month.
        assert_eq!(missing("2026-01", "2026-03", 0), ["2026-02"]);
        assert_eq!(missing("2026", "2024", 12), Vec::<String>::new());
    }

    #[test]
    fn lengths_are_compared_whatever_the_month() {
        let longer = |a, b| surely_longer(duration(a).unwrap(), duration(b).unwrap());
        assert!(longer("P3M", "P1M"));
        assert!(longer("P1Y", "P6M"));
        assert!(!longer("P1M", "P1M"));
        assert!(!longer("P1M", "P4W"));
        assert!(!longer("P12M", "P1Y"));
        assert!(!longer("P1W", "P1M"));
        assert_eq!(months(duration("P1Y6M").unwrap()), 18);
        assert_eq!(months(duration("P2W").unwrap()), 0);
    }

    #[test]
    fn a_day_later_may_lie_beyond_the_calendar() {
        assert_eq!(after(date(2026, 1, 31), duration("P1M").unwrap(), 14), Some(date(2026, 3, 14)));
        assert_eq!(after(date(9999, 12, 1), duration("P1M").unwrap(), 31), None);
    }
}
