//! `allowed_signers` against `ssh-keygen -Y find-principals` and `-Y verify`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use smsctl::signature::{AllowedSigners, KeyId, ssh};

use super::Bench;

const TEXT: &[u8] = b"text";
/// Zones with the seconds east of UTC of their standard time.
const ZONES: [(&str, i32); 3] = [("UTC", 0), ("Pacific/Kiritimati", 50_400), ("America/Los_Angeles", -28_800)];

struct Shop {
    bench: Bench,
    /// Public line of each key.
    keys: BTreeMap<&'static str, String>,
}

static SHOP: LazyLock<Shop> = LazyLock::new(|| {
    let bench = Bench::new();
    let mut keys = BTreeMap::new();
    for (name, kind) in [("a", &["ed25519"][..]), ("b", &["ed25519"]), ("r", &["rsa", "-b", "1024"])] {
        keys.insert(name, bench.ssh_key(name, kind));
        let signature = bench.ssh_sign(name, "git", TEXT);
        bench.put(&format!("{name}.sig"), signature);
    }
    Shop { bench, keys }
});

impl Shop {
    fn id(&self, key: &str) -> KeyId {
        ssh::public_key(&self.keys[key]).unwrap().0
    }

    /// `$A`, `$B` and `$R` stand for the keys.
    fn file(&self, text: &str) -> String {
        let text = text.replace("$A", &self.keys["a"]).replace("$B", &self.keys["b"]).replace("$R", &self.keys["r"]);
        text.replace("$64", self.keys["a"].split(' ').nth(1).unwrap())
    }

    fn stock(&self, file: &str, key: &str, zone: &str, time: i64, more: &[&str]) -> Option<String> {
        let folder = tempfile::tempdir().unwrap();
        let allowed = folder.path().join("allowed");
        std::fs::write(&allowed, file).unwrap();
        let signature = self.bench.path(&format!("{key}.sig"));
        let time = jiff::Timestamp::from_second(time).unwrap().strftime("-Overify-time=%Y%m%d%H%M%SZ").to_string();
        let mut arguments = vec!["-Y", more[0], "-f", allowed.to_str().unwrap(), "-s", signature.to_str().unwrap()];
        arguments.extend([time.as_str()]);
        arguments.extend(&more[1..]);
        let answer = self.bench.run_in(zone, "ssh-keygen", &arguments, TEXT);
        answer.ok.then(|| answer.text())
    }

    /// Compares both questions for one file, key, time and zone.
    fn compare(&self, text: &str, key: &str, (zone, offset): (&str, i32), time: i64, principals: &[&str]) {
        let file = self.file(text);
        let (read, _) = AllowedSigners::parse(file.as_bytes());
        let id = self.id(key);
        let ours = read.find_principals(&id, time, offset).map(|l| l.principals.join("\n"));
        let stock = self.stock(&file, key, zone, time, &["find-principals"]);
        assert_eq!(ours, stock.map(|s| s.trim_end().to_owned()), "{text:?} key {key} {zone} {time}");
        for principal in principals {
            let ours = read.matches(principal, &id, "git", time, offset).is_some();
            let stock = self.stock(&file, key, zone, time, &["verify", "-n", "git", "-I", principal]);
            assert_eq!(ours, stock.is_some(), "{text:?} key {key} {principal} {zone} {time}");
        }
    }
}

fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_second()
}

#[test]
fn lines_mean_what_they_mean_to_ssh_keygen() {
    let noon = at("2026-06-15T12:00:00Z");
    let cases = [
        "",
        "# carla@example.org $A\n",
        "carla@example.org $A",
        "carla@example.org $A a comment\n",
        "  \tcarla@example.org\t $A\r\n",
        "carla@example.org $B\ndora@example.org $A\n",
        "carla@example.org,dora@example.org $A\n",
        "carla@example.org $A\ndora@example.org $A\n",
        "*@example.org $A\n",
        "c?rla@*.org $A\n",
        "*,!carla@example.org $A\n",
        "!carla@example.org $A\n",
        "!carla@example.org,* $A\ncarla@example.org $A\n",
        "CARLA@example.org $A\n",
        "\"carla@example.org\" $A\n",
        "\"carla@example.org,dora@example.org\" $A\n",
        "carla@example.org namespaces=\"git\" $A\n",
        "carla@example.org namespaces=\"git,smsctl-approval\" $A\n",
        "carla@example.org namespaces=\"file\" $A\ndora@example.org $A\n",
        "carla@example.org namespaces=\"g*\" $A\n",
        "carla@example.org namespaces=\"*,!git\" $A\n",
        "carla@example.org NameSpaces=\"git\" $A\n",
        "carla@example.org namespaces=\"\" $A\n",
        "carla@example.org namespaces=git $A\n",
        "carla@example.org namespaces=\"git\",namespaces=\"git\" $A\n",
        "carla@example.org namespaces=\"a \\\" b,git\" $A\n",
        "carla@example.org namespaces=\"git $A\n",
        "carla@example.org cert-authority $A\ndora@example.org $A\n",
        "carla@example.org cert-authority,namespaces=\"git\" $A\n",
        "carla@example.org Cert-Authority $A\n",
        "carla@example.org no-touch $A\n",
        "carla@example.org namespaces=\"git\", $A\n",
        "carla@example.org ,namespaces=\"git\" $A\n",
        "carla@example.org namespaces=\"git\",,valid-after=\"20200101\" $A\n",
        "carla@example.org namespaces=\"git\"valid-after=\"20200101\" $A\n",
        "carla@example.org namespaces=\"git\" valid-after=\"20200101\" $A\n",
        "carla@example.org\n",
        "carla@example.org \ndora@example.org $A\n",
        "carla@example.org ssh-ed25519\ndora@example.org $A\n",
        "carla@example.org ssh-ed25519 AAAA\ndora@example.org $A\n",
        "carla@example.org ssh-rsa $64\ndora@example.org $A\n",
        "carla@example.org ssh-new $64\ndora@example.org $A\n",
        "$A\n",
        "broken\ncarla@example.org $A\n",
        "carla@example.org bad-option $B\ncarla@example.org $A\n",
        "dora@example.org bad-option $A\ncarla@example.org $A\n",
        "carla@example.org $R\n",
        "carla@example.org valid-after=\"20260101\" $A\n",
        "carla@example.org valid-after=\"20270101\" $A\ndora@example.org $A\n",
        "carla@example.org valid-before=\"20270101Z\" $A\n",
        "carla@example.org valid-before=\"20260101z\" $A\n",
        "carla@example.org valid-before=\"20270101UTC\" $A\n",
        "carla@example.org valid-before=\"20270101utc\" $A\n",
        "carla@example.org valid-after=\"202601011200Z\",valid-before=\"20270101120000Z\" $A\n",
        "carla@example.org valid-after=\"20270101Z\",valid-before=\"20260101Z\" $A\n",
        "carla@example.org valid-after=\"20260101Z\",valid-before=\"20260101Z\" $A\n",
        "carla@example.org valid-after=\"2026\" $A\n",
        "carla@example.org valid-after=\"20261301\" $A\n",
        "carla@example.org valid-after=\"20260101+01\" $A\n",
        "carla@example.org valid-after=\"\" $A\n",
        "carla@example.org valid-after=20260101 $A\n",
        "carla@example.org valid-after=\"19700101Z\" $A\n",
        "carla@example.org valid-before=\"20260101Z\",valid-before=\"20270101Z\" $A\n",
    ];
    for text in cases {
        SHOP.compare(text, "a", ZONES[0], noon, &["carla@example.org", "dora@example.org", "x"]);
    }
    SHOP.compare("carla@example.org $R\n", "r", ZONES[0], noon, &["carla@example.org"]);
}

/// A day that does not exist is taken for the next one by `ssh-keygen`; here the line is refused and told.
#[test]
fn days_that_do_not_exist_are_refused() {
    let file = SHOP.file("carla@example.org valid-after=\"20260231Z\" $A\n");
    let (read, bad) = AllowedSigners::parse(file.as_bytes());
    assert!(read.lines.is_empty());
    assert_eq!(bad, [(1, "`20260231Z` is no date such as 20260101000000Z".to_owned())]);
    assert!(SHOP.stock(&file, "a", "UTC", at("2026-06-15T12:00:00Z"), &["find-principals"]).is_some());
}

#[test]
fn windows_are_read_in_the_zone_of_the_machine() {
    for (from, to) in
        [("20260601", "20260701000000"), ("20260601Z", "20260701000000Z"), ("202601151200", "202601151300Z")]
    {
        let text = format!("carla@example.org valid-after=\"{from}\",valid-before=\"{to}\" $A\n");
        let (read, bad) = AllowedSigners::parse(SHOP.file(&text).as_bytes());
        assert!(bad.is_empty(), "{bad:?}");
        let line = &read.lines[0];
        assert_eq!(line.has_zones(), from.ends_with('Z') && to.ends_with('Z'));
        for zone in ZONES {
            for edge in [line.valid_after.unwrap(), line.valid_before.unwrap()] {
                for by in [-1, 0, 1] {
                    SHOP.compare(&text, "a", zone, edge + by, &[]);
                    SHOP.compare(&text, "a", zone, edge + by - i64::from(zone.1), &["carla@example.org"]);
                }
            }
        }
    }
}

/// In summer, `ssh-keygen` still reads a date without zone as standard time. Git hands it the committer's date without
/// zone, so there an hour is lost; smsctl compares moments.
#[test]
fn git_loses_an_hour_in_summer() {
    let text = "carla@example.org valid-before=\"20260615120000Z\" $A\n";
    let (file, late) = (SHOP.file(text), at("2026-06-15T12:30:00Z"));
    let (read, _) = AllowedSigners::parse(file.as_bytes());
    assert!(read.find_principals(&SHOP.id("a"), late, -28_800).is_none());
    let asked = |zone: &str, local: &str| {
        let allowed = SHOP.bench.put("allowed-summer", &file);
        let signature = SHOP.bench.path("a.sig");
        let time = format!("-Overify-time={local}");
        let arguments =
            ["-Y", "find-principals", "-f", allowed.to_str().unwrap(), "-s", signature.to_str().unwrap(), &time];
        SHOP.bench.run_in(zone, "ssh-keygen", &arguments, TEXT).ok
    };
    // The same moment, as each zone's clock shows it.
    assert!(!asked("UTC", "20260615123000"));
    assert!(!asked("Pacific/Kiritimati", "20260616023000"));
    // An hour later than meant: not valid either way; an hour before the end it is taken for the end.
    assert!(!asked("America/Los_Angeles", "20260615053000"));
    assert!(!asked("America/Los_Angeles", "20260615043000"), "11:30 UTC should be valid");
    assert!(read.find_principals(&SHOP.id("a"), at("2026-06-15T11:30:00Z"), -28_800).is_some());
}

#[test]
fn bad_lines_are_told_with_their_number() {
    let file =
        SHOP.file("# c\nonly\nx $A\nx namespaces=git $A\nx what $A\nx ssh-ed25519 AAAA\n\nx namespaces=\"a $A\n");
    let (read, bad) = AllowedSigners::parse(file.as_bytes());
    assert_eq!(read.lines.iter().map(|l| l.number).collect::<Vec<_>>(), [3]);
    let line = &read.lines[0];
    assert_eq!((line.key_type.as_str(), &line.key_text), ("ssh-ed25519", &SHOP.keys["a"]));
    assert_eq!((line.cert_authority, line.has_zones(), &line.key_trouble), (false, true, &None));
    let told: Vec<_> = bad.iter().map(|(number, reason)| format!("{number} {reason}")).collect();
    assert_eq!(
        told,
        [
            "2 there is only one word in the line",
            "4 the value of an option is not in quote marks",
            "5 the option `what` is unknown",
            "6 there is no SSH public key in the line",
            "8 there is no SSH public key in the line",
        ]
    );
    let weak = SHOP.file("x $R\n");
    assert!(AllowedSigners::parse(weak.as_bytes()).0.lines[0].key_trouble.as_ref().unwrap().contains("1024 bits"));
}
