//! Bytes to text: UTF-8 with or without a byte order mark, LF or CRLF; anything else is said with its place.

/// Why bytes are not text smsctl reads, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextProblem {
    /// Byte offset of the first offending byte.
    pub offset: usize,
    /// What is wrong, as the end of a sentence that starts with the file's name.
    pub what: String,
    /// What to do about it.
    pub help: &'static str,
}

const RE_SAVE: &str =
    "Open the file in an editor and save it again as UTF-8 (\"UTF-8\", not \"Unicode\" or \"UTF-16\").";

/// Decodes a file. On failure the text before the first offending byte comes back too, so that its place can be shown.
///
/// # Errors
/// UTF-16 or UTF-32, invalid UTF-8, a NUL byte, or a lone carriage return as line end.
pub fn decode(bytes: Vec<u8>) -> Result<String, (String, TextProblem)> {
    if let Some(name) = wide_encoding(&bytes) {
        let what = format!("is {name} text, not UTF-8");
        return Err((String::new(), TextProblem { offset: 0, what, help: RE_SAVE }));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        let byte = bytes.get(offset).copied().unwrap_or_default();
        let what = format!("is not UTF-8: byte 0x{byte:02X} stands for no character");
        (prefix(bytes, offset), TextProblem { offset, what, help: RE_SAVE })
    })?;
    match control_problem(&text) {
        None => Ok(text),
        Some(problem) => {
            let kept = text.get(..problem.offset).unwrap_or_default().to_owned();
            Err((kept, problem))
        }
    }
}

fn wide_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some("UTF-16"),
        // Without a mark: ASCII in UTF-16 has a NUL in every other byte.
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => Some("UTF-16"),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => Some("UTF-16"),
        _ => None,
    }
}

fn prefix(mut bytes: Vec<u8>, len: usize) -> String {
    bytes.truncate(len);
    String::from_utf8(bytes).unwrap_or_default()
}

fn control_problem(text: &str) -> Option<TextProblem> {
    let bytes = text.as_bytes();
    if let Some(offset) = memchr::memchr(0, bytes) {
        return Some(TextProblem {
            offset,
            what: "holds a NUL byte, which no text has".into(),
            help: "Delete the character at this place; if the whole file looks like this, save it again as UTF-8 text.",
        });
    }
    let offset = memchr::memchr_iter(b'\r', bytes).find(|i| bytes.get(i + 1) != Some(&b'\n'))?;
    Some(TextProblem {
        offset,
        what: "ends a line with a lone carriage return".into(),
        help: "Save the file with LF or CRLF line ends.",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offset(bytes: &[u8]) -> Option<usize> {
        decode(bytes.to_vec()).err().map(|(_, p)| p.offset)
    }

    #[test]
    fn utf8_with_mark_and_crlf_is_text() {
        assert_eq!(decode(b"\xEF\xBB\xBFa\r\nb\n".to_vec()).as_deref(), Ok("\u{feff}a\r\nb\n"));
    }

    #[test]
    fn everything_else_is_a_problem_at_its_place() {
        assert_eq!(offset(b"ab\0c"), Some(2));
        assert_eq!(offset(b"ab\xFFc"), Some(2));
        assert_eq!(offset(b"ab\rc"), Some(2));
        assert_eq!(offset(b"\xFF\xFEa\0b\0"), Some(0));
        assert_eq!(offset(b"\0a\0b"), Some(0));
        assert_eq!(offset(b"a\0b\0"), Some(0));
    }
}
