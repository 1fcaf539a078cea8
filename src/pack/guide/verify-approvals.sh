#!/bin/sh
# Verifies signer, documents and every approval of an audit pack with nothing but git, ssh-keygen, gpg and sha256sum.
#
#   sh evidence/verify-approvals.sh TRUST-ROOT [SIGNER]     in the folder of the unpacked pack
#
# TRUST-ROOT is the fingerprint you were given on another way (smsroot1:sha1:COMMIT:POLICY); SIGNER the fingerprint of the key
# that should have signed MANIFEST, when the trust policy does not know it. Texts and pages are compared with the files of the
# commit: ok, withheld (places of the text are left out) or FAILED. For each line of
# evidence/approvals.tsv it takes the signed statement and the keys in force from the history, verifies the signature,
# compares what was signed with the line, and the digest that was signed with the text. It prints ok, withheld (the
# signature holds, the text is not in the pack) or FAILED. It does not look whether the signer held the role then, who wrote
# the text and how many approvals are needed: read trust/policy.toml at the commit before, and git log. Pages, tables and lists of
# what is missing are made by smsctl; `smsctl audit-pack verify` compares them as far as the history shows what they are made of.
set -eu
[ $# -eq 1 ] || [ $# -eq 2 ] || { sed -n '2,16p' "$0"; exit 2; }
signer=${2:-}
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
good=0 withheld=0 failed=0 open=0
tab=$(printf '\t')
wrong() { say "FAILED $*"; failed=$((failed + 1)); }
index() { sed -n "s/^  \"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$pack/pack.json" | head -1; }
[ "$(index commit)" = "$(git rev-parse HEAD)" ] || wrong "pack.json: the history ends at another commit"
[ "$(index root)" = "$1" ] || wrong "pack.json: it was made with another trust root"
[ "$(cat "$pack/evidence/trust-root.txt")" = "$1" ] || wrong "evidence/trust-root.txt: it names another trust root"

# Who signed the manifest: a key of the trust policy as it stands in the commit, or the one that was given.
git cat-file blob "HEAD:${prefix}trust/allowed_signers" > "$work/signers" 2>/dev/null || :> "$work/signers"
known() { # fingerprints of the SSH keys of the trust policy
  awk '{ for (i = 1; i < NF; i++) if ($i ~ /^(ssh|ecdsa|sk-)/) { print $i, $(i + 1); break } }' "$work/signers" > "$work/public"
  while read -r line; do say "$line" | ssh-keygen -lf - 2>/dev/null | cut -d' ' -f2; done < "$work/public"
}
seal=''
if [ -f "$pack/MANIFEST.sig" ] && [ -f "$pack/MANIFEST.asc" ]; then wrong "MANIFEST: it has two signatures"
elif [ -f "$pack/MANIFEST.sig" ]; then
  seal=$(ssh-keygen -Y check-novalidate -n smsctl-pack -s "$pack/MANIFEST.sig" < "$pack/MANIFEST" 2>/dev/null | sed -n 's/.* key \(SHA256:[^ ]*\)$/\1/p') || seal=''
  known > "$work/known"
elif [ -f "$pack/MANIFEST.asc" ]; then
  mkdir -m 700 "$work/sealed" "$work/policy"
  git ls-tree -r --name-only HEAD "${prefix}trust/openpgp" 2>/dev/null | while read -r file; do
    git cat-file blob "HEAD:$file" | gpg --homedir "$work/policy" --quiet --batch --import 2>/dev/null
  done
  gpg --homedir "$work/sealed" --quiet --batch --import "$pack/keys/exporter.asc" 2>/dev/null || true
  prints() { gpg --homedir "$work/$1" --batch --status-fd 1 --verify "$pack/MANIFEST.asc" "$pack/MANIFEST" 2>/dev/null | sed -n 's/^\[GNUPG:\] VALIDSIG .* //p'; }
  seal=$(prints sealed) || seal=''
  prints policy > "$work/known" || true
fi
if [ -z "$seal" ]; then
  if [ -f "$pack/MANIFEST.sig" ] || [ -f "$pack/MANIFEST.asc" ]; then wrong "MANIFEST: its signature does not fit"
  elif [ -n "$signer" ] || [ "$(index signed_with)" != null ]; then wrong "MANIFEST: its signature was taken away"
  else say "not done MANIFEST: it is not signed"; open=1; fi
elif [ "$(index signed_with)" != "$seal" ] || [ "${signer:-$seal}" != "$seal" ]; then wrong "MANIFEST: another key was to sign"
elif grep -qxF "$seal" "$work/known" || [ -n "$signer" ]; then say "signature ok: $seal"
else say "not done MANIFEST: the trust policy does not know the key $seal"; open=1; fi

# Every text is that of the commit, under its own name; every page has its text; every document of the commit is listed.
git ls-tree -r -z HEAD ${prefix:+"$prefix"} | tr '\n\0' '\037\n' | sed -n 's/^100[0-7]* blob //p' > "$work/tree"
here() { git cat-file -e "$1" 2>/dev/null; }
blob_of() { path=$1 awk -F "$tab" '$2 == ENVIRON["path"] { print $1; exit }' "$work/tree"; }
(cd "$pack" && find documents html -type f 2>/dev/null | sort) > "$work/shown"
while IFS= read -r file; do
  case $file in
    html/*) name=${file#html/}; [ -f "$pack/documents/${name%.html}" ] || wrong "$file: it belongs to no document"; continue ;;
    *.md) [ -f "$pack/html/${file#documents/}.html" ] || wrong "$file: its page is missing"
      entries=$(sed -n "s/^entries_from: *['\"]\{0,1\}\([A-Za-z0-9._-]*\)['\"]\{0,1\} *$/\1/p" "$pack/$file" | head -1)
      [ -z "$entries" ] || [ -f "$pack/${file%/*}/$entries" ] || wrong "$file: its entries are missing" ;;
  esac
  own=$(git hash-object --stdin < "$pack/$file") object=$(blob_of "$prefix${file#documents/}")
  # A path that is not safe on every system has another name in the pack; pack.json says which.
  if [ -z "$object" ]; then
    path=$(grep -B 1 -F "\"file\": \"$file\"" "$pack/pack.json" | sed -n 's/^ *"path": "\(.*\)",$/\1/p' | head -1) || path=''
    case $path in '') ;; *\\*) say "look at $file: its name in the commit cannot be read here"; continue ;; *) object=$(blob_of "$prefix$path") ;; esac
  fi
  if [ "$own" = "$object" ]; then continue; fi
  if [ -n "$object" ] && ! here "$object" && grep -q '‹' "$pack/$file"; then say "withheld $file"
  else wrong "$file: it is not the text of the commit"; fi
done < "$work/shown"
while IFS=$tab read -r object path; do
  name=${path#"$prefix"}
  case /$name in */.* | /approvals/* | /trust/* | /checkpoints/*) continue ;; *.md | *.markdown) ;; *) continue ;; esac
  if here "$object"; then control=$(git cat-file blob "$object" | awk 'NR == 1 { next } /^---/ { exit } { print }')
  elif grep -qF "\"object\": \"$object\"" "$pack/evidence/withheld.json"; then
    control=$(grep -A 2 -F "\"object\": \"$object\"" "$pack/evidence/withheld.json" | sed -n 's/^ *"control": "---\\n\(id:.*\)/\1/p')
  else wrong "$path: the pack says nothing of it"; continue; fi
  say "$control" | grep -q '^id:' || continue
  if grep -A 1 -F "\"path\": \"$name\"" "$pack/pack.json" | grep -q '"file"'; then continue; fi
  if say "$name" | grep -q '[^A-Za-z0-9._/ -]' || git cat-file blob "HEAD:${prefix}smsctl.toml" | grep -q '^ *exclude'; then
    say "look at $path: pack.json does not list it"
  else wrong "$path: pack.json does not list it"; fi
done < "$work/tree"
git cat-file blob "HEAD:${prefix}trust/allowed_signers" 2>/dev/null | cmp -s - "$pack/keys/allowed_signers" || wrong "keys/allowed_signers: it is not that of the commit"

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
grep -v '^#' "$pack/evidence/approvals.tsv" > "$work/list" || true
[ "$(grep -c . "$work/list")" = "$(index approvals)" ] || wrong "evidence/approvals.tsv: it has another number of approvals than pack.json"
[ -z "$(sort "$work/list" | uniq -d)" ] || wrong "evidence/approvals.tsv: it lists an approval twice"
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
[ "$open" -eq 0 ] || say "not verified: see what is not done"
[ "$failed" -eq 0 ] && [ "$open" -eq 0 ]
