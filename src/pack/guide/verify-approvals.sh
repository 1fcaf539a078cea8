#!/bin/sh
# Verifies every approval of an audit pack with nothing but git, ssh-keygen, gpg and sha256sum.
#
#   sh evidence/verify-approvals.sh TRUST-ROOT     in the folder of the unpacked pack
#
# TRUST-ROOT is the fingerprint you were given on another way (smsroot1:sha1:COMMIT:POLICY). For each line of
# evidence/approvals.tsv it takes the signed statement and the keys in force from the history, verifies the signature,
# compares what was signed with the line, and the digest that was signed with the text. It prints ok, withheld (the
# signature holds, the text is not in the pack) or FAILED. It does not look whether the signer held the role then, who wrote
# the text and how many approvals are needed: read trust/policy.toml at the commit before, and git log.
set -eu
[ $# -eq 1 ] || { sed -n '2,12p' "$0"; exit 2; }
root=$(printf %s "$1" | cut -d: -f3) policy=$(printf %s "$1" | cut -d: -f4)
export TZ=UTC LC_ALL=C GIT_NO_REPLACE_OBJECTS=1 GIT_NO_LAZY_FETCH=1 GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
pack=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
say() { printf '%s\n' "$*"; }
sha() { sha256sum | cut -d' ' -f1; }

# A new repository holds only what the bundle holds. Texts that are left out are "promised" by a remote that is nowhere.
git init --quiet --bare "$work/history"
cd "$work/history"
git config core.repositoryformatversion 1
git config extensions.partialClone origin
git config remote.origin.promisor true
git fetch --quiet "$pack/evidence/history.bundle" '+refs/*:refs/*'
git symbolic-ref HEAD refs/heads/audited
git fsck --full --no-progress >/dev/null 2>&1 || { say "FAILED: git fsck finds damaged objects"; exit 1; }
prefix=$(sed -n 's/^ *"prefix": "\(.*\)",$/\1/p' "$pack/pack.json")
[ -z "$prefix" ] || prefix=$prefix/

git rev-list --first-parent HEAD | grep -x "$root" >/dev/null || { say "FAILED: the trust root is not on the main line"; exit 1; }
found=$(git ls-tree -r --name-only "$root" "${prefix}trust" | grep -v "^${prefix}trust/changes/" | sort | while read -r file; do
  printf '%s  %s\n' "$(git cat-file blob "$root:$file" | sha)" "${file#"$prefix"}"
done | sha)
[ "$found" = "$policy" ] || { say "FAILED: the trust policy at the root is another one"; exit 1; }
say "trust root ok: $root"

keys_before() { # the keys in force where a commit of the main line came in: those of its first parent
  if [ "$1" = "$root" ]; then before=$1; else before=$1^; fi
  git cat-file blob "$before:${prefix}trust/allowed_signers" > "$work/keys"
  rm -rf "$work/gnupg"; mkdir -m 700 "$work/gnupg"
  git ls-tree -r --name-only "$before" "${prefix}trust/openpgp" 2>/dev/null | while read -r file; do
    git cat-file blob "$before:$file" | gpg --homedir "$work/gnupg" --quiet --batch --import 2>/dev/null
  done
}
field() { sed -n "s/^$1: //p" "$2" | head -1; }
same() { # what was signed and what the line says
  [ "$(field "$1artifact" "$work/statement" | head -1)" = "$document" ] && [ "$(field "$1version" "$work/statement")" = "$version" ] \
    && [ "$(field "$1digest" "$work/statement")" = "$digest" ] && [ "$(field "$1role" "$work/statement")" = "$role" ]
}
good=0 withheld=0 failed=0
tab=$(printf '\t')
grep -v '^#' "$pack/evidence/approvals.tsv" > "$work/list" || true
while IFS=$tab read -r carrier place commit document version role signer digest object text; do
  git merge-base --is-ancestor "$commit" HEAD || { say "FAILED $document $version: $commit is not in the history"; failed=$((failed + 1)); continue; }
  keys_before "$commit"
  verdict=FAILED
  case $carrier in
    ssh-file)
      git cat-file blob "HEAD:$place" > "$work/statement"
      git cat-file blob "HEAD:$place.sig" > "$work/signature"
      principal=$(ssh-keygen -Y find-principals -s "$work/signature" -f "$work/keys" 2>/dev/null | head -1) || principal=
      if [ -n "$principal" ] && same '' && ssh-keygen -Y verify -f "$work/keys" -I "$principal" -n smsctl-approval \
        -s "$work/signature" < "$work/statement" >/dev/null 2>&1; then verdict=ok; fi ;;
    openpgp-file)
      git cat-file blob "HEAD:$place" > "$work/statement"
      git cat-file blob "HEAD:$place.asc" > "$work/signature"
      if same '' && gpg --homedir "$work/gnupg" --batch --status-fd 1 --verify "$work/signature" "$work/statement" 2>/dev/null \
        | grep -q '^\[GNUPG:\] VALIDSIG '; then verdict=ok; fi ;;
    commit)
      git log -1 --format='%(trailers:only,unfold)' "$place" | sed -n 's/^SMS-\([A-Z]\)/\1/p' \
        | sed 's/^Artifact/artifact/; s/^Version/version/; s/^Digest/digest/; s/^Role/role/' > "$work/statement"
      state=$(GNUPGHOME="$work/gnupg" git -c gpg.ssh.allowedSignersFile="$work/keys" log -1 --format='%G? %GS' "$place")
      case $state in 'G '?* | 'U '?* | 'X '?* | 'Y '?*) ! same '' || verdict=ok ;; esac ;;
  esac
  if [ "$verdict" = ok ]; then
    if [ "$text" = withheld ]; then verdict=withheld
    elif [ "sha256:$(git cat-file blob "$object" | sha)" != "$digest" ]; then verdict=FAILED; fi
  fi
  case $verdict in ok) good=$((good + 1)) ;; withheld) withheld=$((withheld + 1)) ;; *) failed=$((failed + 1)) ;; esac
  say "$verdict $carrier $document $version $role $signer"
done < "$work/list"
say "$good approvals verified with their texts, $withheld verified whose texts are withheld, $failed failed"
[ "$failed" -eq 0 ]
