#!/usr/bin/env bash
# Makes the README's pictures: starts the real program on a virtual screen with
# the made-up practice, goes from screen to screen, and takes each.
#   cargo build --release && bash assets/screenshots/make.sh
set -euo pipefail
cd "$(dirname "$0")"
program=${1:-${CARGO_TARGET_DIR:-../../target}/release/record-access-review}
work=$(mktemp -d)
trap 'kill ${program_pid:-} ${screen_pid:-} 2>/dev/null; rm -rf "$work"' EXIT
Xvfb -displayfd 1 -screen 0 1366x768x24 -nolisten tcp >"$work/display" 2>/dev/null &
screen_pid=$!
until [ -s "$work/display" ]; do sleep 0.2; done
# A home of its own: what is remembered or recovered there is nobody else's.
export DISPLAY=":$(cat "$work/display")" XDG_RUNTIME_DIR="$work" HOME="$work"
unset XDG_CONFIG_HOME XDG_STATE_HOME
"$program" --sample --today 2026-11-20 &
program_pid=$!
window=$(xdotool search --sync --onlyvisible --name "Record Access Review" | head -n 1)
xdotool windowsize "$window" 1366 768 windowmove "$window" 0 0 windowfocus "$window"
press() { xdotool key --clearmodifiers "$1"; sleep 1; }
say() { xdotool type --delay 30 "$1"; sleep 1; }
take() { sleep 1; import -window root -depth 8 -colors 256 "$1.png"; }
sleep 4
press ctrl+r; say "Pat Manager"; press Return
press ctrl+t; say "31 January 2027"; press Return
take overview
press ctrl+3; take findings
press ctrl+4
for key in a a k a q; do press "$key"; press 1; done
take review
press ctrl+d; take decide-together; press Escape
press ctrl+3; xdotool mousemove 1255 291 click 1; sleep 1; press ctrl+k; press Return
for _ in $(seq 14); do press n; done
take spot-check
press ctrl+5; take save
press ctrl+1; take open
