//! YAML 1.2 to [`Node`]s with places: the only module that knows the YAML parser.
//!
//! Stricter than YAML where an SMS has no use for the freedom: no anchors, aliases, tags, merge keys or second documents,
//! no keys but text, no key twice. All bounded in depth and size, linear in time on any input.

use std::collections::HashMap;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span as YamlSpan};

use super::node::{Data, Field, Node};
use crate::finding::Problem;
use crate::source::{FileId, Span};

const MAX_DEPTH: usize = 64;
const MAX_NODES: usize = 200_000;
/// A field is found by walking its map, so one map stays small; lists are as long as they like.
const MAX_FIELDS: usize = 1_000;

/// Whether a plain scalar says that there is no value. Quoted, the same words are text.
#[must_use]
pub(crate) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Reads `text[range]` of a file as one YAML value. Spans are offsets into the whole file.
///
/// # Errors
/// The first thing that makes it not the YAML smsctl reads, at its place.
pub fn load(file: FileId, text: &str, range: std::ops::Range<usize>) -> Result<Node, Box<Problem>> {
    let base = range.start;
    let source = text.get(range).unwrap_or_default();
    let mut options = Options::default();
    options.strict_indentation = true;
    options.emit_comments = false;
    options.flow_nesting_limit = MAX_DEPTH;
    options.block_nesting_limit = MAX_DEPTH;
    options.simple_key_max_lookahead = 1024;
    let mut loader =
        Loader { file, base, source, parser: Parser::new_from_str_with_options(source, options), nodes: 0 };
    loader.document()
}

struct Loader<'t, P: granit_parser::BorrowedInput<'t>> {
    file: FileId,
    base: usize,
    source: &'t str,
    parser: Parser<'t, P>,
    nodes: usize,
}

type Loaded<T> = Result<T, Box<Problem>>;

impl<'t, P: granit_parser::BorrowedInput<'t>> Loader<'t, P> {
    fn document(&mut self) -> Loaded<Node> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentEnd => {}
                Event::DocumentStart(..) if root.is_none() => {
                    let (event, span) = self.next()?;
                    root = Some(self.node(event, span, 0)?);
                }
                _ => return Err(self.unsupported(span, "a second YAML document")),
            }
        }
        Ok(root.unwrap_or_else(|| Node::null(Span::new(self.file, self.base, self.base))))
    }

    fn next(&mut self) -> Loaded<(Event<'t>, YamlSpan)> {
        match self.parser.next_event() {
            Some(Ok(next)) => Ok(next),
            Some(Err(error)) => Err(self.syntax(&error)),
            None => Ok((Event::StreamEnd, YamlSpan::empty(granit_parser::Marker::new(0, 1, 0)))),
        }
    }

    fn node(&mut self, event: Event<'t>, span: YamlSpan, depth: usize) -> Loaded<Node> {
        self.nodes += 1;
        if depth > MAX_DEPTH || self.nodes > MAX_NODES {
            return Err(self.unsupported(span, "nesting this deep or this long"));
        }
        self.refuse_properties(&event, span)?;
        match event {
            Event::Scalar(text, style, ..) => Ok(self.scalar(&text, style, span)),
            Event::SequenceStart(..) => self.list(span, depth),
            Event::MappingStart(..) => self.map(span, depth),
            _ => Err(self.unsupported(span, "this")),
        }
    }

    fn refuse_properties(&self, event: &Event<'t>, span: YamlSpan) -> Loaded<()> {
        if event.is_alias() {
            return Err(self.unsupported(span, "an alias (`*name`)"));
        }
        if event.anchor_id().is_some_and(|id| id != 0) {
            return Err(Self::refuse(self.anchor(span), "an anchor (`&name`)"));
        }
        if event.tag().is_some() {
            return Err(self.unsupported(span.tag_span().unwrap_or(span), "a tag (`!name`)"));
        }
        Ok(())
    }

    /// The `&name` that stands before a value.
    fn anchor(&self, value: YamlSpan) -> Span {
        let value = self.span(value);
        let before = self.source.get(..value.start as usize - self.base).unwrap_or_default();
        let Some(at) = before.rfind('&') else { return value };
        let name = before.get(at..).and_then(|s| s.split_whitespace().next()).map_or(0, str::len);
        Span::new(self.file, self.base + at, self.base + at + name)
    }

    fn scalar(&self, text: &str, style: ScalarStyle, span: YamlSpan) -> Node {
        let plain = matches!(style, ScalarStyle::Plain);
        let span = self.trimmed(span, style);
        if plain && is_null(text) {
            return Node::null(span);
        }
        Node { span, data: Data::Scalar { text: text.into(), plain } }
    }

    fn list(&mut self, start: YamlSpan, depth: usize) -> Loaded<Node> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let span = self.collection(start, span, items.last().map(|n: &Node| n.span));
                return Ok(Node { span, data: Data::List(items) });
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn map(&mut self, start: YamlSpan, depth: usize) -> Loaded<Node> {
        let mut fields: Vec<Field> = Vec::new();
        let mut seen = Keys::default();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                let span = self.collection(start, span, fields.last().map(|f| f.value.span));
                return Ok(Node { span, data: Data::Map(fields) });
            }
            let (key, key_span) = self.key(event, span)?;
            if let Some(first) = seen.add(&fields, &key, key_span) {
                return Err(duplicate(&key, key_span, first));
            }
            if fields.len() == MAX_FIELDS {
                return Err(too_many(key_span));
            }
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            fields.push(Field { key, key_span, value });
        }
    }

    fn key(&mut self, event: Event<'t>, span: YamlSpan) -> Loaded<(Box<str>, Span)> {
        self.refuse_properties(&event, span)?;
        match event {
            Event::Scalar(text, ..) if text == "<<" => Err(self.unsupported(span, "a merge key (`<<`)")),
            Event::Scalar(text, style, ..) if !text.is_empty() => Ok((text.as_ref().into(), self.trimmed(span, style))),
            _ => Err(self.unsupported(span, "a key that is not text")),
        }
    }

    fn span(&self, span: YamlSpan) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        Span::new(
            self.file,
            self.base + range.start.min(self.source.len()),
            self.base + range.end.min(self.source.len()),
        )
    }

    /// Block scalars end before the next token; what people look at ends with the last text.
    fn trimmed(&self, span: YamlSpan, style: ScalarStyle) -> Span {
        let mut span = self.span(span);
        if !matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) {
            let local = span.start as usize - self.base..span.end as usize - self.base;
            let text = self.source.get(local).unwrap_or_default();
            let kept = text.trim_end().len();
            span.end = span.start + u32::try_from(kept).unwrap_or(0);
        }
        span
    }

    /// A flow collection ends at its bracket; a block collection with its last child (the end event is the next token).
    fn collection(&self, start: YamlSpan, end: YamlSpan, last: Option<Span>) -> Span {
        let (first, closing) = (self.span(start), self.span(end));
        let opened = self.source.as_bytes().get(first.start as usize - self.base);
        let end = match opened {
            Some(b'[' | b'{') => closing.end,
            _ => last.map_or(first.end, |l| l.end),
        };
        Span { end: end.max(first.start), ..first }
    }

    fn syntax(&self, error: &granit_parser::ScanError) -> Box<Problem> {
        let offset = error.marker().byte_offset().unwrap_or(0).min(self.source.len());
        // The scanner stops behind white space; a tab that broke the indentation stands before it.
        let tab = self.leading_tab();
        let offset = tab.unwrap_or(offset);
        let mut end = offset + self.source.get(offset..).and_then(|s| s.chars().next()).map_or(0, char::len_utf8);
        if self.source.get(offset..end) == Some("\n") {
            end = offset;
        }
        let span = Span::new(self.file, self.base + offset, self.base + end);
        let (message, help) = if tab.is_some() {
            (
                "the front matter indents with a tab, which YAML does not allow".to_owned(),
                "Replace the tab with spaces: two for each level.",
            )
        } else if error.info().contains("recursion limit") {
            (
                format!("the front matter is nested too deep: more than {MAX_DEPTH} levels"),
                "Look for brackets or indentation that were never closed, and move long lists into a CSV file (`entries_from`).",
            )
        } else {
            (
                format!("the front matter is not valid YAML: {}", error.info()),
                "Compare the indentation with the lines above (spaces only, two for each level), and put text that holds \
                 `: `, ` #`, or starts with `[`, `{`, `*`, `&`, `!`, `%` or `@` in double quotes.",
            )
        };
        Box::new(Problem::new("yaml-syntax", span, message).help(help))
    }

    fn leading_tab(&self) -> Option<usize> {
        let mut offset = 0;
        for line in self.source.split_inclusive('\n') {
            let blank = line.len() - line.trim_start().len();
            if let Some(tab) = line.get(..blank).and_then(|s| s.find('\t'))
                && !line.trim().is_empty()
            {
                return Some(offset + tab);
            }
            offset += line.len();
        }
        None
    }

    fn unsupported(&self, span: YamlSpan, what: &str) -> Box<Problem> {
        Self::refuse(self.span(span), what)
    }

    fn refuse(span: Span, what: &str) -> Box<Problem> {
        let message = format!("the front matter uses {what}, which smsctl does not read");
        let help = "Write the value out in plain YAML: text, lists and fields. If the text only looks like this, put it in \
                    double quotes.";
        Box::new(Problem::new("yaml-unsupported", span, message).help(help))
    }
}

/// The keys of one map. Few are compared one by one; many are looked up.
#[derive(Default)]
struct Keys(HashMap<Box<str>, Span>);

impl Keys {
    const FEW: usize = 24;

    /// Where a key stood before, when it is not new.
    fn add(&mut self, fields: &[Field], key: &str, span: Span) -> Option<Span> {
        if fields.len() < Self::FEW {
            return fields.iter().find(|f| &*f.key == key).map(|f| f.key_span);
        }
        if self.0.is_empty() {
            self.0 = fields.iter().map(|f| (f.key.clone(), f.key_span)).collect();
        }
        self.0.insert(key.into(), span)
    }
}

fn too_many(span: Span) -> Box<Problem> {
    let message = format!("more than {MAX_FIELDS} fields stand in one place, which smsctl does not read");
    Box::new(
        Problem::new("yaml-unsupported", span, message).help("Write what comes again and again as a list of entries."),
    )
}

fn duplicate(key: &str, second: Span, first: Span) -> Box<Problem> {
    Box::new(
        Problem::new("yaml-duplicate-key", second, format!("the field `{key}` stands here a second time"))
            .help("Keep one of the two; a reader cannot tell which one holds.")
            .related(first, format!("`{key}` is first set here")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load_str(text: &str) -> Result<Node, Box<Problem>> {
        load(FileId(0), text, 0..text.len())
    }

    fn slice(text: &str, span: Span) -> &str {
        &text[span.range()]
    }

    #[test]
    fn scalars_keep_the_authors_text() {
        let text = "version: 1.10\non: 2026-02-10\nno: no\nlist: [6.2, 8.10]\nempty:\n";
        let node = load_str(text).unwrap();
        assert_eq!(node.str("version"), Some("1.10"));
        assert_eq!(node.str("on"), Some("2026-02-10"));
        assert_eq!(node.str("no"), Some("no"));
        assert_eq!(node.texts("list").map(|(t, _)| t).collect::<Vec<_>>(), ["6.2", "8.10"]);
        assert!(node.get("empty").is_none());
        assert_eq!(slice(text, node.span_of("list")), "[6.2, 8.10]");
        assert_eq!(slice(text, node.span_of("empty")), "empty");
    }

    #[test]
    fn spans_cover_the_very_characters() {
        let text = "é: \"a\"\nmap:\n  - {id: x, n: 'y'}\n  - id: z\n    t: |\n      two\n      lines\n\nlast: 1\n";
        let node = load_str(text).unwrap();
        assert_eq!(slice(text, node.span_of("é")), "\"a\"");
        let items = node.list("map");
        assert_eq!(slice(text, items[0].span), "{id: x, n: 'y'}");
        assert_eq!(slice(text, items[0].span_of("n")), "'y'");
        assert!(slice(text, items[1].span).ends_with("lines"));
    }

    #[test]
    fn a_key_twice_is_refused_at_the_second() {
        let text = "id: a\nkind: b\nid: c\n";
        let problem = load_str(text).unwrap_err();
        assert_eq!((problem.rule, problem.span.start), ("yaml-duplicate-key", 14));
        assert_eq!(problem.related[0].span.start, 0);
    }

    #[test]
    fn what_an_sms_has_no_use_for_is_refused() {
        for text in ["a: &x 1\nb: *x\n", "a: !!str 1\n", "<<: {a: 1}\n", "? [a]\n: b\n", "a: 1\n---\nb: 2\n"] {
            assert_eq!(load_str(text).unwrap_err().rule, "yaml-unsupported", "{text}");
        }
    }

    #[test]
    fn an_anchor_is_named_at_its_place_and_bad_yaml_says_why() {
        let text = "a: &x\n  b: 1\n";
        assert_eq!(slice(text, load_str(text).unwrap_err().span), "&x");
        let text = "a: &name 1\n";
        assert_eq!(slice(text, load_str(text).unwrap_err().span), "&name");
        assert!(!load_str("a: b: c\n").unwrap_err().message.ends_with("YAML: "));
    }

    #[test]
    fn a_tab_is_named_at_its_place() {
        let problem = load_str("a:\n\tb: 1\n").unwrap_err();
        assert_eq!((problem.rule, problem.span.start, problem.span.end), ("yaml-syntax", 3, 4));
        assert!(problem.message.contains("tab"));
    }

    #[test]
    fn depth_and_size_are_bounded() {
        assert!(load_str(&"- ".repeat(100_000)).is_err());
        assert!(load_str(&"{a: ".repeat(50_000)).is_err());
        assert!(load_str(&"[".repeat(1_000)).is_err());
        let fields = |n: usize| (0..n).map(|i| format!("k{i}: 1\n")).collect::<String>();
        assert!(load_str(&fields(MAX_FIELDS)).is_ok());
        assert_eq!(load_str(&fields(MAX_FIELDS + 1)).unwrap_err().rule, "yaml-unsupported");
        assert!(load_str(&"- a: 1\n".repeat(5_000)).is_ok());
    }
}
