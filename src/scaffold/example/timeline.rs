//! What happens on which day, and the commits that come of it.

use std::collections::{BTreeMap, BTreeSet};

use super::files::FILES;
use super::people::{self, REPOSITORY, SERIALS};
use super::story::{self, Document, Version};
use super::writer::{Changes, Line, Moment, Note, Writer};
use super::{rewind, rows};
use crate::error::Error;
use crate::trust::statement::{NAMESPACE, TRUST_POLICY, digest};
use crate::trust::{Checkpoint, Control, Decision, Meaning, PolicyRef, Root, Statement, approvals_digest, policy};

/// First day.
const START: &str = "2023-02-06";
/// Last day, on which the sample is judged.
const END: &str = "2026-11-20";
/// Days of the checkpoints.
const CHECKPOINTS: &[&str] = &["2025-06-30", "2026-10-08", "2026-11-20"];
/// Two years of measurements, one file.
const MEASUREMENTS: &str = "registers/measurements.csv";

/// What happens; sorted by day, then in this order.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Trust(usize),
    Measurements(String),
    Versions(Vec<Place>),
    Checkpoint,
    End,
}

/// A document with everything about it.
struct Told {
    document: Document,
    versions: Vec<Version>,
    last: &'static str,
    control: Control,
}

impl Told {
    /// The CSV file with its entries; measurements come month by month instead.
    fn rows(&self) -> Option<(String, &'static str)> {
        rows::beside(&self.document.path, self.last).filter(|(path, _)| path != MEASUREMENTS)
    }
}

/// A document and one of its versions, by index.
type Place = (usize, usize);

/// What an approval is about.
struct About<'a> {
    id: &'a str,
    title: &'a str,
    version: &'a Version,
    digest: String,
    previous: Option<String>,
    role: String,
}

/// Makes the history.
pub(super) struct Teller<'r> {
    writer: Writer<'r>,
    told: Vec<Told>,
    policy: Option<PolicyRef>,
    /// Day of the newest trust policy.
    policy_day: &'static str,
    /// Digest of the last version approved in full, by id.
    approved: BTreeMap<String, String>,
    /// Statements signed with the stolen key after the checkpoint.
    reaffirm: Vec<String>,
    root: Option<Root>,
    batches: usize,
    /// Approvals made, counted once for each person and version.
    approvals: usize,
}

/// What was made.
pub(super) struct Told3Years {
    /// The last commit.
    pub(super) tip: git2::Oid,
    /// The trust root.
    pub(super) root: Root,
    /// Commits.
    pub(super) commits: usize,
    /// Approvals, counted once for each person and version.
    pub(super) approvals: usize,
    /// Files of the last commit.
    pub(super) files: BTreeMap<String, git2::Oid>,
}

/// Tells the whole story into an object database.
pub(super) fn tell(odb: git2::Odb<'_>) -> Result<Told3Years, Error> {
    let mut teller = Teller::new(odb)?;
    for (day, event) in teller.events() {
        teller.play(&day, &event)?;
    }
    let missing = || Error::Defect("the sample has no history".into());
    let (tip, root) = (teller.writer.main.tip.ok_or_else(missing)?, teller.root.take().ok_or_else(missing)?);
    let files = teller.writer.files_on_main();
    Ok(Told3Years { tip, root, commits: teller.writer.commits, approvals: teller.approvals, files })
}

fn text(path: &str) -> &'static str {
    FILES.iter().find(|(p, _)| *p == path).map_or("", |(_, text)| text)
}

/// The working day on or before a day.
fn workday(day: &str, back: i64) -> String {
    use jiff::ToSpan as _;
    let Ok(date) = day.parse::<jiff::civil::Date>() else { return day.to_owned() };
    let mut date = date.checked_sub(back.days()).unwrap_or(date);
    loop {
        let off = matches!(date.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday)
            || (date.month(), date.day()) == (1, 1)
            || (date.month(), date.day()) == (5, 1);
        if !off {
            return date.to_string();
        }
        date = date.checked_sub(1.days()).unwrap_or(date);
    }
}

/// A number that follows from a text.
fn number_of(text: &str, below: i64) -> i64 {
    use sha2::Digest as _;
    let hash = sha2::Sha256::digest(text);
    i64::from(u16::from_be_bytes([hash[0], hash[1]])) % below
}

impl<'r> Teller<'r> {
    fn new(odb: git2::Odb<'r>) -> Result<Self, Error> {
        let mut known: BTreeMap<String, Document> = story::story()?.into_iter().map(|d| (d.path.clone(), d)).collect();
        let mut told = Vec::new();
        for (path, last) in FILES {
            let Some(control) = Control::read(last.as_bytes()).filter(|_| crate::source::is_markdown(path)) else {
                continue;
            };
            let document = known.remove(*path).unwrap_or_else(|| Document::plain(path));
            told.push(Told { versions: story::versions(&document, last), document, last, control });
        }
        Ok(Self {
            writer: Writer::new(odb)?,
            told,
            policy: None,
            policy_day: START,
            approved: BTreeMap::new(),
            reaffirm: Vec::new(),
            root: None,
            batches: 0,
            approvals: 0,
        })
    }

    fn events(&self) -> Vec<(String, Event)> {
        let mut out = Vec::new();
        for (ix, serial) in SERIALS.iter().enumerate() {
            out.push((serial.on.to_owned(), Event::Trust(ix + 1)));
        }
        let collected: BTreeSet<&str> =
            text(MEASUREMENTS).lines().skip(1).filter_map(|row| row.split(',').nth(4)?.get(..7)).collect();
        out.extend(
            collected.iter().map(|month| (workday(&format!("{month}-09"), 0), Event::Measurements((*month).into()))),
        );
        let mut by_day: BTreeMap<String, Vec<Place>> = BTreeMap::new();
        for (ix, told) in self.told.iter().enumerate() {
            for (version, of) in told.versions.iter().enumerate() {
                by_day.entry(workday(&of.on, 0)).or_default().push((ix, version));
            }
        }
        out.extend(by_day.into_iter().map(|(day, list)| (day, Event::Versions(list))));
        out.extend(CHECKPOINTS.iter().map(|day| ((*day).to_owned(), Event::Checkpoint)));
        out.push((END.to_owned(), Event::End));
        out.sort();
        out
    }

    fn play(&mut self, day: &str, event: &Event) -> Result<(), Error> {
        match event {
            Event::Trust(serial) => self.trust(*serial),
            Event::Measurements(month) => self.measurements(day, month),
            Event::Versions(list) => self.versions(day, list),
            Event::Checkpoint => self.checkpoint(day),
            Event::End => self.end(),
        }
    }

    fn plain(&mut self, day: &str, minutes: i64, author: &str, message: String, changes: Changes) -> Result<(), Error> {
        let note = Note { author, by_forge: false, at: Moment::of(day, minutes), day, message };
        self.writer.on_main(changes, &note).map(|_| ())
    }

    fn trust(&mut self, serial: usize) -> Result<(), Error> {
        let Some(of) = SERIALS.get(serial - 1) else { return Ok(()) };
        let previous = self.policy.clone();
        let before = previous.as_ref().map(|p| p.digest.as_str());
        let files = people::policy(serial, before, &self.reaffirm, &self.writer.keys)?;
        let mut changes: Changes = files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
        let set = policy::set_digest(&changes.iter().cloned().collect());
        let at = Moment::of(of.on, 8 * 60 + 40);
        if let Some(previous) = &previous {
            for (person, role) in people::admins(serial) {
                let statement = Statement {
                    repository: REPOSITORY.into(),
                    artifact: TRUST_POLICY.into(),
                    version: serial.to_string(),
                    digest: set.clone(),
                    previous: None,
                    policy: previous.clone(),
                    decision: Decision::Approve,
                    meaning: Meaning::Approval,
                    role: role.into(),
                    signer: person.into(),
                    name: people::name(person).into(),
                    signed_at: at.instant(),
                    statement: format!("I approve trust policy {serial}. {}", of.why),
                };
                self.signed(&statement, of.on, &mut changes)?;
            }
        } else {
            changes.extend(beginnings());
        }
        self.policy = Some(PolicyRef { serial: serial as u64, digest: set.clone() });
        self.policy_day = of.on;
        self.plain(of.on, 8 * 60 + 45, "p-022", format!("{}\n\n{}\n", of.subject, wrapped(of.why)), changes)?;
        if serial == 1 {
            self.root = self.writer.main.tip.map(|commit| Root { commit, policy: set });
            let text = text("CODEOWNERS").as_bytes().to_vec();
            let message = "Say who reviews what\n".to_owned();
            self.plain(START, 9 * 60 + 20, "p-022", message, vec![("CODEOWNERS".into(), text)])?;
        }
        Ok(())
    }

    /// Adds a statement with its signature; gives the digest of its bytes.
    fn signed(&self, statement: &Statement, day: &str, changes: &mut Changes) -> Result<String, Error> {
        let bytes = statement.render();
        let signature = self.writer.key(&statement.signer, day)?.sign(NAMESPACE, bytes.as_bytes())?;
        let path = format!("{}/{}.approval", statement.folder(), statement.signer);
        let of = digest(bytes.as_bytes());
        changes.push((path.clone(), bytes.into_bytes()));
        changes.push((format!("{path}.sig"), signature.into_bytes()));
        Ok(of)
    }

    fn measurements(&mut self, day: &str, month: &str) -> Result<(), Error> {
        let all = text(MEASUREMENTS);
        let kept =
            |row: &&str| row.split(',').nth(4).is_none_or(|on| on == "collected_on" || on.get(..7) <= Some(month));
        let rows: String = all.split_inclusive('\n').filter(kept).collect();
        let of: Vec<&str> =
            rows.lines().filter(|r| r.split(',').nth(4).is_some_and(|on| on.starts_with(month))).collect();
        let missed = of.iter().filter(|r| r.rsplit(',').next().is_some_and(|comment| !comment.is_empty())).count();
        let note = match missed {
            0 => String::new(),
            1 => "\nOne value missed its target; the reason stands in its row.\n".to_owned(),
            n => format!("\n{n} values missed their targets; the reasons stand in their rows.\n"),
        };
        let message = format!("Add the {} measurements collected in {}\n{note}", of.len(), in_words(month));
        self.plain(
            day,
            10 * 60 + number_of(month, 90),
            "p-029",
            message,
            vec![(MEASUREMENTS.into(), rows.into_bytes())],
        )
    }

    fn checkpoint(&mut self, day: &str) -> Result<(), Error> {
        let (Some(head), Some(root), Some(policy)) = (self.writer.main.tip, self.root.clone(), self.policy.clone())
        else {
            return Ok(());
        };
        let files = self.writer.digests_on_main();
        let bare = |of: &str| of.trim_start_matches("sha256:").to_owned();
        let list: String = files.iter().map(|(path, of)| format!("{}  {path}\n", bare(of))).collect();
        let kept = files.iter().filter(|(p, _)| p.starts_with("approvals/") && p.ends_with(".approval"));
        let approvals: BTreeSet<String> = kept.map(|(_, of)| (*of).to_owned()).collect();
        let at = Moment::of(day, 16 * 60 + 30);
        let checkpoint = Checkpoint {
            repository: REPOSITORY.into(),
            root,
            head,
            tree: digest(list.as_bytes()),
            policy,
            approvals: approvals.len() as u64,
            approvals_digest: approvals_digest(&approvals),
            role: "sms-manager".into(),
            signer: "p-022".into(),
            signed_at: at.instant(),
        };
        let bytes = checkpoint.render();
        let signature = self.writer.key("p-022", day)?.sign(NAMESPACE, bytes.as_bytes())?;
        let path = format!("checkpoints/{day}.checkpoint");
        let changes = vec![(format!("{path}.sig"), signature.into_bytes()), (path, bytes.into_bytes())];
        let message = format!(
            "Make the checkpoint of {day}\n\nA copy went to the certification body and to the controller of the holding.\n"
        );
        self.reaffirm.clear();
        self.plain(day, 16 * 60 + 34, "p-022", message, changes)
    }

    /// The rows that came after the last version of their documents.
    fn last_rows(&mut self) -> Result<(), Error> {
        let drawn =
            self.told.iter().filter_map(Told::rows).map(|(path, all)| (path, all.as_bytes().to_vec())).collect();
        let message =
            "Draw the rows of the registers anew\n\nChanges, incidents and requests up to today.\n".to_owned();
        self.plain(END, 9 * 60 + 2, "p-022", message, drawn)
    }

    fn end(&mut self) -> Result<(), Error> {
        self.last_rows()?;
        let readme = format!("{}{}", text("README.md"), README_END);
        let message = "Rewrite the front page\n\nThe story of the storage failure, and what to try.\n".to_owned();
        self.plain(END, 9 * 60 + 12, "p-022", message, vec![("README.md".into(), readme.into_bytes())])?;
        let message = "Fix the day the sample is judged by\n".to_owned();
        self.plain(END, 9 * 60 + 31, "p-022", message, vec![("smsctl.toml".into(), settings(true).into_bytes())])
    }

    /// Versions of some documents that take effect on one day.
    fn versions(&mut self, day: &str, list: &[Place]) -> Result<(), Error> {
        self.batches += 1;
        let approved = list.iter().any(|at| !self.roles(*at).is_empty());
        match (self.batches % 3, approved, list.len()) {
            (1, true, _) => self.by_branch(day, list),
            // A squash names all who wrote as authors of everything in it, so nobody of them can approve it.
            (2, true, 1..=2) if self.apart(day, list) => self.by_squash(day, list),
            _ => self.by_line(day, list),
        }
    }

    fn at(&self, (document, version): Place) -> Option<(&Told, &Version)> {
        let told = self.told.get(document)?;
        Some((told, told.versions.get(version)?))
    }

    /// Roles that approve a version, as the trust policy asks.
    fn roles(&self, at: Place) -> Vec<String> {
        let Some((told, version)) = self.at(at).filter(|(_, v)| v.status == "approved") else { return Vec::new() };
        let (chief, executive) = ("chief-information-officer".to_owned(), "chief-executive-officer".to_owned());
        let control = &told.control;
        if version.is_patch() {
            return vec![control.owner.clone()];
        }
        match (control.id.as_str(), control.kind.as_str()) {
            ("SMS-CTX-01" | "SMS-POL-18", _) => vec![chief, executive],
            ("SMS-REG-OBJ" | "SMS-REG-OBL" | "SMS-REG-RSK" | "SMS-REG-ROL" | "SMS-REG-ISS", _) | (_, "policy") => {
                vec![chief]
            }
            (_, "register") => Vec::new(),
            _ => control.approvers.first().cloned().into_iter().collect(),
        }
    }

    /// Who writes a version: the holder of the owner's role, unless that person approves it.
    fn author(&self, at: Place, day: &str) -> &'static str {
        let Some((told, version)) = self.at(at) else { return "p-022" };
        let owner = people::holder(&told.control.owner, day);
        let approves = self.roles(at).iter().any(|role| people::holder(role, day) == owner);
        if version.is_patch() || approves { if owner == "p-022" { "p-029" } else { "p-022" } } else { owner }
    }

    fn edit(&self, at: Place) -> Result<(Changes, String), Error> {
        let Some((told, version)) = self.at(at) else { return Ok((Vec::new(), String::new())) };
        let text = rewind::text_of(&told.document, &told.versions, at.1, told.last)?;
        let (id, title) = (&told.control.id, &told.control.title);
        let subject = match (at.1, version.status) {
            (_, "in-review") => format!("Bring over {id} {title} ({})", version.number),
            (0, _) => format!("Add {id} {title}"),
            _ if version.brings.is_empty() => format!("Bring {id} {title} up to date"),
            _ if version.is_patch() => format!("Mend the wording of {id}, version {}", version.number),
            _ if told.control.kind == "register" => format!("Update {title} to version {}", version.number),
            _ => format!("Raise {id} {title} to version {}", version.number),
        };
        let mut message = format!("{subject}\n\n{}\n", wrapped(&version.why));
        if !version.summary.is_empty() {
            message += &format!("\n{}\n", wrapped(&version.summary));
        }
        let mut changes = vec![(told.document.path.clone(), text.into_bytes())];
        changes.extend(told.rows().map(|(path, all)| (path, rows::until(all, &version.on).into_bytes())));
        Ok((changes, message))
    }

    /// Whether nobody who writes one of the versions approves another.
    fn apart(&self, day: &str, list: &[Place]) -> bool {
        let writes = |person: &str| {
            list.iter().any(|at| {
                let with = self.at(*at).and_then(|(told, _)| told.document.with.as_deref());
                self.author(*at, day) == person || with == Some(person)
            })
        };
        list.iter().all(|at| self.roles(*at).iter().all(|role| !writes(people::holder(role, day))))
    }

    /// Straight to the main line.
    fn by_line(&mut self, day: &str, list: &[Place]) -> Result<(), Error> {
        let mut minutes = 9 * 60 + number_of(day, 40);
        for at in list {
            let (changes, mut message) = self.edit(*at)?;
            if let Some(with) = self.at(*at).and_then(|(told, _)| told.document.with.clone()) {
                message += &format!("\nCo-authored-by: {}\n", people::signature_name(&with));
            }
            self.plain(day, minutes, self.author(*at, day), message, changes)?;
            minutes += 4 + number_of(&format!("{day} {at:?}"), 23);
        }
        let mut main = None;
        self.approve(day, minutes.max(11 * 60), list, &mut main)
    }

    /// A side branch, approved there, merged.
    fn by_branch(&mut self, day: &str, list: &[Place]) -> Result<(), Error> {
        // Not before the trust policy that judges it: else the newest keys would be missing below.
        let before = workday(day, 4).max(self.policy_day.to_owned());
        let mut minutes = 9 * 60 + number_of(day, 200);
        let mut branch = self.writer.branch(Moment::of(&before, minutes), Moment::of(self.policy_day, 10 * 60));
        for at in list {
            let (changes, message) = self.edit(*at)?;
            let author = self.author(*at, &before);
            let note = Note { author, by_forge: false, at: Moment::of(&before, minutes), day: &before, message };
            self.writer.on(&mut branch, changes, &note)?;
            minutes += 9 + number_of(&format!("{day} {at:?}"), 31);
        }
        let title = self.headline(list);
        let name: String = title.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let mut side = Some(branch);
        self.approve(day, 9 * 60 + 30 + number_of(&name, 60), list, &mut side)?;
        let Some(branch) = side else { return Ok(()) };
        let message = format!("Merge branch '{name}'\n\n{title}\n");
        let at = Moment::of(day, 14 * 60 + number_of(&name, 150));
        self.writer.merge(&branch, &Note { author: "p-022", by_forge: false, at, day, message })
    }

    /// One commit by the Git service, with documents and statements.
    fn by_squash(&mut self, day: &str, list: &[Place]) -> Result<(), Error> {
        let at = Moment::of(day, 13 * 60 + number_of(day, 200));
        let (mut changes, mut body) = (Changes::new(), String::new());
        let mut authors: Vec<&str> = Vec::new();
        for one in list {
            let (edit, message) = self.edit(*one)?;
            changes.extend(edit);
            body += &format!("* {}\n", message.lines().next().unwrap_or_default());
            authors.push(self.author(*one, day));
            authors.extend(self.at(*one).and_then(|(told, _)| told.document.with.as_deref()).and_then(known));
        }
        let mut minutes = 11 * 60;
        for one in list {
            for role in self.roles(*one) {
                let (about, person) = self.about(*one, &role, day)?;
                let statement = self.statement(&about, person, Moment::of(day, minutes))?;
                body += &format!("* Approve {} {}\n", about.id, about.version.number);
                self.sign(&statement, day, &mut changes)?;
                minutes += 7;
            }
            self.done(*one)?;
        }
        let first = authors.first().copied().unwrap_or("p-022");
        let mut message = format!("{} (#{})\n\n{body}", self.headline(list), 100 + self.batches);
        let others: BTreeSet<&str> = authors.iter().copied().filter(|a| *a != first).collect();
        if !others.is_empty() {
            message += "\n";
        }
        for other in others {
            message += &format!("Co-authored-by: {}\n", people::signature_name(other));
        }
        self.writer.on_main(changes, &Note { author: first, by_forge: true, at, day, message }).map(|_| ())
    }

    fn headline(&self, list: &[Place]) -> String {
        let name = |at: &Place| self.at(*at).map(|(t, v)| format!("{} {}", t.control.title, v.number));
        let first = list.first().and_then(name).unwrap_or_default();
        match list.len() {
            0 | 1 => first,
            2 => format!("{first} and {}", list.get(1).and_then(name).unwrap_or_default()),
            n => format!("{first} and {} others", n - 1),
        }
    }

    fn about(&self, at: Place, role: &str, day: &str) -> Result<(About<'_>, &'static str), Error> {
        let Some((told, version)) = self.at(at) else { return Err(Error::Defect("no such version".into())) };
        let text = rewind::text_of(&told.document, &told.versions, at.1, told.last)?;
        let id = told.control.id.as_str();
        let about = About {
            id,
            title: &told.control.title,
            version,
            digest: digest(text.as_bytes()),
            previous: self.approved.get(id).cloned(),
            role: role.to_owned(),
        };
        Ok((about, people::holder(role, day)))
    }

    fn statement(&self, about: &About<'_>, person: &str, at: Moment) -> Result<Statement, Error> {
        let policy = self.policy.clone().ok_or_else(|| Error::Defect("no trust policy".into()))?;
        let words = if about.version.is_patch() {
            format!("I approve version {} as an editorial change.", about.version.number)
        } else {
            format!("I approve version {} of {}.", about.version.number, about.title)
        };
        Ok(Statement {
            repository: REPOSITORY.into(),
            artifact: about.id.into(),
            version: about.version.number.clone(),
            digest: about.digest.clone(),
            previous: about.previous.clone(),
            policy,
            decision: Decision::Approve,
            meaning: Meaning::Approval,
            role: about.role.clone(),
            signer: person.into(),
            name: people::name(person).into(),
            signed_at: at.instant(),
            statement: words,
        })
    }

    fn sign(&mut self, statement: &Statement, day: &str, changes: &mut Changes) -> Result<(), Error> {
        let of = self.signed(statement, day, changes)?;
        self.approvals += 1;
        if people::key_label(&statement.signer, day) == people::COMPROMISED {
            self.reaffirm.push(of);
        }
        Ok(())
    }

    fn done(&mut self, at: Place) -> Result<(), Error> {
        if self.roles(at).is_empty() || self.at(at).is_some_and(|(_, v)| v.is_patch()) {
            return Ok(());
        }
        let (about, _) = self.about(at, "", START)?;
        let (id, digest) = (about.id.to_owned(), about.digest.clone());
        self.approved.insert(id, digest);
        Ok(())
    }

    /// Approvals of each approver: one version in a signed commit, several as files in one commit. On the main line, or on
    /// a branch.
    fn approve(&mut self, day: &str, mut minutes: i64, list: &[Place], side: &mut Option<Line>) -> Result<(), Error> {
        let mut by_person: BTreeMap<&'static str, Vec<(Place, String)>> = BTreeMap::new();
        for at in list {
            for role in self.roles(*at) {
                by_person.entry(people::holder(&role, day)).or_default().push((*at, role));
            }
        }
        for (person, versions) in by_person {
            let at = Moment::of(day, minutes);
            minutes += 25 + number_of(&format!("{day} {person}"), 40);
            let mut changes = Changes::new();
            let mut message = String::new();
            let lone = versions.len() == 1;
            for (of, role) in &versions {
                let (about, _) = self.about(*of, role, day)?;
                let statement = self.statement(&about, person, at)?;
                // Statements of the summer of the stolen key are named one by one later, so they are files and nothing else.
                let stolen = people::key_label(person, day) == people::COMPROMISED && day > CHECKPOINTS[0];
                message += &match (lone, message.is_empty()) {
                    (true, _) if stolen => {
                        format!("Approve {} {}\n\n{}\n", about.id, about.version.number, statement.statement)
                    }
                    (true, _) => format!(
                        "approve: {} v{}\n\n{}\n\n{}",
                        about.id,
                        about.version.number,
                        statement.statement,
                        trailers(&statement)
                    ),
                    (false, true) => {
                        format!("approve: {} documents\n\n- {} {}\n", versions.len(), about.id, about.version.number)
                    }
                    (false, false) => format!("- {} {}\n", about.id, about.version.number),
                };
                // Sometimes the signed commit is the only record.
                let only_commit = lone && self.batches % 4 == 3 && !stolen;
                if only_commit {
                    self.approvals += 1;
                } else {
                    self.sign(&statement, day, &mut changes)?;
                }
            }
            let note = Note { author: person, by_forge: false, at, day, message };
            match side {
                Some(branch) => self.writer.on(branch, changes, &note)?,
                None => self.writer.on_main(changes, &note)?,
            };
        }
        list.iter().try_for_each(|at| self.done(*at))
    }
}

fn known(person: &str) -> Option<&'static str> {
    let all =
        ["p-022", "p-029", "p-031", "p-034", "p-038", "p-041", "p-043", "p-045", "p-049", "p-052", "p-063", "p-064"];
    all.into_iter().find(|p| *p == person)
}

fn trailers(statement: &Statement) -> String {
    let previous = statement.previous.as_ref().map(|of| format!("SMS-Previous: {of}\n")).unwrap_or_default();
    format!(
        "SMS-Approval: v1\nSMS-Artifact: {}\nSMS-Version: {}\nSMS-Digest: {}\n{previous}SMS-Role: {}\nSMS-Meaning: {}\nSMS-Policy: {}\n",
        statement.artifact,
        statement.version,
        statement.digest,
        statement.role,
        statement.meaning.as_str(),
        statement.policy,
    )
}

/// What the first commit holds besides the trust policy.
fn beginnings() -> Changes {
    let attributes = crate::catalog::template("init/gitattributes").unwrap_or_default();
    [
        (".gitattributes", attributes.to_owned()),
        ("README.md", format!("{README_START}{README_END}")),
        ("smsctl.toml", settings(false)),
    ]
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .to_vec()
}

const README_START: &str = "# Northwind Managed Services: service management system\n\nPolicies, processes, registers and records of our service management system, as plain Markdown. Git is the version record.\n";

const README_END: &str = "
## About this repository

It was made by `smsctl init --example`. Organization, people and events are invented. All commits, approvals and checkpoints are
signed with throw-away keys that follow from public words in the source of smsctl: everybody can make the same keys, so these
signatures show how the record works and prove nothing about real people. Never trust these keys anywhere else.
";

/// smsctl.toml of the sample, without the lines that say it has no history; the fixed day comes last.
fn settings(with_day: bool) -> String {
    let text = text("smsctl.toml");
    let before = |text: &str, mark: &str| text.split(mark).next().unwrap_or(text).trim_end().to_owned() + "\n";
    let all = before(text, "\n[trust]");
    if with_day { all } else { before(&all, "\n[check]") }
}

/// 2025-03 as March 2025.
fn in_words(month: &str) -> String {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, number) = month.split_once('-').unwrap_or((month, ""));
    let name = number.parse::<usize>().ok().and_then(|n| NAMES.get(n.checked_sub(1)?)).unwrap_or(&"");
    format!("{name} {year}")
}

/// Lines of at most 72 characters.
fn wrapped(text: &str) -> String {
    textwrap::fill(text, 72)
}
