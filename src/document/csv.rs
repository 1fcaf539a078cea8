//! CSV (RFC 4180, comma, header row) to rows with places.

use csv_core::{ReadFieldResult, Reader};

use super::node::{Data, Field, Node};
use crate::finding::Problem;
use crate::source::{FileId, Span};

/// A CSV file: its columns and its rows as maps.
#[derive(Debug)]
pub struct CsvTable {
    /// Column names with their places.
    pub header: Vec<(String, Span)>,
    /// One map a row; empty cells are absent; a name with dots makes maps within maps.
    pub rows: Vec<Node>,
}

type Cell = (String, Span);

/// Reads a CSV file. Rows of the wrong length, empty and repeated column names are problems; the other rows still count.
#[must_use]
pub fn load(file: FileId, text: &str) -> (CsvTable, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut records = records(file, text);
    if let Some(problem) = unclosed(file, text, &records) {
        problems.push(problem);
        records.pop();
    }
    let mut records = records.into_iter().filter(|r| !matches!(r.as_slice(), [(only, _)] if only.is_empty()));
    let header = records.next().unwrap_or_default();
    check_header(file, &header, &mut problems);
    let columns: Vec<Vec<&str>> = header.iter().map(|(name, _)| name.trim().split('.').collect()).collect();
    let mut rows = Vec::new();
    for record in records {
        if record.len() == header.len() {
            rows.push(row(&columns, &record));
        } else {
            problems.push(wrong_length(&header, &record));
        }
    }
    (CsvTable { header, rows }, problems)
}

fn records(file: FileId, text: &str) -> Vec<Vec<Cell>> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let bytes = text.as_bytes();
    let mut reader = Reader::new();
    let mut out = vec![0_u8; 256];
    let (mut records, mut record) = (Vec::new(), Vec::new());
    let (mut from, mut offset, mut filled) = (start, start, 0);
    loop {
        let input = bytes.get(offset..).unwrap_or_default();
        let (result, read, written) = reader.read_field(input, &mut out[filled..]);
        offset += read;
        filled += written;
        match result {
            ReadFieldResult::OutputFull => out.resize(out.len() * 2, 0),
            ReadFieldResult::InputEmpty => {}
            ReadFieldResult::Field { record_end } => {
                let value = String::from_utf8_lossy(&out[..filled]).into_owned();
                let span = cell_span(file, text, from, offset, record.is_empty());
                record.push((value, span));
                (from, filled) = (offset, 0);
                if record_end {
                    records.push(std::mem::take(&mut record));
                }
            }
            ReadFieldResult::End => return records,
        }
    }
}

/// The reader's range holds the separator behind the cell, and before the first cell of a row the line break above it.
fn cell_span(file: FileId, text: &str, from: usize, to: usize, first: bool) -> Span {
    let raw = text.get(from..to).unwrap_or_default();
    let head = if first { raw.len() - raw.trim_start_matches(['\n', '\r']).len() } else { 0 };
    let body = raw.get(head..).unwrap_or_default();
    let body = body.strip_suffix(',').unwrap_or_else(|| body.trim_end_matches(['\n', '\r']));
    Span::new(file, from + head, from + head + body.len())
}

/// A quotation mark without its partner swallows every row behind it.
fn unclosed(file: FileId, text: &str, records: &[Vec<Cell>]) -> Option<Problem> {
    let (_, span) = records.last()?.last()?;
    let raw = text.get(span.range())?;
    let open = raw.starts_with('"') && raw.matches('"').count() % 2 == 1;
    let start = span.start as usize;
    let message = "this quotation mark is never closed, so all that follows counts as one cell";
    open.then(|| {
        Problem::new("csv-malformed", Span::new(file, start, start + 1), message)
            .help("Put a quotation mark behind the text as well; inside the text write it twice.")
    })
}

fn check_header(file: FileId, header: &[Cell], problems: &mut Vec<Problem>) {
    if header.is_empty() {
        let problem = Problem::new("csv-malformed", Span::start_of(file), "the CSV file has no header row")
            .help("Write the names of the fields, separated by commas, in the first line.");
        problems.push(problem);
    }
    for (index, (name, span)) in header.iter().enumerate() {
        if name.trim().is_empty() {
            let problem = Problem::new("csv-malformed", *span, format!("column {} has no name", index + 1))
                .help("Name the field this column holds, or delete the column.");
            problems.push(problem);
        } else if let Some((_, first)) = header[..index].iter().find(|(n, _)| n.trim() == name.trim()) {
            let problem =
                Problem::new("csv-malformed", *span, format!("the column `{name}` stands here a second time"))
                    .help("Keep one of the two columns.")
                    .related(*first, format!("`{name}` is here first"));
            problems.push(problem);
        } else if let Some((within, part)) = header.iter().find(|(n, _)| is_part(n, name)) {
            let message = format!("the column `{name}` cannot stand beside `{within}`, which is a part of it");
            let problem = Problem::new("csv-malformed", *span, message)
                .help("Keep the columns of the parts; the values of this column are not read.")
                .related(*part, "the part is here");
            problems.push(problem);
        }
    }
}

/// `target.value` is a part of `target`.
fn is_part(part: &str, whole: &str) -> bool {
    part.trim().strip_prefix(whole.trim()).is_some_and(|rest| rest.starts_with('.'))
}

fn wrong_length(header: &[Cell], record: &[Cell]) -> Problem {
    let span = match (record.first(), record.last()) {
        (Some((_, first)), Some((_, last))) => Span { end: last.end, ..*first },
        _ => Span::start_of(FileId(0)),
    };
    let message = format!("this row has {} cells, the header has {}", record.len(), header.len());
    Problem::new("csv-malformed", span, message)
        .help("Put text that holds a comma, a quote or a line break in double quotes, and double the quotes within.")
}

fn row(columns: &[Vec<&str>], record: &[Cell]) -> Node {
    let span = match (record.first(), record.last()) {
        (Some((_, first)), Some((_, last))) => Span { end: last.end, ..*first },
        _ => Span::start_of(FileId(0)),
    };
    let mut node = Node::map(span, Vec::new());
    for (path, (value, span)) in columns.iter().zip(record) {
        if !value.trim().is_empty() {
            insert(&mut node, path, value.trim(), *span);
        }
    }
    node
}

fn insert(node: &mut Node, path: &[&str], value: &str, span: Span) {
    let (Some((key, rest)), Data::Map(fields)) = (path.split_first(), &mut node.data) else {
        return;
    };
    let index = fields.iter().position(|f| &*f.key == *key).unwrap_or_else(|| {
        fields.push(Field { key: (*key).into(), key_span: span, value: Node::map(span, Vec::new()) });
        fields.len() - 1
    });
    let Some(field) = fields.get_mut(index) else { return };
    if !rest.is_empty() {
        insert(&mut field.value, rest, value, span);
    } else if field.value.fields().is_empty() {
        field.value = Node { span, data: Data::Scalar { text: value.into(), plain: true } };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_places_and_dots_make_maps() {
        let text = "id,target.value,note\r\nM-1,9.50,\"a, \"\"b\"\"\"\r\nM-2,,x\r\n";
        let (table, problems) = load(FileId(0), text);
        assert!(problems.is_empty(), "{problems:?}");
        let row = &table.rows[0];
        assert_eq!(row.get("target").and_then(|t| t.str("value")), Some("9.50"));
        assert_eq!(row.str("note"), Some("a, \"b\""));
        assert_eq!(&text[row.span_of("note").range()], "\"a, \"\"b\"\"\"");
        assert_eq!(&text[row.span.range()], "M-1,9.50,\"a, \"\"b\"\"\"");
        assert!(table.rows[1].get("target").is_none());
    }

    #[test]
    fn bad_rows_and_headers_are_problems_and_the_rest_counts() {
        let (table, problems) = load(FileId(0), "id,,id\na,b,c\na,b\n");
        assert_eq!((table.rows.len(), problems.len()), (1, 3));
        assert_eq!(load(FileId(0), "").1.len(), 1);
        assert_eq!(load(FileId(0), "id, id\na,b\n").1.len(), 1);
    }

    #[test]
    fn an_open_quotation_mark_is_a_problem_and_swallows_no_row_in_silence() {
        let (table, problems) = load(FileId(0), "id,note\nM-1,x\nM-2,\"open\nM-3,y\n");
        assert_eq!(table.rows.len(), 1);
        assert_eq!((problems.len(), problems[0].span.start), (1, 18));
        assert!(load(FileId(0), "id,note\nM-1,\"a \"\"b\"\"\"").1.is_empty());
    }

    #[test]
    fn a_column_and_its_part_do_not_go_together() {
        for header in ["target,target.value", "target.value,target"] {
            let (_, problems) = load(FileId(0), &format!("{header}\n1,2\n"));
            assert_eq!(problems.len(), 1, "{header}");
        }
    }
}
