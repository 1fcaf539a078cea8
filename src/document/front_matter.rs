//! Cutting the front matter out of a Markdown file.

use std::ops::Range;

use super::node::Node;
use super::yaml;
use crate::finding::Problem;
use crate::source::{FileId, Span};

/// The block between the two `---` lines at the top of a file.
#[derive(Debug)]
pub enum FrontMatter {
    /// The file starts with text.
    Absent,
    /// A block that is a YAML map.
    Present {
        /// The map.
        node: Node,
        /// Bytes of the YAML, without the `---` lines.
        yaml: Range<usize>,
        /// First byte of the body.
        body: usize,
    },
    /// A block that could not be read. A problem says why; the ids in it are kept so that one broken file does not make
    /// every reference to it look broken as well.
    Broken {
        /// Texts of `id:` lines, in order; the first unindented one is the artifact's.
        ids: Vec<String>,
        /// The artifact's own id, when a line says it.
        id: Option<String>,
        /// The kind, when a line says it.
        kind: Option<String>,
        /// First byte of the body.
        body: usize,
    },
}

impl FrontMatter {
    /// The map, when it could be read.
    #[must_use]
    pub fn node(&self) -> Option<&Node> {
        match self {
            Self::Present { node, .. } => Some(node),
            _ => None,
        }
    }

    /// First byte of the body.
    #[must_use]
    pub fn body_start(&self) -> usize {
        match self {
            Self::Absent => 0,
            Self::Present { body, .. } | Self::Broken { body, .. } => *body,
        }
    }
}

enum Cut {
    None,
    Unclosed(Range<usize>),
    Block { yaml: Range<usize>, body: usize },
}

pub(super) fn read(file: FileId, text: &str, problems: &mut Vec<Problem>) -> FrontMatter {
    match cut(text) {
        Cut::None => {
            problems.extend(not_first(file, text));
            FrontMatter::Absent
        }
        Cut::Unclosed(opening) => {
            let span = Span::new(file, opening.start, opening.end);
            let problem = Problem::new("front-matter-malformed", span, "the front matter starts here but never ends")
                .help("Put a line with only `---` after the last field.");
            problems.push(problem);
            broken(text, opening.end..text.len(), text.len())
        }
        Cut::Block { yaml, body } => match yaml::load(file, text, yaml.clone()) {
            Ok(node) if matches!(node.data, super::Data::Map(_)) => FrontMatter::Present { node, yaml, body },
            Ok(node) => {
                let problem = Problem::new("front-matter-malformed", node.span, "the front matter holds no fields")
                    .help("Write one field a line, such as `id: SMS-POL-01`.");
                problems.push(problem);
                broken(text, yaml, body)
            }
            Err(problem) => {
                problems.push(*problem);
                broken(text, yaml, body)
            }
        },
    }
}

fn cut(text: &str) -> Cut {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let rest = text.get(start..).unwrap_or_default();
    let mut offset = start;
    let mut yaml_start = None;
    for line in rest.split_inclusive('\n') {
        let content = line.trim_end();
        let end = offset + line.len();
        match yaml_start {
            None if content == "---" => yaml_start = Some(end),
            None => return Cut::None,
            Some(from) if content == "---" || content == "..." => {
                return Cut::Block { yaml: from..offset, body: end };
            }
            Some(_) => {}
        }
        offset = end;
    }
    if yaml_start.is_some() { Cut::Unclosed(start..start + 3) } else { Cut::None }
}

/// Blank lines before `---` hide the block from every reader of front matter.
fn not_first(file: FileId, text: &str) -> Option<Problem> {
    let trimmed = text.trim_start_matches('\u{feff}').trim_start();
    let rest = trimmed.strip_prefix("---")?;
    let first_field = rest.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n')?.lines().next()?;
    let looks_like_field = first_field.split_once(':').is_some_and(|(k, _)| !k.is_empty() && !k.contains(' '));
    let start = text.len() - trimmed.len();
    (looks_like_field && start > 0).then(|| {
        let span = Span::new(file, start, start + 3);
        Problem::new(
            "front-matter-malformed",
            span,
            "the front matter does not start on the first line, so nothing reads it",
        )
        .help("Delete what stands before this `---`; the first line of the file must be `---`.")
    })
}

/// Texts of the `id:` lines in the block of a file that is not text smsctl reads.
#[must_use]
pub fn salvage(bytes: &[u8]) -> Vec<String> {
    let kept: Vec<u8> = bytes.iter().copied().filter(|b| *b != 0).collect();
    let text = String::from_utf8_lossy(&kept).replace('\r', "\n");
    let Some(block) = text.trim_start_matches(['\u{fffd}', '\u{feff}']).strip_prefix("---\n") else {
        return Vec::new();
    };
    let end = block.find("\n---").unwrap_or(block.len());
    match broken(block, 0..end, end) {
        FrontMatter::Broken { ids, .. } => ids,
        _ => Vec::new(),
    }
}

fn broken(text: &str, yaml: Range<usize>, body: usize) -> FrontMatter {
    let lines = text.get(yaml).unwrap_or_default().lines();
    let (mut ids, mut id, mut kind) = (Vec::new(), None, None);
    for line in lines {
        for part in line.split(['{', ',']) {
            let Some((key, value)) = part.split_once(':') else { continue };
            let name = key.trim_start_matches(['-', '?', ' ', '\t']).trim().trim_matches(['"', '\'']);
            let value = value.split(['}', '#']).next().unwrap_or_default().trim().trim_matches(['"', '\'']);
            if name == "id" && !value.is_empty() {
                if at_the_top(line) && id.is_none() {
                    id = Some(value.to_owned());
                }
                ids.push(value.to_owned());
            } else if name == "kind" && at_the_top(line) && kind.is_none() {
                kind = Some(value.to_owned());
            }
        }
    }
    FrontMatter::Broken { ids, id, kind, body }
}

/// The line belongs to the document itself, not to an entry in it. A tab is a fault and no level.
fn at_the_top(line: &str) -> bool {
    !line.starts_with([' ', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_str(text: &str) -> (FrontMatter, Vec<Problem>) {
        let mut problems = Vec::new();
        (read(FileId(0), text, &mut problems), problems)
    }

    #[test]
    fn the_block_is_cut_with_mark_and_crlf() {
        let (front, problems) = read_str("\u{feff}---\r\nid: A-1\r\n---\r\n# Body\r\n");
        assert!(problems.is_empty());
        assert_eq!(front.node().and_then(|n| n.str("id")), Some("A-1"));
        assert_eq!(front.body_start(), 22);
    }

    #[test]
    fn an_unclosed_or_late_block_is_a_problem() {
        assert_eq!(read_str("---\nid: A-1\n").1[0].message, "the front matter starts here but never ends");
        let (front, problems) = read_str("\n---\nid: A-1\n---\n");
        assert!(matches!(front, FrontMatter::Absent));
        assert_eq!(problems[0].span.start, 1);
        assert!(read_str("# Title\n\n---\n\nText\n").1.is_empty());
    }

    #[test]
    fn a_broken_block_keeps_its_ids() {
        let (front, problems) =
            read_str("---\nid: A-1\nkind: policy\nentries:\n  - {id: B-1, x: [}\n  - id: B-2\n---\n");
        assert_eq!(problems.len(), 1);
        let FrontMatter::Broken { ids, id, kind, .. } = front else { panic!("not broken") };
        assert_eq!(ids, ["A-1", "B-1", "B-2"]);
        assert_eq!((id.as_deref(), kind.as_deref()), (Some("A-1"), Some("policy")));
    }

    #[test]
    fn what_is_no_text_keeps_its_ids() {
        let text = "---\nid: A-1\nentries:\n  - id: B-1\n---\nid: C-1\n";
        let wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.bytes().flat_map(|b| [b, 0])).collect();
        for bytes in [wide, format!("{text}\0").into_bytes(), text.replace('\n', "\r").into_bytes()] {
            assert_eq!(salvage(&bytes), ["A-1", "B-1"]);
        }
        assert!(salvage(b"\xff\xfe\x00binary").is_empty());
    }
}
