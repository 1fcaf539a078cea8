//! Runs after the other tests and says which comparisons they left out, because a program of others is not installed.
#![allow(clippy::print_stdout, reason = "it says something")]

#[path = "it/oracle.rs"]
mod oracle;

fn main() {
    // A runner that asks for the names of tests gets none.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let missing: Vec<_> = oracle::ALL.iter().filter(|(program, ..)| !oracle::here(program)).collect();
    for (program, package, what) in &missing {
        println!(
            "not run: what compares {what} with {program}, which is not installed (Debian: apt-get install {package})"
        );
    }
    if missing.is_empty() {
        println!("nothing was left out: all programs that tests compare with are installed");
    }
}
