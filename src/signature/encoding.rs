//! Base64 and the wire format of SSH, as far as signatures need them.

use base64ct::{Base64, Base64Unpadded, Encoding as _};

/// Decodes base64 with padding; blanks and line breaks between the characters are passed over. `None` when it is anything else.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let bare = text.iter().filter(|b| !matches!(b, b'\n' | b'\r' | b' ' | b'\t')).copied().collect();
    Base64::decode_vec(&String::from_utf8(bare).ok()?).ok()
}

/// Encodes without padding, as fingerprints are written.
pub(super) fn base64_plain(bytes: &[u8]) -> String {
    Base64Unpadded::encode_string(bytes)
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
