//! XML to a small tree, within bounds: enough for the parts of a Word document.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// Elements deeper than this are refused.
const MAX_DEPTH: usize = 200;
/// More elements than this no document has.
const MAX_ELEMENTS: usize = 4_000_000;

/// An element with its local name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) nodes: Vec<Node>,
}

/// What stands in an element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Element(Element),
    Text(String),
}

impl Element {
    /// The elements in it.
    pub(super) fn children(&self) -> impl Iterator<Item = &Self> {
        self.nodes.iter().filter_map(|n| match n {
            Node::Element(e) => Some(e),
            Node::Text(_) => None,
        })
    }

    /// The first element of a name in it.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children().find(|e| e.name == name)
    }

    /// The element a path of names leads to.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// An attribute by its local name.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// The attribute `val` of an element in it, as most settings of Word are written.
    pub(super) fn setting(&self, path: &[&str]) -> Option<&str> {
        self.at(path)?.attribute("val")
    }

    /// Whether a switch is on: there, and not set to off.
    pub(super) fn switch(&self, name: &str) -> bool {
        self.child(name).is_some_and(|e| !matches!(e.attribute("val"), Some("0" | "false" | "off" | "none")))
    }

    /// All text in it.
    pub(super) fn text(&self) -> String {
        let parts = self.nodes.iter().map(|n| match n {
            Node::Element(e) => e.text(),
            Node::Text(text) => text.clone(),
        });
        parts.collect()
    }

    /// All elements of a name at any depth, in the order they stand.
    pub(super) fn all<'a>(&'a self, name: &str, found: &mut Vec<&'a Self>) {
        for child in self.children() {
            if child.name == name {
                found.push(child);
            }
            child.all(name, found);
        }
    }
}

/// The root element of an XML text.
///
/// # Errors
/// What is wrong with it, in words.
pub(super) fn parse(bytes: &[u8]) -> Result<Element, String> {
    let mut reader = Reader::from_reader(bytes);
    let mut open: Vec<Element> = vec![Element::default()];
    let (mut buffer, mut count) = (Vec::new(), 0_usize);
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).map_err(|e| e.to_string())?;
        match event {
            Event::Start(start) => {
                count += 1;
                if open.len() > MAX_DEPTH || count > MAX_ELEMENTS {
                    return Err("it is nested too deeply or too large".into());
                }
                open.push(element(&start)?);
            }
            Event::Empty(start) => {
                count += 1;
                let element = element(&start)?;
                push(&mut open, Node::Element(element));
            }
            Event::End(_) => {
                if open.len() > 1
                    && let Some(done) = open.pop()
                {
                    push(&mut open, Node::Element(done));
                }
            }
            Event::Text(text) => push_text(&mut open, &text.xml10_content()),
            Event::CData(data) => push_text(&mut open, &data),
            Event::GeneralRef(reference) => {
                let plain = match reference.resolve_char_ref().map_err(|e| e.to_string())? {
                    Some(c) => c.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&reference).unwrap_or_default().to_owned(),
                };
                push_text(&mut open, &plain);
            }
            Event::DocType(_) => return Err("it brings a document type of its own".into()),
            Event::Eof => break,
            _ => {}
        }
    }
    if open.len() != 1 {
        return Err("it ends in the middle".into());
    }
    let root = open.pop().and_then(|top| top.children().next().cloned());
    root.ok_or_else(|| "it is empty".into())
}

fn push(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.nodes.push(node);
    }
}

fn push_text(open: &mut [Element], text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Node::Text(before)) = open.last_mut().and_then(|e| e.nodes.last_mut()) {
        before.push_str(text);
    } else {
        push(open, Node::Text(text.to_owned()));
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, String> {
    let name = start.local_name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|e| e.to_string())?;
        let key = attribute.key.local_name().as_ref().to_owned();
        let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).map_err(|e| e.to_string())?;
        attributes.push((key, value.into_owned()));
    }
    Ok(Element { name, attributes, nodes: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_local_and_text_is_whole() {
        let root = parse(b"<w:a xmlns:w='x' w:val='1 &amp; 2'><w:t>A &amp; B &#233;</w:t><w:b/></w:a>").unwrap();
        assert_eq!((root.name.as_str(), root.attribute("val")), ("a", Some("1 & 2")));
        assert_eq!(root.child("t").unwrap().text(), "A & B é");
    }

    #[test]
    fn bombs_and_rubbish_are_refused() {
        assert!(parse(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").is_err());
        assert!(parse("<a>".repeat(500).as_bytes()).is_err());
        assert!(parse(b"").is_err() && parse(b"<a><b></a>").is_err() && parse(b"text").is_err());
    }
}
