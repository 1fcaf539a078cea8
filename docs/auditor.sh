#!/bin/sh
# Verifies the approvals of an SMS with nothing but git, ssh-keygen, gpg and sha256sum.
#
#   sh auditor.sh REPOSITORY TRUST-ROOT [FOLDER]
#
# REPOSITORY is a path or address that git can clone, TRUST-ROOT the fingerprint you were given on another way
# (smsroot1:sha1:COMMIT:POLICY), FOLDER the folder of the SMS in the repository when it is not the top.
#
# For each approval it prints: ok or FAILED, the carrier, document, version, role, signer, and whether the text that was
# approved is the one in force now. It does not look whether the signer held the role then, who wrote the text and how many
# approvals are needed: read trust/policy.toml at the parent of the commit that brought the approval, and git log.
set -eu
[ $# -ge 2 ] || { sed -n '2,11p' "$0"; exit 2; }
repository=$1 fingerprint=$2 folder=${3:-.}
root=$(printf %s "$fingerprint" | cut -d: -f3)
policy=$(printf %s "$fingerprint" | cut -d: -f4)
export TZ=UTC LC_ALL=C GIT_NO_REPLACE_OBJECTS=1 GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 good=0 newline='
'
say() { printf '%s\n' "$*"; }
sha() { sha256sum | { read -r hash _; say "$hash"; }; }

# A fresh clone leaves out replaced objects, grafts, hooks and settings, and checks every object against its name.
git clone --quiet --no-local "$repository" "$work/clone"
cd "$work/clone"
git fsck --full --no-progress >/dev/null 2>&1 || { say "FAILED: git fsck finds damaged objects"; exit 1; }
cd "$folder"

git rev-list --first-parent HEAD | grep -x "$root" >/dev/null || { say "FAILED: the trust root is not on the main line"; exit 1; }
set_digest() { # of the trust policy at a commit, without the approvals of its changes
  git ls-tree -r --name-only "$1" trust | grep -v '^trust/changes/' | sort | while read -r file; do
    printf '%s  %s\n' "$(git cat-file blob "$1:./$file" | sha)" "$file"
  done | sha
}
[ "$(set_digest "$root")" = "$policy" ] || { say "FAILED: the trust policy at the root is another one"; exit 1; }
say "trust root ok: $root"

git rev-list --first-parent HEAD > "$work/line"
introduced_by() { # the commit of the main line that brought a commit
  { git rev-list --ancestry-path "$1..HEAD"; say "$1"; } > "$work/after"
  grep -Fxf "$work/after" "$work/line" | tail -1
}
keys_before() { # the keys in force where a commit of the main line came in: those of its first parent; each read once
  if [ "$1" = "$root" ]; then before=$1; else before=$1^; fi
  trust=$(git rev-parse "$before:./trust")
  keys=$work/keys-$trust home=$work/gnupg-$trust
  [ ! -e "$keys" ] || return 0
  git show "$before:./trust/allowed_signers" > "$keys"
  mkdir -m 700 "$home"
  git ls-tree -r --name-only "$before" trust/openpgp 2>/dev/null | while read -r file; do
    git show "$before:./$file" | gpg --homedir "$home" --quiet --batch --import 2>/dev/null
  done
}
document() { # path of the document with an id at a commit; the ids of a commit are read once
  [ -e "$work/ids-$1" ] || git grep -E '^id:' "$1" -- '*.md' > "$work/ids-$1" || true
  sed -n "/^$1:.*:id: *['\"]\{0,1\}$2['\"]\{0,1\} *\$/{ s/^$1://; s/:id:.*//; p; q; }" "$work/ids-$1"
}
digest() { # sets `text` to the digest of the document with an id at a commit, empty when there is none; made once
  text='' known=$work/digest-$1-$2
  case $2 in '' | *[!A-Za-z0-9-]*) return 0 ;; esac
  if [ ! -e "$known" ]; then
    path=$(document "$1" "$2")
    if [ -n "$path" ]; then say "sha256:$(git cat-file blob "$1:./$path" | sha)"; else say; fi > "$known"
  fi
  read -r text < "$known"
}
report() { # verdict carrier id version role signer digest
  digest HEAD "$3"
  if [ "$text" = "$7" ]; then state=now; else state=earlier; fi
  if [ "$1" = ok ]; then good=$((good + 1)); else failed=$((failed + 1)); fi
  say "$1 $2 $3 $4 $5 $6 $state"
}
line() { # the value of the first line `NAME: value` of the statement
  while IFS= read -r text; do
    case $text in "$1: "*) say "${text#"$1: "}"; break ;; esac
  done < "$work/statement"
}

git ls-tree -r --name-only HEAD approvals | grep '\.approval$' > "$work/files" || true
# Each with the commit of the main line that first added it.
git log --first-parent --full-history --diff-filter=A --format='commit %H' --name-only --relative -- approvals > "$work/added"
awk 'NR == FNR { if (/^commit /) c = $2; else first[$0] = c; next } { print first[$0], $0 }' \
  "$work/added" "$work/files" > "$work/brought"
while read -r commit file; do
  keys_before "$commit"
  git cat-file blob "HEAD:./$file" > "$work/statement"
  id=$(line artifact) version=$(line version) role=$(line role) approved=$(line digest)
  verdict=FAILED signer=-
  if git cat-file blob "HEAD:./$file.sig" > "$work/signature" 2>/dev/null; then
    signer=$(ssh-keygen -Y find-principals -s "$work/signature" -f "$keys" 2>/dev/null) || signer=
    signer=${signer%%"$newline"*}
    if [ -n "$signer" ] && ssh-keygen -Y verify -f "$keys" -I "$signer" -n smsctl-approval \
      -s "$work/signature" < "$work/statement" >/dev/null 2>&1; then verdict=ok; fi
  elif git cat-file blob "HEAD:./$file.asc" > "$work/signature" 2>/dev/null; then
    status=$(gpg --homedir "$home" --batch --status-fd 1 --verify "$work/signature" "$work/statement" 2>/dev/null) || status=
    signer=$(printf '%s\n' "$status" | sed -n 's/^\[GNUPG:\] VALIDSIG .* \([0-9A-F]*\)$/\1/p')
    if [ -n "$signer" ]; then verdict=ok; fi
  fi
  digest "$commit" "$id"
  [ "$text" = "$approved" ] || verdict=FAILED
  report "$verdict" file "$id" "$version" "$role" "${signer:--}" "$approved"
done < "$work/brought"

git log --format=%H --grep='^SMS-Approval: v1$' > "$work/commits"
while read -r commit; do
  git log -1 --format='%(trailers:only,unfold)' "$commit" > "$work/statement"
  [ "$(line SMS-Approval)" = v1 ] || continue
  keys_before "$(introduced_by "$commit")"
  id=$(line SMS-Artifact) version=$(line SMS-Version) role=$(line SMS-Role) approved=$(line SMS-Digest)
  check() { GNUPGHOME="$home" git -c gpg.ssh.allowedSignersFile="$keys" log -1 --format="$1" "$commit"; }
  verdict=FAILED found=$(check '%G? %GS' | tr ' ' '_')
  signer=${found#?_}
  case ${found%%_*} in G | U | X | Y) [ -n "$signer" ] && verdict=ok ;; esac
  digest "$commit" "$id"
  [ "$text" = "$approved" ] || verdict=FAILED
  report "$verdict" commit "$id" "$version" "$role" "$signer" "$approved"
done < "$work/commits"

say "$good approvals verified, $failed failed"
[ "$failed" -eq 0 ]
