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
failed=0 good=0
say() { printf '%s\n' "$*"; }
sha() { sha256sum | cut -d' ' -f1; }

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
keys_before() { # the keys in force where a commit of the main line came in: those of its first parent
  if [ "$1" = "$root" ]; then before=$1; else before=$1^; fi
  git show "$before:./trust/allowed_signers" > "$work/keys"
  rm -rf "$work/gnupg"; mkdir -m 700 "$work/gnupg"
  git ls-tree -r --name-only "$before" trust/openpgp 2>/dev/null | while read -r file; do
    git show "$before:./$file" | gpg --homedir "$work/gnupg" --quiet --batch --import 2>/dev/null
  done
}
document() { # path of the document with an id at a commit
  git grep -l -E "^id: *['\"]?$2['\"]? *\$" "$1" -- '*.md' | sed "s/^$1://" | head -1
}
report() { # verdict carrier id version role signer digest
  now=$(document HEAD "$3")
  state=earlier
  if [ -n "$now" ] && [ "sha256:$(git cat-file blob "HEAD:./$now" | sha)" = "$7" ]; then state=now; fi
  if [ "$1" = ok ]; then good=$((good + 1)); else failed=$((failed + 1)); fi
  say "$1 $2 $3 $4 $5 $6 $state"
}
line() { sed -n "s/^$1: //p" "$2" | head -1; }

git ls-tree -r --name-only HEAD approvals | grep '\.approval$' > "$work/files" || true
while read -r file; do
  commit=$(git log --first-parent --full-history --diff-filter=A --format=%H -- "$file" | tail -1)
  keys_before "$commit"
  git cat-file blob "HEAD:./$file" > "$work/statement"
  id=$(line artifact "$work/statement") version=$(line version "$work/statement")
  role=$(line role "$work/statement") digest=$(line digest "$work/statement")
  verdict=FAILED signer=-
  if git cat-file blob "HEAD:./$file.sig" > "$work/signature" 2>/dev/null; then
    signer=$(ssh-keygen -Y find-principals -s "$work/signature" -f "$work/keys" 2>/dev/null | head -1) || signer=-
    if [ -n "$signer" ] && ssh-keygen -Y verify -f "$work/keys" -I "$signer" -n smsctl-approval \
      -s "$work/signature" < "$work/statement" >/dev/null 2>&1; then verdict=ok; fi
  elif git cat-file blob "HEAD:./$file.asc" > "$work/signature" 2>/dev/null; then
    status=$(gpg --homedir "$work/gnupg" --batch --status-fd 1 --verify "$work/signature" "$work/statement" 2>/dev/null) || status=
    signer=$(printf '%s\n' "$status" | sed -n 's/^\[GNUPG:\] VALIDSIG .* \([0-9A-F]*\)$/\1/p')
    if [ -n "$signer" ]; then verdict=ok; fi
  fi
  path=$(document "$commit" "$id")
  [ -n "$path" ] && [ "sha256:$(git cat-file blob "$commit:./$path" | sha)" = "$digest" ] || verdict=FAILED
  report "$verdict" file "$id" "$version" "$role" "${signer:--}" "$digest"
done < "$work/files"

git log --format=%H --grep='^SMS-Approval: v1$' > "$work/commits"
while read -r commit; do
  git log -1 --format='%(trailers:only,unfold)' "$commit" > "$work/statement"
  [ "$(line SMS-Approval "$work/statement")" = v1 ] || continue
  keys_before "$(introduced_by "$commit")"
  id=$(line SMS-Artifact "$work/statement") version=$(line SMS-Version "$work/statement")
  role=$(line SMS-Role "$work/statement") digest=$(line SMS-Digest "$work/statement")
  check() { GNUPGHOME="$work/gnupg" git -c gpg.ssh.allowedSignersFile="$work/keys" log -1 --format="$1" "$commit"; }
  verdict=FAILED
  case $(check %G?) in G | U | X | Y) [ -n "$(check %GS)" ] && verdict=ok ;; esac
  path=$(document "$commit" "$id")
  [ -n "$path" ] && [ "sha256:$(git cat-file blob "$commit:./$path" | sha)" = "$digest" ] || verdict=FAILED
  report "$verdict" commit "$id" "$version" "$role" "$(check %GS | tr ' ' '_')" "$digest"
done < "$work/commits"

say "$good approvals verified, $failed failed"
[ "$failed" -eq 0 ]
