//! Trailers of a commit message, read more strictly than Git does: all or nothing.

/// The trailers of the last paragraph in their order, as key and value. `None` unless every line of that paragraph is
/// `Key: value` with a key of `[A-Za-z0-9-]`, no key twice (keys differing in case only count as the same), printable
/// ASCII values, no folded line, no CR or NUL, and a blank line before it. A message of one paragraph has no trailers.
pub fn last_block(message: &[u8]) -> Option<Vec<(String, String)>> {
    let text = message.strip_suffix(b"\n").unwrap_or(message);
    let start = text.windows(2).rposition(|w| w == b"\n\n")? + 2;
    // Blank lines alone before it: then it is the subject, and no trailers.
    text.get(..start)?.iter().find(|b| **b != b'\n')?;
    let mut out: Vec<(String, String)> = Vec::new();
    for line in text.get(start..)?.split(|b| *b == b'\n') {
        let (key, value) = trailer(line)?;
        if out.iter().any(|(known, _)| known.eq_ignore_ascii_case(&key)) {
            return None;
        }
        out.push((key, value));
    }
    Some(out)
}

fn trailer(line: &[u8]) -> Option<(String, String)> {
    if !line.iter().all(|b| matches!(b, b' '..=b'~')) {
        return None;
    }
    let (key, value) = std::str::from_utf8(line).ok()?.split_once(": ")?;
    let fits = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let exact = !value.is_empty() && value.trim_matches(' ') == value;
    (fits && exact).then(|| (key.to_owned(), value.to_owned()))
}

/// Whether a line anywhere in the message starts with the key and a colon, in any case and after blanks or quote marks:
/// what looks like a trailer but stands where it does not count.
pub fn mentions(message: &[u8], key: &str) -> bool {
    message.split(|b| matches!(b, b'\n' | b'\r' | 0)).any(|line| {
        let from = line.iter().position(|b| !matches!(b, b' ' | b'\t' | b'>' | b'*' | b'-')).unwrap_or(line.len());
        let rest = line.get(from..).unwrap_or_default();
        let found = rest.get(..key.len()).is_some_and(|head| head.eq_ignore_ascii_case(key.as_bytes()));
        let after = rest.get(key.len()..).unwrap_or_default();
        found && after.iter().find(|b| !matches!(b, b' ' | b'\t')) == Some(&b':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(message: &str) -> Option<Vec<String>> {
        last_block(message.as_bytes()).map(|b| b.into_iter().map(|(k, v)| format!("{k}={v}")).collect())
    }

    #[test]
    fn only_a_clean_last_paragraph_counts() {
        assert_eq!(keys("s\n\nA: 1\nB-c: x y\n").unwrap(), ["A=1", "B-c=x y"]);
        assert_eq!(keys("s\n\nbody\n\nA: 1").unwrap(), ["A=1"]);
        for refused in [
            "A: 1\n",              // the subject is no trailer
            "s\nA: 1\n",           // no blank line before
            "s\n\nA: 1\n\n",       // something after it, even if blank
            "s\n\nA: 1\n\nbody\n", // not the last paragraph
            "s\n\ntext\nA: 1\n",   // a line that is none
            "s\n\nA: 1\nA: 2\n",   // twice
            "s\n\nA: 1\na: 2\n",   // twice but for case
            "s\n\nA: 1\n more\n",  // folded
            "s\n\nA: 1\r\n",       // carriage return
            "s\n\nA: 1\0\n",       // NUL
            "s\n\nA: \u{e9}\n",    // not ASCII
            "s\n\nA:1\n",          // no blank after the colon
            "s\n\nA:  1\n",        // two blanks
            "s\n\nA: 1 \n",        // blank at the end
            "s\n\nA: \n",          // no value
            "s\n\n: 1\n",          // no key
            "s\n\nA b: 1\n",       // blank in the key
            "s\n\n---\nA: 1\n",    // Git would cut here
            "",
            "\n\n",
            "\n\nA: 1\n", // the subject, after blank lines
        ] {
            assert_eq!(keys(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn mentions_are_found_anywhere() {
        for text in [
            "SMS-Approval: v1",
            "a\nsms-approval : v1\nb",
            "s\n\n> SMS-Approval: v1",
            "a\rSMS-Approval:",
            "\0SMS-Approval:",
        ] {
            assert!(mentions(text.as_bytes(), "SMS-Approval"), "{text:?}");
        }
        for text in ["", "about SMS-Approval: v1", "SMS-Approvals: v1", "SMS-Approval v1"] {
            assert!(!mentions(text.as_bytes(), "SMS-Approval"), "{text:?}");
        }
    }
}
