//! `[catalog]` in smsctl.toml: entries, clause trees, families and templates of the user.

use smsctl::scaffold::{self, NewFile, NewRequest};
use smsctl::source::MemoryTree;
use smsctl::workspace::{self, Workspace};

use crate::common::{TODAY, check, lines, toolkit};

const CONFIG: &str = "[sms]\norganization = \"Northwind Managed Services\"\n\n[check]\ntoday = 2026-11-20\n\n[trust]\nhistory = \"none\"\n\n[catalog]\nentries = [\"catalog/entries.csv\"]\nfamilies = [\"catalog/families.toml\"]\ntemplates = \"catalog/templates\"\n\n[catalog.clauses]\niso-22301 = \"catalog/iso-22301.csv\"\n";

const ENTRIES: &str = "id,doc_no,title,kind,clauses,owner,approver,review_interval,outline\n\
    restart-plan,SMS-RST-01,Restart Plan,plan,iso-22301:8.4;8.7.2,service-continuity-manager,service-management-owner,P6M,1 Order of restart | 2 People\n\
    backup-policy,,Backup and Archive Policy,,,,,,\n";

const CLAUSES: &str = "id,parent,title,paraphrase,documented_information,which\n\
    8,,Operation,What is done,none,\n\
    8.4,8,Plans and procedures,Written plans for the time of a disruption,document,Plans\n";

const FAMILIES: &str = "[[family]]\nname = \"Restart\"\nentries = [\"restart-plan\", \"service-continuity-plan\"]\nregisters = [\"risks\"]\n";

const TEMPLATE: &str = "---\n{{ control }}\nretention: P3Y\n---\n\n# {{ title }}\n\n## Order of restart\n\nSee {{ link(\"service-continuity-plan\") }}, {{ link(\"register:risks\") }} and {{ link(\"restart-plan\") }}.\n\n## People\n\n<!-- smsctl-generated: table risks id,title -->\n<!-- /smsctl-generated -->\n";

fn sample() -> MemoryTree {
    let mut tree = toolkit();
    for (path, text) in [
        ("smsctl.toml", CONFIG),
        ("catalog/entries.csv", ENTRIES),
        ("catalog/families.toml", FAMILIES),
        ("catalog/iso-22301.csv", CLAUSES),
        ("catalog/templates/entries/restart-plan.md", TEMPLATE),
    ] {
        tree.put(path, Some(text.as_bytes().to_vec()));
    }
    tree
}

fn load(tree: &MemoryTree) -> Workspace {
    workspace::load(tree, &|_, _| {}).unwrap()
}

fn new(ws: &Workspace, what: &str) -> NewFile {
    let request = NewRequest { what: what.into(), ..NewRequest::default() };
    scaffold::plan_new(ws, &request, TODAY).unwrap_or_else(|e| panic!("{what}: {e}"))
}

/// Findings in the configuration and the files of the catalogue.
fn found(tree: &MemoryTree) -> Vec<String> {
    let ws = load(tree);
    let line = |p: &smsctl::finding::Problem| {
        let place = ws.sources.file(p.span.file).position(p.span.start as usize);
        format!("{} {}:{}:{} {}", p.rule, ws.sources.path(p.span), place.line, place.column, p.message)
    };
    ws.problems.iter().map(line).collect()
}

#[test]
fn an_entry_of_ones_own_is_written_linked_and_checked() {
    let mut tree = sample();
    let before = check(&tree).1.findings.len();
    let ws = load(&tree);
    let file = new(&ws, "restart-plan");
    assert_eq!(file.path, "plans/restart-plan.md");
    let control = "id: SMS-RST-01\nkind: plan\ntitle: Restart Plan\nversion: 0.1\nstatus: draft\nowner: service-continuity-manager\n\
                   approvers: [service-management-owner]\nreview_interval: P6M\nclauses: [iso-22301:8.4, 8.7.2]\n\
                   template: restart-plan\nretention: P3Y\nrelated: [SMS-PLN-06, SMS-REG-RSK]\nchanges:\n";
    assert!(file.text.contains(control), "{}", file.text);
    let sentence = "See [Service continuity plan](service-continuity-plan.md), [risks register](../registers/risks.md) and Restart Plan.";
    assert!(file.text.to_lowercase().contains(&sentence.to_lowercase()), "{}", file.text);
    assert!(
        file.text.contains("RSK-001 |") || file.text.contains("| RSK-001"),
        "generated tables are filled in: {}",
        file.text
    );
    tree.put(&file.path, Some(file.text.into_bytes()));
    let (ws, verdict) = check(&tree);
    let new: Vec<_> =
        lines(&ws, &verdict).into_iter().filter(|l| l.contains("restart-plan") && !l.starts_with("to-do")).collect();
    assert_eq!(new, Vec::<String>::new());
    assert!(verdict.findings.len() >= before);
}

#[test]
fn a_row_changes_only_what_it_says() {
    let ws = load(&sample());
    let entry = ws.catalog.entry("backup-policy").unwrap();
    assert_eq!((entry.title.as_str(), entry.kind.as_str()), ("Backup and Archive Policy", "policy"));
    assert_eq!(entry.owner, "it-operations-manager");
    assert_eq!(ws.catalog.entries().len(), 162);
}

#[test]
fn the_catalogue_is_read_where_it_is_shown() {
    let ws = load(&sample());
    assert_eq!(found(&sample()), Vec::<String>::new());
    assert!(
        ws.documents.iter().all(|d| !ws.sources.file(d.file).path.starts_with("catalog/")),
        "templates are no documents"
    );
    for name in ["iso-22301:8.4", "restart-plan"] {
        assert_eq!(smsctl::report::explain(name, Some(&ws)).len(), 1, "{name}");
        assert!(smsctl::report::explain(name, None).is_empty(), "{name}");
        assert!(smsctl::report::explained_names(Some(&ws)).iter().any(|n| n == name));
    }
    assert!(scaffold::offers(&ws).iter().any(|o| o.name == "restart-plan" && o.is_missing()));
}

#[test]
fn another_standard_takes_the_numbers() {
    let mut tree = sample();
    tree.put("smsctl.toml", Some(CONFIG.replace("[check]", "standard = \"iso-22301:2019\"\n\n[check]").into_bytes()));
    let ws = load(&tree);
    let title = |id: &str| ws.catalog.clause(id).map(|c| c.title.clone());
    assert_eq!(title("8.4").as_deref(), Some("Plans and procedures"));
    assert_eq!(title("iso-22301:8.4"), title("8.4"));
    assert_eq!(title("iso-20000-1:8.4").as_deref(), Some("Supply and demand"));
    assert_eq!(ws.catalog.entry("capacity-plan").unwrap().clauses, ["iso-20000-1:8.4.3", "iso-20000-1:8.4.2"]);
}

#[test]
fn what_cannot_be_used_is_said_at_its_place() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "catalog/entries.csv",
            "id,titel,kind\nx-1,X,plan\n",
            "config-unknown-name catalog/entries.csv:1:4 the column `titel` is not known here",
        ),
        (
            "catalog/entries.csv",
            "id,title,kind\nX 1,X,plan\n",
            "config-invalid catalog/entries.csv:2:1 `X 1` is no id of a toolkit entry",
        ),
        (
            "catalog/entries.csv",
            "id,title,kind\nx-1,X,plam\n",
            "config-invalid catalog/entries.csv:2:7 `plam` is no kind of document",
        ),
        (
            "catalog/entries.csv",
            "id,title,kind,register\nx-1,X,register,riks\n",
            "config-invalid catalog/entries.csv:2:16 `riks` is no register",
        ),
        ("catalog/entries.csv", "id,title,kind\nx-1,X,register\n", "which one is not said"),
        ("catalog/entries.csv", "id,title,kind,clauses\nx-1,X,plan,8.99\n", "`8.99` is no clause"),
        (
            "catalog/entries.csv",
            "id,title,kind\nx-1,X,plan\nx-1,Y,plan\n",
            "catalog/entries.csv:3:1 the entry `x-1` stands here twice",
        ),
        ("catalog/entries.csv", "id,title,kind,day_one\nx-1,X,plan,maybe\n", "`maybe` is nothing `day_one` can be"),
        ("catalog/entries.csv", "id,title,kind,review_interval\nx-1,X,plan,yearly\n", "`yearly` is no interval"),
        ("catalog/iso-22301.csv", "id,parent,title\n8,9,Operation\n", "there is no clause 9 above it"),
        ("catalog/iso-22301.csv", "id,title\n8 4,Operation\n", "`8 4` is no number of a clause"),
        (
            "catalog/families.toml",
            "[[family]]\nentries = [\"restart-plam\"]\n",
            "`restart-plam` is no entry of the toolkit",
        ),
        ("catalog/families.toml", "[[family\n", "config-invalid catalog/families.toml:1"),
        (
            "catalog/templates/entries/restart-plam.md",
            "# X\n",
            "the template `entries/restart-plam.md` is for no entry of the toolkit",
        ),
        ("catalog/templates/restart.md", "# X\n", "stands in a folder that is not looked at"),
        ("smsctl.toml", &CONFIG.replace("catalog/entries.csv", "../entries.csv"), "`../entries.csv` leaves the SMS"),
        (
            "smsctl.toml",
            &CONFIG.replace("catalog/entries.csv", "catalog/none.csv"),
            "`catalog/none.csv` cannot be used: it does not exist",
        ),
        (
            "smsctl.toml",
            &CONFIG.replace("[check]", "standard = \"iso-9001\"\n[check]"),
            "the clauses of `iso-9001` are not known",
        ),
    ];
    for (path, text, said) in cases {
        let mut tree = sample();
        tree.put(path, Some(text.as_bytes().to_vec()));
        let found = found(&tree);
        assert!(found.iter().any(|l| l.contains(said)), "{said}: {found:#?}");
    }
}

#[test]
fn a_broken_template_is_the_users_to_mend() {
    for (text, said) in [("---\n{{ control }}\n---\n{{ nothing }}\n", "nothing"), ("{{ link(\"x\") }}", "link(\"x\")")]
    {
        let mut tree = sample();
        tree.put("catalog/templates/entries/restart-plan.md", Some(text.as_bytes().to_vec()));
        let request = NewRequest { what: "restart-plan".into(), ..NewRequest::default() };
        let error = scaffold::plan_new(&load(&tree), &request, TODAY).unwrap_err();
        assert!(error.to_string().contains("catalog/templates/entries/restart-plan.md cannot be filled in"), "{error}");
        assert!(error.help().is_some() && (error.to_string().contains(said) || said == "nothing"), "{error}");
    }
}
