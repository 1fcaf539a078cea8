//! A chart as SVG: measurements over time beside the value to reach. Reads in print and in grey, without script or fonts.
//!
//! The title is an element of the picture for those who cannot see it; whoever places the chart writes it above.

use std::fmt::Write as _;

use super::{Chart, markup};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 340.0;
/// Left, top, right and bottom edge of the field that holds the line.
const LEFT: f64 = 76.0;
const TOP: f64 = 92.0;
const RIGHT: f64 = WIDTH - 24.0;
const BOTTOM: f64 = HEIGHT - 76.0;
/// How wide a digit of a label is, on average.
const DIGIT: f64 = 6.2;
/// Values beyond it are no measurements; they would only break the arithmetic.
const LARGEST: f64 = 1e15;
const INK: &str = "#1a1a1a";
const GRID: &str = "#d0d0d0";
const LINE: &str = "#1f4e8c";
const GOAL: &str = "#8a4b00";

/// The chart as one SVG element.
#[must_use]
pub fn svg(chart: &Chart) -> String {
    let mut out = String::new();
    open(&mut out, chart);
    let points: Vec<(&str, f64)> =
        chart.series.iter().filter(|(_, v)| v.abs() <= LARGEST).map(|(l, v)| (l.as_str(), *v)).collect();
    if points.is_empty() {
        words(&mut out, (WIDTH / 2.0, HEIGHT / 2.0), "middle", "No values were measured.");
    } else {
        draw(&mut out, chart, &points);
    }
    out.push_str("</svg>");
    out
}

fn open(out: &mut String, chart: &Chart) {
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
         role=\"img\" font-family=\"Noto Sans, sans-serif\" font-size=\"12\" fill=\"{INK}\"><title>{}</title><desc>{}</desc>\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>",
        markup::line(&chart.title),
        markup::line(&chart.description)
    );
}

fn draw(out: &mut String, chart: &Chart, points: &[(&str, f64)]) {
    let goal = chart.target.as_ref().filter(|(v, _)| v.abs() <= LARGEST);
    let values = points.iter().map(|(_, v)| *v).chain(goal.map(|(v, _)| *v));
    let scale = Scale::of(values);
    legend(out, chart, goal.is_some());
    grid(out, &scale);
    if let Some((value, _)) = goal {
        let y = scale.y(*value);
        let _ = write!(
            out,
            "<path d=\"M{LEFT} {y:.1}H{RIGHT}\" stroke=\"{GOAL}\" stroke-width=\"2\" stroke-dasharray=\"8 5\" fill=\"none\"/>"
        );
    }
    let spots: Vec<(f64, f64)> = abscissae(points.len()).zip(points).map(|(x, (_, v))| (x, scale.y(*v))).collect();
    line(out, &spots);
    labels(out, points, &spots);
}

/// What the lines mean, in words above the field.
fn legend(out: &mut String, chart: &Chart, goal: bool) {
    if !chart.unit.trim().is_empty() {
        words(out, (LEFT, 18.0), "start", &format!("Unit: {}", cut(&chart.unit, 60)));
    }
    let _ = write!(
        out,
        "<path d=\"M{LEFT} 34h28\" stroke=\"{LINE}\" stroke-width=\"2\"/><circle cx=\"{:.1}\" cy=\"34\" r=\"3.5\" fill=\"{LINE}\"/>",
        LEFT + 14.0
    );
    words(out, (LEFT + 36.0, 38.0), "start", "measured");
    if let Some((_, said)) = chart.target.as_ref().filter(|_| goal) {
        let from = LEFT + 124.0;
        let _ =
            write!(out, "<path d=\"M{from} 34h28\" stroke=\"{GOAL}\" stroke-width=\"2\" stroke-dasharray=\"8 5\"/>");
        words(out, (from + 36.0, 38.0), "start", &format!("target: {}", cut(said, 64)));
    }
}

fn grid(out: &mut String, scale: &Scale) {
    for tick in scale.ticks() {
        let y = scale.y(tick);
        let _ = write!(out, "<path d=\"M{LEFT} {y:.1}H{RIGHT}\" stroke=\"{GRID}\"/>");
        words(out, (LEFT - 8.0, y + 4.0), "end", &format!("{tick:.*}", scale.decimals));
    }
    let _ = write!(out, "<path d=\"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}\" stroke=\"{INK}\" fill=\"none\"/>");
    words(out, (f64::midpoint(LEFT, RIGHT), HEIGHT - 8.0), "middle", "Period");
}

fn line(out: &mut String, spots: &[(f64, f64)]) {
    let path: Vec<String> = spots.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
    let _ = write!(
        out,
        "<path d=\"M{}\" stroke=\"{LINE}\" stroke-width=\"2\" fill=\"none\" stroke-linejoin=\"round\"/>",
        path.join("L")
    );
    for (x, y) in spots {
        let _ = write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{LINE}\"/>");
    }
}

/// The value at every point and the period below it; upright where there is no room, and only some where there is still none.
fn labels(out: &mut String, points: &[(&str, f64)], spots: &[(f64, f64)]) {
    let periods: Vec<String> = points.iter().map(|(label, _)| cut(label, 10)).collect();
    let decimals = points.iter().map(|(_, value)| decimals(*value)).max().unwrap_or_default();
    let values: Vec<String> = points.iter().map(|(_, value)| number(*value, decimals)).collect();
    let room = step(points.len());
    let lying = |texts: &[String]| texts.iter().all(|t| width(t) + 4.0 <= room);
    let (periods_lie, values_lie) = (lying(&periods), lying(&values));
    let every = (1..=points.len()).find(|n| room * count(*n) >= 14.0).unwrap_or(points.len().max(1));
    let last = points.len().saturating_sub(1);
    for (index, ((period, value), (x, y))) in periods.iter().zip(&values).zip(spots).enumerate() {
        // Counted from the newest, which is always told.
        if !(last - index).is_multiple_of(every) {
            continue;
        }
        let x = *x;
        if values_lie {
            words(out, (x, y - 9.0), "middle", value);
        } else {
            upright(out, (x + 4.0, y - 8.0), "start", value);
        }
        if periods_lie {
            words(out, (x, BOTTOM + 18.0), "middle", period);
        } else {
            upright(out, (x + 4.0, BOTTOM + 6.0), "end", period);
        }
    }
}

/// Text with a white rim, so that a line behind it does not hide it.
fn words(out: &mut String, (x, y): (f64, f64), anchor: &str, said: &str) {
    let _ = write!(
        out,
        "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" stroke=\"#ffffff\" stroke-width=\"3\" \
         paint-order=\"stroke\">{}</text>",
        markup::line(said)
    );
}

fn upright(out: &mut String, (x, y): (f64, f64), anchor: &str, said: &str) {
    let _ = write!(
        out,
        "<text transform=\"translate({x:.1} {y:.1}) rotate(-90)\" text-anchor=\"{anchor}\" stroke=\"#ffffff\" \
         stroke-width=\"3\" paint-order=\"stroke\">{}</text>",
        markup::line(said)
    );
}

fn width(text: &str) -> f64 {
    count(text.chars().count()) * DIGIT
}

fn count(n: usize) -> f64 {
    u32::try_from(n).map_or(f64::from(u32::MAX), f64::from)
}

/// How far two points lie apart.
fn step(points: usize) -> f64 {
    (RIGHT - LEFT) / count(points.max(1))
}

fn abscissae(points: usize) -> impl Iterator<Item = f64> {
    (0..points).map(move |index| LEFT + step(points) * (count(index) + 0.5))
}

/// A text that fits: what is cut off shows as `…`.
fn cut(text: &str, most: usize) -> String {
    let shown = crate::report::one_line(text);
    if shown.chars().count() <= most {
        return shown;
    }
    shown.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// How many decimals a value needs, six at most; all values of a chart get as many as the one that needs most.
fn decimals(value: f64) -> usize {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').split_once('.').map_or(0, |(_, d)| d.len())
}

fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    if text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) { text.replace('-', "") } else { text }
}

/// The vertical axis: from a round number below the values to one above them.
struct Scale {
    low: f64,
    high: f64,
    tick: f64,
    decimals: usize,
}

impl Scale {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = values.fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        if high - low <= high.abs().max(low.abs()) * 1e-9 {
            let room = if high == 0.0 { 1.0 } else { high.abs() * 0.1 };
            (low, high) = (if low > 0.0 { (low - room).max(0.0) } else { low - room }, high + room);
        }
        let (tick, decimals) = round_step((high - low) / 5.0);
        Self { low: (low / tick).floor() * tick, high: (high / tick).ceil() * tick, tick, decimals }
    }

    fn y(&self, value: f64) -> f64 {
        BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP)
    }

    fn ticks(&self) -> impl Iterator<Item = f64> + '_ {
        let at = |n: u32| self.low + self.tick * f64::from(n);
        (0..12).map(at).take_while(|t| *t <= self.high + self.tick / 2.0)
    }
}

/// The smallest of 1, 2, 5, 10, 20, 50 … that is no smaller, with its decimals. Found by looking, not by logarithms, which differ
/// between machines.
fn round_step(least: f64) -> (f64, usize) {
    let powers = (0_usize..10).rev().map(|d| (format!("1e-{d}"), d)).chain((1..16).map(|e| (format!("1e{e}"), 0)));
    for (power, decimals) in powers {
        let power: f64 = power.parse().unwrap_or(1.0);
        if let Some(step) = [1.0, 2.0, 5.0].map(|m| m * power).into_iter().find(|s| *s >= least) {
            return (step, decimals);
        }
    }
    (1e16, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[f64]) -> Chart {
        Chart {
            title: "Availability".into(),
            unit: "%".into(),
            target: Some((99.9, "at least 99.9 %".into())),
            series: values.iter().enumerate().map(|(i, v)| (format!("2026-{:02}", i + 1), *v)).collect(),
            description: "Twelve months.".into(),
        }
    }

    #[test]
    fn a_chart_says_its_values_periods_and_target() {
        let svg = svg(&chart(&[99.93, 99.85, 99.9]));
        for said in [
            "<title>Availability</title>",
            "<desc>Twelve months.</desc>",
            "99.93<",
            "2026-02<",
            "target: at least 99.9 %",
        ] {
            assert!(svg.contains(said), "{said} in {svg}");
        }
        assert!(!svg.contains("<script") && !svg.contains("href"));
    }

    #[test]
    fn steps_are_round_and_values_lie_inside() {
        assert_eq!(round_step(0.03), (0.05, 2));
        assert_eq!(round_step(7.0), (10.0, 0));
        let scale = Scale::of([99.85, 99.97].into_iter());
        assert!(scale.low <= 99.85 && scale.high >= 99.97);
        assert!((2..=11).contains(&scale.ticks().count()));
        assert_eq!(number(-0.0, 1), "0.0");
        let flat = Scale::of([3.0].into_iter());
        assert!(flat.low < 3.0 && flat.high > 3.0);
    }

    #[test]
    fn strange_values_are_left_out_and_nothing_breaks() {
        let strange = [f64::NAN, f64::INFINITY, f64::MAX, -1e15, 1e15, 0.0, -0.0, 1e-300];
        let mut hostile = chart(&strange);
        hostile.title = "</title><script>\u{1b}[31m\u{202e}".into();
        hostile.unit = "x".repeat(300);
        hostile.target = Some((f64::NAN, "none".into()));
        let svg = svg(&hostile);
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        assert!(svg.contains("&lt;/title&gt;&lt;script&gt;\\u{1b}[31m\\u{202e}"));
        assert!(super::svg(&chart(&[])).contains("No values"));
        assert!(super::svg(&chart(&vec![1.0; 2000])).len() < 500_000);
    }
}
