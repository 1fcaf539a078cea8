//! White space at the ends of lines.

use std::ops::Range;

use crate::document::{Data, Node};

/// The text with the ends of its front matter lines cut, and how many were. Lines of a text over several lines stay: there
/// white space may be meant.
pub(super) fn trim(text: &str, node: &Node, yaml: Range<usize>) -> (String, usize) {
    let mut kept = Vec::new();
    long_texts(text, node, &mut kept);
    let mut out = text.get(..yaml.start).unwrap_or_default().to_owned();
    let mut count = 0;
    let mut offset = yaml.start;
    let mut inside = false;
    for line in text.get(yaml.clone()).unwrap_or_default().split_inclusive('\n') {
        let range = offset..offset + line.len();
        offset = range.end;
        let content = line.trim_end_matches(['\n', '\r']);
        let cut = content.trim_end_matches([' ', '\t']);
        // Blank lines behind a block text may belong to it.
        inside = kept.iter().any(|k: &Range<usize>| k.start < range.end && range.start < k.end)
            || (inside && cut.is_empty());
        if inside || cut.len() == content.len() {
            out.push_str(line);
        } else {
            out.push_str(cut);
            out.push_str(line.get(content.len()..).unwrap_or_default());
            count += 1;
        }
    }
    out.push_str(text.get(yaml.end..).unwrap_or_default());
    (out, count)
}

fn long_texts(text: &str, node: &Node, out: &mut Vec<Range<usize>>) {
    match &node.data {
        Data::Null => {}
        Data::Scalar { plain, .. } => {
            let written = text.get(node.span.range()).unwrap_or_default();
            let block = !plain && !written.starts_with(['"', '\'']);
            if block || written.contains('\n') {
                out.push(node.span.range());
            }
        }
        Data::List(items) => items.iter().for_each(|i| long_texts(text, i, out)),
        Data::Map(fields) => fields.iter().for_each(|f| long_texts(text, &f.value, out)),
    }
}
