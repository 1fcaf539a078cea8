//! What the styles of a Word document mean: headings by their outline level, lists, the title.

use std::collections::BTreeMap;

use super::xml::Element;

/// A style of paragraphs.
#[derive(Clone, Debug, Default)]
struct Style {
    name: String,
    based_on: Option<String>,
    /// Outline level from 0; 9 is text.
    outline: Option<u8>,
    numbering: Option<(String, u8)>,
}

/// All styles by id.
#[derive(Clone, Debug, Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Style>,
}

impl Styles {
    pub(super) fn read(root: Option<&Element>) -> Self {
        let mut by_id = BTreeMap::new();
        for style in root.into_iter().flat_map(Element::children).filter(|e| e.name == "style") {
            let Some(id) = style.attribute("styleId") else { continue };
            let read = Style {
                name: style.setting(&["name"]).unwrap_or_default().to_lowercase(),
                based_on: style.setting(&["basedOn"]).map(str::to_owned),
                outline: style.setting(&["pPr", "outlineLvl"]).and_then(|l| l.parse().ok()),
                numbering: numbering(style.child("pPr")),
            };
            by_id.insert(id.to_owned(), read);
        }
        Self { by_id }
    }

    /// A style and those it rests on, the nearest first.
    fn chain(&self, id: &str) -> impl Iterator<Item = &Style> {
        let next = |style: &&Style| self.by_id.get(style.based_on.as_deref()?);
        // A style that rests on itself ends after a while.
        std::iter::successors(self.by_id.get(id), next).take(20)
    }

    /// Level of a heading from 1.
    pub(super) fn heading(&self, id: &str) -> Option<u8> {
        let named = |s: &Style| s.name.strip_prefix("heading ").and_then(|n| n.trim().parse::<u8>().ok());
        let level = self.chain(id).find_map(|s| s.outline.or_else(|| named(s).map(|n| n.saturating_sub(1))))?;
        (level < 9).then_some(level + 1)
    }

    /// Whether it is the style of titles.
    pub(super) fn is_title(&self, id: &str) -> bool {
        id == "Title" || self.chain(id).next().is_some_and(|s| s.name == "title")
    }

    /// Whether its paragraphs are lines of a table of contents, which is computed anew wherever it is needed.
    pub(super) fn is_contents(&self, id: &str) -> bool {
        self.chain(id).any(|s| s.name.starts_with("toc ") || s.name.contains("contents ") || s.name == "toc heading")
    }

    /// Whether its paragraphs are quotations.
    pub(super) fn is_quote(&self, id: &str) -> bool {
        self.chain(id).any(|s| s.name == "quote" || s.name == "intense quote" || s.name == "quotations")
    }

    /// Whether its paragraphs are code.
    pub(super) fn is_code(&self, id: &str) -> bool {
        self.chain(id)
            .any(|s| matches!(s.name.as_str(), "html preformatted" | "preformatted text" | "code" | "source code"))
    }

    /// Numbering by style: id and level.
    pub(super) fn numbering(&self, id: &str) -> Option<(String, u8)> {
        self.chain(id).find_map(|s| s.numbering.clone())
    }

    /// The list a style of lists stands for, when it has no numbering of its own: ordered or not, and its depth from 0.
    pub(super) fn list(&self, id: &str) -> Option<(bool, u8)> {
        self.chain(id).find_map(|s| {
            let depth = |rest: &str| rest.trim().parse::<u8>().map_or(0, |n| n.saturating_sub(1));
            let bullet = s.name.strip_prefix("list bullet").map(|rest| (false, depth(rest)));
            bullet.or_else(|| s.name.strip_prefix("list number").map(|rest| (true, depth(rest))))
        })
    }
}

/// The numbering of a paragraph or a style: id and level.
pub(super) fn numbering(properties: Option<&Element>) -> Option<(String, u8)> {
    let own = properties?.child("numPr")?;
    let level = own.setting(&["ilvl"]).and_then(|l| l.parse().ok()).unwrap_or(0);
    Some((own.setting(&["numId"])?.to_owned(), level))
}
