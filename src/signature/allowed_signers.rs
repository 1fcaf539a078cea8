//! The file `allowed_signers` of OpenSSH, read as `ssh-keygen` reads it.

use super::key::KeyId;
use super::ssh::{self, PublicKey};

/// The lines of an `allowed_signers` file that could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedSigners {
    /// In the order of the file.
    pub lines: Vec<Line>,
}

/// One line: who may sign with which key, for what, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// From 1.
    pub number: usize,
    /// Patterns of principals, as written: `*` and `?` stand for any characters, `!` before one refuses it.
    pub principals: Vec<String>,
    /// Patterns of namespaces; `None` allows all.
    pub namespaces: Option<Vec<String>>,
    /// Start of validity (seconds since the epoch, a date without `Z` read as UTC).
    pub valid_after: Option<i64>,
    /// End of validity, itself included, read likewise.
    pub valid_before: Option<i64>,
    after_zoned: bool,
    before_zoned: bool,
    /// Whether the key is a certificate authority, whose certificates sign; smsctl supports none.
    pub cert_authority: bool,
    /// The key.
    pub key: KeyId,
    /// Such as `ssh-ed25519`.
    pub key_type: String,
    /// Kind and base64, one blank between.
    pub key_text: String,
    /// Why signatures of this key cannot count, whoever holds it.
    pub key_trouble: Option<String>,
}

/// A date as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    /// Seconds since the epoch, when the date is read as UTC.
    utc: i64,
    /// Whether it ends in `Z` or `UTC`.
    zoned: bool,
}

impl AllowedSigners {
    /// Reads the file; returns lines that cannot be read with their number (from 1) and a sentence without a full stop.
    pub fn parse(text: &[u8]) -> (Self, Vec<(usize, String)>) {
        let mut out = Self::default();
        let mut bad = Vec::new();
        for (index, line) in text.split(|b| *b == b'\n').enumerate() {
            let number = index + 1;
            match read_line(number, line) {
                Ok(Some(line)) => out.lines.push(line),
                Ok(None) => {}
                Err(reason) => bad.push((number, reason)),
            }
        }
        (out, bad)
    }

    /// Principals of the first line that allows this key at this time, as `ssh-keygen -Y find-principals` prints them:
    /// the patterns of the line, not one name. `None` when no line does.
    pub fn find_principals(&self, key: &KeyId, time: i64, local_offset_seconds: i32) -> Option<&Line> {
        self.lines.iter().find(|line| line.key == *key && line.covers(time, local_offset_seconds))
    }

    /// The line by which `ssh-keygen -Y verify -I principal -n namespace` lets this key sign at this time.
    pub fn matches(
        &self,
        principal: &str,
        key: &KeyId,
        namespace: &str,
        time: i64,
        local_offset_seconds: i32,
    ) -> Option<&Line> {
        self.lines.iter().find(|line| {
            line.key == *key
                && line.names(principal)
                && line.allows(namespace)
                && line.covers(time, local_offset_seconds)
        })
    }
}

impl Line {
    /// Whether the patterns of principals match this one.
    pub fn names(&self, principal: &str) -> bool {
        matches_list(principal, &self.principals)
    }

    /// Whether signatures for this namespace are allowed.
    pub fn allows(&self, namespace: &str) -> bool {
        self.namespaces.as_ref().is_none_or(|patterns| matches_list(namespace, patterns))
    }

    /// Whether every date ends in `Z` (or `UTC`). Without, its meaning depends on the machine that reads it.
    pub fn has_zones(&self) -> bool {
        self.after_zoned && self.before_zoned
    }

    /// Whether the key itself (no certificate authority) is valid at this time; both ends are included. Dates without `Z`
    /// are read in a zone this many seconds east of UTC: its standard time, since `ssh-keygen` passes over summer time.
    pub fn covers(&self, time: i64, local_offset_seconds: i32) -> bool {
        let at = |seconds: i64, zoned: bool| {
            if zoned { seconds } else { seconds.saturating_sub(i64::from(local_offset_seconds)) }
        };
        !self.cert_authority
            && self.valid_after.is_none_or(|from| time >= at(from, self.after_zoned))
            && self.valid_before.is_none_or(|to| time <= at(to, self.before_zoned))
    }
}

/// A list of patterns matches when one does and none that begins with `!` does.
fn matches_list(text: &str, patterns: &[String]) -> bool {
    let mut found = false;
    for pattern in patterns {
        match pattern.strip_prefix('!') {
            Some(refused) if matches_pattern(text.as_bytes(), refused.as_bytes()) => return false,
            None if matches_pattern(text.as_bytes(), pattern.as_bytes()) => found = true,
            _ => {}
        }
    }
    found
}

/// `*` stands for any characters, `?` for one. Linear in text times pattern, whatever is written.
fn matches_pattern(text: &[u8], pattern: &[u8]) -> bool {
    let (mut t, mut p) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(b'?') => (t, p) = (t + 1, p + 1),
            Some(same) if same == byte => (t, p) = (t + 1, p + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (t, p) = (from + 1, at + 1);
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|b| *b == b'*')
}

fn read_line(number: usize, line: &[u8]) -> Result<Option<Line>, String> {
    let line = line.trim_ascii();
    if line.is_empty() || line.starts_with(b"#") {
        return Ok(None);
    }
    let text = std::str::from_utf8(line).map_err(|_| "the line is not UTF-8".to_owned())?;
    if text.contains('\0') {
        return Err("there is a NUL byte in the line".into());
    }
    let (principals, rest) = first_word(text).ok_or("there is only one word in the line")?;
    let (options, rest) = match ssh::public_key(rest) {
        Some(_) => ("", rest),
        None => split_options(rest).ok_or("there is no SSH public key in the line")?,
    };
    let (key, public) = ssh::public_key(rest).ok_or("there is no SSH public key in the line")?;
    let PublicKey { kind, text, trouble, .. } = public;
    let options = Options::read(options)?;
    let zoned = |moment: Option<Moment>| moment.is_none_or(|m| m.zoned);
    Ok(Some(Line {
        number,
        principals: principals.split(',').map(str::to_owned).collect(),
        namespaces: options.namespaces.map(|list| list.split(',').map(str::to_owned).collect()),
        valid_after: options.valid_after.map(|m| m.utc),
        valid_before: options.valid_before.map(|m| m.utc),
        after_zoned: zoned(options.valid_after),
        before_zoned: zoned(options.valid_before),
        cert_authority: options.cert_authority,
        key,
        key_type: kind,
        key_text: text,
        key_trouble: trouble,
    }))
}

/// The principals, perhaps in quotes, and what follows them.
fn first_word(text: &str) -> Option<(&str, &str)> {
    let blank = [' ', '\t'];
    let (word, rest) = match text.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => text.split_once(blank)?,
    };
    Some((word, rest.trim_start_matches(blank))).filter(|(_, rest)| !rest.is_empty())
}

/// The options up to the first blank outside quotes, and what follows.
fn split_options(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'\\' if text.as_bytes().get(at + 1) == Some(&b'"') => {
                bytes.next();
            }
            b'"' => quoted = !quoted,
            b' ' | b'\t' if !quoted => return text.split_at_checked(at),
            _ => {}
        }
    }
    None
}

#[derive(Default)]
struct Options {
    namespaces: Option<String>,
    valid_after: Option<Moment>,
    valid_before: Option<Moment>,
    cert_authority: bool,
}

impl Options {
    fn read(text: &str) -> Result<Self, String> {
        let mut out = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            rest = out.option(rest)?;
            if rest.is_empty() {
                break;
            }
            rest = rest
                .strip_prefix(',')
                .filter(|r| !r.is_empty())
                .ok_or("an option is unknown or not ended by a comma")?;
        }
        match (out.valid_after, out.valid_before) {
            (Some(after), Some(before)) if after.utc >= before.utc && after.zoned == before.zoned => {
                Err("`valid-before` does not come after `valid-after`".into())
            }
            _ => Ok(out),
        }
    }

    /// Takes one option from the start; its name may be written in any case.
    fn option<'a>(&mut self, text: &'a str) -> Result<&'a str, String> {
        // A comma alone is passed over.
        if text.starts_with(',') {
            return Ok(text);
        }
        let end = text.find(['=', ',']).unwrap_or(text.len());
        let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
        match name.to_ascii_lowercase().as_str() {
            "cert-authority" if !rest.starts_with('=') => {
                self.cert_authority = true;
                Ok(rest)
            }
            "namespaces" => {
                let (value, rest) = quoted(rest)?;
                once(&mut self.namespaces, value, name)?;
                Ok(rest)
            }
            "valid-after" => {
                let (value, rest) = quoted(rest)?;
                once(&mut self.valid_after, moment(&value)?, name)?;
                Ok(rest)
            }
            "valid-before" => {
                let (value, rest) = quoted(rest)?;
                once(&mut self.valid_before, moment(&value)?, name)?;
                Ok(rest)
            }
            _ => Err(format!("the option `{}` is unknown", name.chars().take(40).collect::<String>().escape_default())),
        }
    }
}

fn once<T>(place: &mut Option<T>, value: T, name: &str) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("the option `{name}` stands twice")),
    }
}

/// `="value"`, where `\"` stands for a quote mark, and what follows.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let inner = text.strip_prefix("=\"").ok_or("the value of an option is not in quote marks")?;
    let mut out = String::new();
    let mut characters = inner.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Ok((out, inner.get(at + 1..).unwrap_or_default())),
            '\\' if characters.peek().is_some_and(|(_, next)| *next == '"') => {
                out.push('"');
                characters.next();
            }
            other => out.push(other),
        }
    }
    Err("the value of an option has no closing quote mark".into())
}

/// `YYYYMMDD[HHMM[SS]]`, perhaps followed by `Z` or `UTC` in any case.
fn moment(text: &str) -> Result<Moment, String> {
    let bad = || format!("`{}` is no date such as 20260101000000Z", text.escape_default());
    let upper = text.to_ascii_uppercase();
    let digits = upper.strip_suffix('Z').or_else(|| upper.strip_suffix("UTC"));
    let (digits, zoned) = digits.map_or((upper.as_str(), false), |d| (d, true));
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(bad());
    }
    let part = |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |d| d.parse::<i8>().ok());
    let civil = || {
        let year = digits.get(..4)?.parse().ok()?;
        let (hour, minute, second) = (part(8, 10)?, part(10, 12)?, part(12, 14)?);
        jiff::civil::DateTime::new(year, part(4, 6)?, part(6, 8)?, hour, minute, second, 0).ok()
    };
    let utc = civil().and_then(|at| at.to_zoned(jiff::tz::TimeZone::UTC).ok()).ok_or_else(bad)?.timestamp().as_second();
    if utc <= 0 { Err(bad()) } else { Ok(Moment { utc, zoned }) }
}
