//! Measured values and the targets they are held against.

use std::fmt;

use crate::document::Node;
use crate::workspace::EntityView;

use crate::rules::period::Period;

/// One value of a metric.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a> {
    /// The measurement.
    pub(crate) entity: EntityView<'a>,
    /// What it stands for.
    pub(super) period: Period,
    /// The value itself.
    pub(crate) number: f64,
}

/// The readable values of a metric, oldest period first.
pub(crate) fn values_of(metric: EntityView<'_>) -> Vec<Value<'_>> {
    let mut values: Vec<_> = metric.referrers_by("measurement", "metric").filter_map(read).collect();
    values.sort_by_key(|v| v.period.order());
    values
}

fn read(entity: EntityView<'_>) -> Option<Value<'_>> {
    let period = Period::parse(entity.str("period")?)?;
    Some(Value { entity, period, number: entity.node().number("value")? })
}

/// A number to be met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Target<'a> {
    comparator: &'a str,
    value: f64,
    upper: Option<f64>,
}

impl<'a> Target<'a> {
    /// The `target` of a metric or an objective, when it holds a number that can be met.
    pub(crate) fn of(owner: &'a Node) -> Option<Self> {
        let node = owner.get("target")?;
        let target =
            Self { comparator: node.str("comparator")?, value: node.number("value")?, upper: node.number("upper") };
        (target.comparator != "range" || target.upper.is_some()).then_some(target)
    }

    /// Whether a value fails it; an unknown comparator is never missed.
    pub(crate) fn missed_by(self, number: f64) -> bool {
        match self.comparator {
            ">=" => number < self.value,
            "<=" => number > self.value,
            ">" => number <= self.value,
            "<" => number >= self.value,
            "=" => (number - self.value).abs() > f64::EPSILON * self.value.abs().max(1.0),
            "range" => number < self.value || self.upper.is_some_and(|upper| number > upper),
            _ => false,
        }
    }
}

impl fmt::Display for Target<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.upper.filter(|_| self.comparator == "range") {
            Some(upper) => write!(f, "{} to {upper}", self.value),
            None => write!(f, "{} {}", self.comparator, self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::load_yaml;
    use crate::source::FileId;

    fn missed(target: &str, numbers: &[f64]) -> Vec<bool> {
        let yaml = format!("target: {target}\n");
        let node = load_yaml(FileId(0), &yaml, 0..yaml.len()).unwrap();
        let target = Target::of(&node).unwrap();
        numbers.iter().map(|n| target.missed_by(*n)).collect()
    }

    #[test]
    fn every_comparator_knows_its_edge() {
        assert_eq!(missed("{comparator: '>=', value: 95}", &[94.9, 95.0]), [true, false]);
        assert_eq!(missed("{comparator: '<=', value: 3}", &[3.0, 3.1]), [false, true]);
        assert_eq!(missed("{comparator: '>', value: 0}", &[0.0, 0.1]), [true, false]);
        assert_eq!(missed("{comparator: '<', value: 5}", &[5.0, 4.9]), [true, false]);
        assert_eq!(missed("{comparator: '=', value: 100}", &[100.0, 99.9]), [false, true]);
        assert_eq!(
            missed("{comparator: range, value: 60, upper: 80}", &[59.0, 60.0, 80.0, 81.0]),
            [true, false, false, true]
        );
    }

    #[test]
    fn half_a_target_is_none() {
        for yaml in
            ["target: {value: 95}\n", "target: {comparator: range, value: 1}\n", "target: TODO(number)\n", "a: 1\n"]
        {
            let node = load_yaml(FileId(0), yaml, 0..yaml.len()).unwrap();
            assert_eq!(Target::of(&node), None, "{yaml}");
        }
    }
}
