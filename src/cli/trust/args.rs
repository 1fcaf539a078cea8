//! Arguments of `trust`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::approve::Format;

/// Arguments of `trust`.
#[derive(Debug, Args)]
pub struct TrustArgs {
    /// What to do
    #[command(subcommand)]
    pub command: TrustCommand,
}

/// What to do with the trust policy.
#[derive(Debug, Subcommand)]
pub enum TrustCommand {
    /// Propose the first trust policy from the roles register and your key, sign and commit it, and pin its root
    Init(InitArgs),
    /// Show people, keys, roles and rules
    Show(ShowArgs),
    /// Look for what will stand in the way: faults, places nobody can fill, disagreement with the roles register
    Check,
    /// Print the trust root to pin, or that of another commit
    Fingerprint(FingerprintArgs),
    /// Remember a trust root as the one to believe; kept in your own settings, never in the repository
    Pin(PinArgs),
    /// Add a person with a key and a role
    AddPerson(AddPersonArgs),
    /// Add a key to a person
    AddKey(AddKeyArgs),
    /// Give a person a role; --instead-of hands it over
    Assign(AssignArgs),
    /// Withdraw a key, or all keys of a person
    Revoke(RevokeArgs),
    /// Sign the pending change of the trust policy, or an edit of it by hand
    Sign(SignArgs),
}

/// Who signs.
#[derive(Debug, Clone, Default, Args)]
pub struct By {
    /// Administrator who signs; found by the key unless given
    #[arg(long = "as", value_name = "PERSON")]
    pub signer: Option<String>,
    /// Key to sign with; Git's own signing key unless given
    #[arg(long, value_name = "KEY")]
    pub sign_with: Option<String>,
}

/// Arguments of `trust init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Do not ask; needed without a terminal
    #[arg(short, long)]
    pub yes: bool,
    /// Your id in the policy; made from your name unless given
    #[arg(long, value_name = "ID")]
    pub person: Option<String>,
    /// Your name as it is printed; that of Git unless given
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// The role you hold; the one that approves policies unless given
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// Your key; Git's own signing key unless given
    #[arg(long, value_name = "KEY")]
    pub key: Option<String>,
}

/// Arguments of `trust show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Form
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
}

/// Arguments of `trust fingerprint`.
#[derive(Debug, Args)]
pub struct FingerprintArgs {
    /// Commit with another policy to start from
    #[arg(value_name = "COMMIT")]
    pub commit: Option<String>,
}

/// Arguments of `trust pin`.
#[derive(Debug, Args)]
pub struct PinArgs {
    /// The fingerprint you were given; without it that of this clone
    #[arg(value_name = "FINGERPRINT")]
    pub fingerprint: Option<String>,
    /// Believe it in the place of another one
    #[arg(long)]
    pub replace: bool,
}

/// Arguments of `trust add-person`.
#[derive(Debug, Args)]
pub struct AddPersonArgs {
    /// Id, such as carla.ito
    #[arg(value_name = "ID")]
    pub id: String,
    /// Name as it is printed
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Public SSH key (FILE.pub)
    #[arg(long, value_name = "FILE", required_unless_present = "openpgp")]
    pub key: Option<PathBuf>,
    /// OpenPGP certificate (FILE.asc)
    #[arg(long, value_name = "FILE")]
    pub openpgp: Option<PathBuf>,
    /// Role the person holds
    #[arg(long, value_name = "ROLE")]
    pub role: Option<String>,
    /// First day or moment in the role, in UTC; now unless given
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Address of their commits
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
    /// Who signs
    #[command(flatten)]
    pub by: By,
}

/// Arguments of `trust add-key`.
#[derive(Debug, Args)]
pub struct AddKeyArgs {
    /// Person of the policy
    #[arg(value_name = "PERSON")]
    pub person: String,
    /// Public SSH key (FILE.pub) or OpenPGP certificate (FILE.asc)
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Who signs
    #[command(flatten)]
    pub by: By,
}

/// Arguments of `trust assign`.
#[derive(Debug, Args)]
pub struct AssignArgs {
    /// Person of the policy
    #[arg(value_name = "PERSON")]
    pub person: String,
    /// The role
    #[arg(value_name = "ROLE")]
    pub role: String,
    /// First day or moment, in UTC; now unless given
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// First day or moment no longer, in UTC
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// Person who hands the role over at that moment
    #[arg(long, value_name = "PERSON")]
    pub instead_of: Option<String>,
    /// Who signs
    #[command(flatten)]
    pub by: By,
}

/// Arguments of `trust revoke`.
#[derive(Debug, Args)]
pub struct RevokeArgs {
    /// Fingerprint of a key, or a person for all their keys
    #[arg(value_name = "KEY-OR-PERSON")]
    pub what: String,
    /// Why
    #[arg(long, value_enum, value_name = "KIND")]
    pub kind: Kind,
    /// For a compromised key: the day or moment from which it cannot be trusted, in UTC
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
    /// Who signs
    #[command(flatten)]
    pub by: By,
}

/// Why a key is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// There is a newer one; earlier approvals stay valid
    Superseded,
    /// It is not used any more; earlier approvals stay valid
    Retired,
    /// Somebody else may have it; approvals lapse that nothing proves to be older
    Compromised,
}

/// Arguments of `trust sign`.
#[derive(Debug, Args)]
pub struct SignArgs {
    /// Do not ask; needed without a terminal
    #[arg(short, long)]
    pub yes: bool,
    /// Who signs
    #[command(flatten)]
    pub by: By,
}
