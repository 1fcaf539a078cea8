//! Random histories: any number of roots and parents, evil merges, merges that drop a side, files that become folders.

use std::collections::BTreeMap;

use super::stock::Repo;

const PATHS: &[&str] = &[
    "sms/a.md",
    "sms/a.md/x.md",
    "sms/a",
    "sms/a-b",
    "sms/a/b.md",
    "sms/a0",
    "sms/policies/p.md",
    "sms/policies/q é.md",
    "sms/trust/policy.toml",
    "sms/.hidden/n.md",
    "other/o.md",
    "other/deep/er/r.md",
    "README.md",
    "sms2/z.md",
];
const MODES: &[&str] = &["100644", "100644", "100644", "100755", "120000", "160000"];

/// Numbers that are the same on each run (xorshift).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap() % limit
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

type Files = BTreeMap<String, (&'static str, String)>;

/// A repository with `count` random commits, all reachable from `main`.
pub fn repository(seed: u64, count: usize) -> Repo {
    let mut dice = Dice::new(seed);
    let mut stream = String::new();
    let (mut trees, mut childless): (Vec<Files>, Vec<usize>) = (Vec::new(), Vec::new());
    for number in 0..=count {
        let parents = if number == count { childless.clone() } else { parents(&mut dice, number) };
        let files = merged(&mut dice, &parents, &trees);
        childless.retain(|c| !parents.contains(c));
        childless.push(number);
        commit(&mut stream, number, &parents, &files, 1_767_225_600 - 1000 * dice.below(100));
        trees.push(files);
    }
    let repo = Repo::new();
    repo.git_with(&["fast-import", "--quiet", "--force"], stream.as_bytes());
    repo
}

fn parents(dice: &mut Dice, number: usize) -> Vec<usize> {
    let wanted = [1, 1, 1, 1, 2, 2, 2, 3, 4, 0][dice.below(10)].min(number);
    let mut parents = Vec::new();
    while parents.len() < wanted {
        // Mostly near commits, so that lines criss-cross.
        let back = 1 + dice.below(number.min(6));
        let parent = if dice.one_in(4) { dice.below(number) } else { number - back };
        if !parents.contains(&parent) {
            parents.push(parent);
        } else if wanted > number.min(6) / 2 {
            break;
        }
    }
    parents
}

/// Keeps one side, mixes them path by path, or makes something new of them.
fn merged(dice: &mut Dice, parents: &[usize], trees: &[Files]) -> Files {
    let mut files = Files::new();
    let side = if dice.one_in(4) { parents.last() } else { parents.first() };
    if let Some(side) = side {
        files = trees[*side].clone();
    }
    if parents.len() > 1 && dice.one_in(2) {
        for path in PATHS {
            let side = &trees[parents[dice.below(parents.len())]];
            files.remove(*path);
            if let Some(file) = side.get(*path) {
                put(&mut files, path, file.clone());
            }
        }
    }
    let changes = if parents.len() > 1 { [0, 0, 1, 2][dice.below(4)] } else { 1 + dice.below(3) };
    for _ in 0..changes {
        change(dice, &mut files);
    }
    files
}

fn change(dice: &mut Dice, files: &mut Files) {
    let path = PATHS[dice.below(PATHS.len())];
    match dice.below(5) {
        0 => {
            files.remove(path);
        }
        1 => {
            let to = PATHS[dice.below(PATHS.len())];
            if let Some(file) = files.remove(path) {
                put(files, to, file);
            }
        }
        _ => {
            let mode = MODES[dice.below(MODES.len())];
            let text = if mode == "160000" { format!("{:040}", dice.below(9) + 1) } else { dice.below(6).to_string() };
            put(files, path, (mode, text));
        }
    }
}

/// A file takes the place of a folder of its name, and of files that stand where its folders must be.
fn put(files: &mut Files, path: &str, file: (&'static str, String)) {
    files.retain(|other, _| !other.starts_with(&format!("{path}/")) && !path.starts_with(&format!("{other}/")));
    files.insert(path.to_owned(), file);
}

fn commit(stream: &mut String, number: usize, parents: &[usize], files: &Files, time: usize) {
    let message = format!("commit {number}");
    stream.push_str(&format!(
        "reset refs/heads/main\ncommit refs/heads/main\nmark :{}\ncommitter A <a@example.org> {time} +0000\ndata {}\n{message}\n",
        number + 1,
        message.len()
    ));
    for (at, parent) in parents.iter().enumerate() {
        stream.push_str(&format!("{} :{}\n", if at == 0 { "from" } else { "merge" }, parent + 1));
    }
    stream.push_str("deleteall\n");
    for (path, (mode, text)) in files {
        if *mode == "160000" {
            stream.push_str(&format!("M {mode} {text} {path}\n"));
        } else {
            stream.push_str(&format!("M {mode} inline {path}\ndata {}\n{text}\n", text.len()));
        }
    }
    stream.push('\n');
}
