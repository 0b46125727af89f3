#!/usr/bin/env bash
# One archive with today's name, checked after it was written; then only the newest ones are kept.
set -euo pipefail
folder=${GEMBA_BACKUPS:?GEMBA_BACKUPS: folder of the archives}
kept=${GEMBA_BACKUPS_KEPT:-30}
gemba=${GEMBA_COMMAND:-"$(dirname "$0")/../.venv/bin/gemba"}

file="$folder/gemba-$(date +%Y-%m-%d-%H%M%S).tar.gz"
"$gemba" backup "$file"
"$gemba" restore --check "$file"

# Only files this script names are ever removed, oldest first.
find "$folder" -maxdepth 1 -type f -name 'gemba-????-??-??-??????.tar.gz' -printf '%f\n' | sort -r | tail -n +"$((kept + 1))" \
  | while IFS= read -r old; do rm -- "$folder/$old"; done
