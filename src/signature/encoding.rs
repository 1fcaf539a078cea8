//! Base64 and the wire format of SSH, as far as signatures need them.

/// Decodes base64 with padding; blanks and line breaks between the characters are passed over. `None` when it is anything else.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut filled, mut characters, mut padding) = (0u32, 0u32, 0usize, 0usize);
    for byte in text.iter().filter(|b| !matches!(b, b'\n' | b'\r' | b' ' | b'\t')) {
        characters += 1;
        if *byte == b'=' {
            padding += 1;
            continue;
        }
        if padding > 0 {
            return None;
        }
        bits = (bits << 6) | u32::from(sextet(*byte)?);
        filled += 6;
        if filled >= 8 {
            filled -= 8;
            out.push((bits >> filled).to_le_bytes()[0]);
            bits &= (1 << filled) - 1;
        }
    }
    // Bits left over must be zero, else several texts would stand for the same bytes.
    (characters % 4 == 0 && padding <= 2 && bits == 0).then_some(out)
}

fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Encodes without padding, as fingerprints are written.
pub(super) fn base64_plain(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |word, b| (word << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let index = (word >> (18 - 6 * place)) & 63;
            out.extend(ALPHABET.get(index as usize).map(|b| char::from(*b)));
        }
    }
    out
}

/// Reads the fields of SSH's wire format one after another.
pub(super) struct Wire<'a>(pub &'a [u8]);

impl<'a> Wire<'a> {
    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    /// A big-endian 32-bit number.
    pub fn number(&mut self) -> Option<u32> {
        self.take(4).and_then(|b| b.try_into().ok()).map(u32::from_be_bytes)
    }

    /// A string with its length before it.
    pub fn string(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(usize::try_from(length).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_strict() {
        assert_eq!(base64(b"aGVs\nbG8="), Some(b"hello".to_vec()));
        assert_eq!(base64(b"aGVsbG8"), None);
        assert_eq!(base64(b"aGVsbG9="), None, "bits left over");
        assert_eq!(base64(b"aG=s"), None);
        assert_eq!(base64(b"a==="), None);
        assert_eq!(base64(b"aGV*"), None);
        assert_eq!(base64(b""), Some(vec![]));
        assert_eq!(base64_plain(b"hello"), "aGVsbG8");
        assert_eq!(base64_plain(b"hell"), "aGVsbA");
    }

    #[test]
    fn wire_never_reads_too_far() {
        let mut wire = Wire(&[0, 0, 0, 2, b'a', b'b', 0xff, 0xff, 0xff, 0xff]);
        assert_eq!(wire.string(), Some(&b"ab"[..]));
        assert_eq!(wire.string(), None);
    }
}
