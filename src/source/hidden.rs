//! Characters that change a text without being seen: marks of direction, and marks without a shape of their own.

/// Whether a character turns the direction of what follows it.
#[must_use]
pub fn is_directional(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character has no shape of its own and no use in a text: no joiner of scripts or emoji.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}' | '\u{2028}' | '\u{2029}'
        | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
        || (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

/// The first hidden character of a text and its place. A joiner counts where nothing beside it needs one.
#[must_use]
pub fn first(text: &str) -> Option<(usize, char)> {
    if text.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        return None;
    }
    let mut before = None;
    for (at, c) in text.char_indices() {
        let joins = matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
        // Emoji and scripts that join their letters are beyond ASCII.
        let needless = joins && before.is_none_or(|b: char| b.is_ascii());
        if is_directional(c) || is_invisible(c) || needless {
            return Some((at, c));
        }
        before = Some(c);
    }
    None
}

/// A character for people: its code point, with what it does.
#[must_use]
pub fn name(c: char) -> String {
    let does = if is_directional(c) { "turns the direction of the text" } else { "cannot be seen" };
    format!("U+{:04X}, which {does}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_found_and_letters_of_the_world_are_not() {
        for text in
            ["a\u{202e}b", "\u{200b}", "pay\u{ad}roll", "x\u{200d}y", "\u{feff}a", "a\u{e0041}", "a\u{7f}", "\u{2028}"]
        {
            assert!(first(text).is_some(), "{text:?}");
        }
        for text in ["plain", "שלום", "می\u{200c}خواهم", "👩\u{200d}👧", "❤\u{fe0f}", "é", "信頼", "one\nline"]
        {
            assert_eq!(first(text), None, "{text:?}");
        }
        assert_eq!(name('\u{202e}'), "U+202E, which turns the direction of the text");
    }
}
