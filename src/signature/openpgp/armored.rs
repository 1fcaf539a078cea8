//! The armor of OpenPGP, read strictly: blocks and blank space, nothing else.

use crate::signature::encoding::base64;

/// The bytes of every block of this kind (such as `PGP SIGNATURE`), one after another. `None` when there is none, or
/// anything but blank space between the blocks. The old checksum line is passed over: what is inside is signed.
pub(super) fn blocks(text: &[u8], kind: &str) -> Option<Vec<Vec<u8>>> {
    let (begin, end) = (format!("-----BEGIN {kind}-----"), format!("-----END {kind}-----"));
    let mut out = Vec::new();
    let mut inner: Option<Vec<&[u8]>> = None;
    for line in text.split(|b| *b == b'\n').map(<[u8]>::trim_ascii_end) {
        match inner.as_mut() {
            None if line.is_empty() => {}
            None if line == begin.as_bytes() => inner = Some(Vec::new()),
            None => return None,
            Some(lines) if line == end.as_bytes() => {
                out.push(body(lines)?);
                inner = None;
            }
            Some(lines) => lines.push(line),
        }
    }
    (inner.is_none() && !out.is_empty()).then_some(out)
}

/// Headers such as `Version: …`, a blank line, base64, perhaps a checksum.
fn body(lines: &[&[u8]]) -> Option<Vec<u8>> {
    let blank = lines.iter().position(|l| l.is_empty())?;
    let (headers, data) = lines.split_at_checked(blank)?;
    if !headers.iter().all(|l| l.windows(2).any(|w| w == b": ") || l.ends_with(b":")) {
        return None;
    }
    let data: Vec<&[u8]> = data.iter().copied().filter(|l| !l.is_empty()).collect();
    let data = match data.split_last() {
        Some((last, rest)) if last.starts_with(b"=") => rest,
        _ => data.as_slice(),
    };
    base64(&data.concat())
}
