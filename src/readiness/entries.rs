//! Needs about the entries of registers.

use super::decide::{Facts, Found, back, distinct, empty_register, few, nothing, whereabouts};
use super::need::Selector;
use super::need_in_words::of;
use super::select::{at, date, filled, is_ended, selected};
use super::{Action, Evidence, Missing};
use crate::workspace::EntityView;

impl Facts<'_> {
    pub(super) fn some(&self, selector: &Selector, fields: &[String]) -> Found {
        let has = |e: &EntityView<'_>| fields.is_empty() || fields.iter().any(|f| filled(e.node(), f));
        let found: Vec<Evidence> =
            selected(self.ctx.ws, selector).filter(has).map(|e| whereabouts(e.artifact())).collect();
        if !found.is_empty() {
            return (found, Vec::new());
        }
        let what = if fields.is_empty() { String::new() } else { format!(" that says `{}`", fields.join("` or `")) };
        self.unmet(selector, format!("no entry {}{what}", of(selector)))
    }

    pub(super) fn each(&self, selector: &Selector, fields: &[Vec<String>]) -> Found {
        let lacking = |e: &EntityView<'_>| {
            let absent = |alternatives: &&Vec<String>| !alternatives.iter().any(|f| filled(e.node(), f));
            fields.iter().find(absent).map(|f| f.join("` or `"))
        };
        let all: Vec<_> = selected(self.ctx.ws, selector).collect();
        let open: Vec<_> = all.iter().filter_map(|e| Some((e.id(), lacking(e)?))).collect();
        let Some((_, field)) = open.first() else { return self.whole(selector) };
        let ids: Vec<&str> = open.iter().map(|(id, _)| *id).collect();
        let text = format!("{} of {} entries {} lack `{field}`: {}", open.len(), all.len(), of(selector), few(&ids));
        let (_, missing) = self.unmet(selector, text);
        (places(&all), missing)
    }

    /// Met by entries that are there; an empty register meets nothing.
    pub(super) fn whole(&self, selector: &Selector) -> Found {
        let names = [selector.register.clone()];
        self.register(&names)
    }

    pub(super) fn unmet(&self, selector: &Selector, text: String) -> Found {
        let all: Vec<_> = self.entries(&selector.register).collect();
        if all.is_empty() {
            return self.whole(selector);
        }
        (places(&all), vec![Missing::new(text, Some(self.fill(&selector.register)))])
    }

    pub(super) fn none(&self, selector: &Selector, only_open: bool) -> Found {
        let found: Vec<_> = selected(self.ctx.ws, selector).filter(|e| !only_open || !is_ended(e.node())).collect();
        if found.is_empty() {
            return self.kept(&selector.register);
        }
        let ids: Vec<&str> = found.iter().map(|e| e.id()).collect();
        let open = if only_open { "open " } else { "" };
        let text = format!("{open}entries {}: {}", of(selector), few(&ids));
        (places(&found), vec![Missing::new(text, Some(self.fill(&selector.register)))])
    }

    /// A register that is kept, be it empty: that nothing is in it is an answer only when it is finished and approved.
    pub(super) fn kept(&self, register: &str) -> Found {
        let kept: Vec<_> = self.ctx.ws.register(register).filter(|a| a.is_current()).collect();
        if kept.is_empty() {
            return nothing(empty_register(register, true), Some(self.fill(register)));
        }
        let missing = kept.iter().filter_map(|a| self.not_in_force(*a)).collect();
        (kept.into_iter().map(whereabouts).collect(), missing)
    }

    pub(super) fn future(&self, selector: &Selector, field: &str) -> Found {
        let open = |e: &EntityView<'_>| !is_ended(e.node());
        let all: Vec<_> = selected(self.ctx.ws, selector).filter(open).collect();
        let past = |e: &&EntityView<'_>| date(e.node(), field).is_none_or(|d| d < self.ctx.today);
        let late: Vec<&str> = all.iter().filter(past).map(|e| e.id()).collect();
        if late.is_empty() {
            return self.whole(selector);
        }
        let text = format!("`{field}` is past or missing in {} entries {}: {}", late.len(), of(selector), few(&late));
        let action = Action { overdue: true, ..self.fill(&selector.register) };
        (places(&all), vec![Missing::new(text, Some(action))])
    }

    pub(super) fn ordered(&self, selector: &Selector, first: &str, second: &str) -> Found {
        let all: Vec<_> = selected(self.ctx.ws, selector).collect();
        let turned = |e: &&EntityView<'_>| match (date(e.node(), first), date(e.node(), second)) {
            (Some(a), Some(b)) => a > b,
            (None, Some(_)) => true,
            _ => false,
        };
        let wrong: Vec<&str> = all.iter().filter(turned).map(|e| e.id()).collect();
        if wrong.is_empty() {
            return self.whole(selector);
        }
        let text = format!("`{first}` is missing or later than `{second}` {}: {}", of(selector), few(&wrong));
        (places(&all), vec![Missing::new(text, Some(self.fill(&selector.register)))])
    }

    pub(super) fn referred(&self, selector: &Selector, other: &Selector, field: &str) -> Found {
        let by: Vec<_> = selected(self.ctx.ws, other).collect();
        let named = |id: &str| by.iter().any(|e| at(e.node(), field).is_some_and(|n| says(n, id)));
        let all: Vec<_> = selected(self.ctx.ws, selector).collect();
        let alone: Vec<&str> = all.iter().map(|e| e.id()).filter(|id| !named(id)).collect();
        if all.is_empty() || alone.is_empty() {
            let (mut evidence, mut missing) = self.whole(selector);
            let (more, also) = self.whole(other);
            evidence.extend(more);
            missing.extend(also);
            return (evidence, missing);
        }
        let text = format!("no entry {} names {}", of(other), few(&alone));
        (places(&by), vec![Missing::new(text, Some(self.fill(&other.register)))])
    }

    pub(super) fn recent(&self, selector: &Selector, period: jiff::Span, field: Option<&str>) -> Found {
        let today = self.ctx.today;
        let day = |e: EntityView<'_>| match field {
            Some(field) => date(e.node(), field).filter(|d| *d <= today),
            None => self.dated(e).map(|d| d.on),
        };
        let all: Vec<_> = selected(self.ctx.ws, selector).collect();
        let newest = all.iter().filter_map(|e| day(*e)).max();
        match newest {
            Some(on) if on >= back(today, period) => (places(&all), Vec::new()),
            Some(on) => {
                let text = format!("the newest entry {} is of {on}", of(selector));
                let action = Action { overdue: true, ..self.fill(&selector.register) };
                (places(&all), vec![Missing::new(text, Some(action))])
            }
            None => self.unmet(selector, format!("no entry {} has a day that has come", of(selector))),
        }
    }

    pub(super) fn old_enough(&self, selector: &Selector, period: jiff::Span) -> Found {
        let all: Vec<_> = selected(self.ctx.ws, selector).collect();
        let oldest = all.iter().filter_map(|e| self.dated(*e)).map(|d| d.on).min();
        match oldest {
            Some(on) if on <= back(self.ctx.today, period) => (places(&all), Vec::new()),
            Some(on) => {
                let text = format!("entries {} go back to {on} only", of(selector));
                (places(&all), vec![Missing::new(text, None)])
            }
            None => self.unmet(selector, format!("no entry {} has a day that has come", of(selector))),
        }
    }
}

fn places(entities: &[EntityView<'_>]) -> Vec<Evidence> {
    distinct(entities.iter().map(|e| whereabouts(e.artifact())).collect())
}

/// Whether a value or its parts say an id.
fn says(node: &crate::document::Node, id: &str) -> bool {
    node.as_str() == Some(id)
        || node.items().iter().any(|n| says(n, id))
        || node.fields().iter().any(|f| says(&f.value, id))
}
