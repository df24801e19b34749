#!/usr/bin/env bash
# The one test command: formatting, lints, documentation, tests. On Debian and
# Ubuntu it installs what it needs, where it may; else it says what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

# The window library is slow to build: one target folder serves every clone.
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/record-access-review/target}"

# tool or library : Debian package
needs=(
  "cc:gcc" "Xvfb:xvfb" "xdotool:xdotool" "import:imagemagick"
  "libxkbcommon-x11.so.0:libxkbcommon-x11-0" "libXcursor.so.1:libxcursor1" "libXi.so.6:libxi6"
  "libGL.so.1:libgl1" "libEGL.so.1:libegl1" "swrast_dri.so:libgl1-mesa-dri"
)
missing=()
for need in "${needs[@]}"; do
  name=${need%%:*} package=${need##*:}
  case $name in
    *_dri.so) find /usr/lib -name "$name" -o -name 'libdril_dri.so' 2>/dev/null | grep -q . || missing+=("$package") ;;
    *.so.*) ldconfig -p | grep -q "$name" || missing+=("$package") ;;
    *) command -v "$name" >/dev/null || missing+=("$package") ;;
  esac
done
# Some machines carry a stand-in for ImageMagick's convert; only import is used.
if ((${#missing[@]})); then
  echo "Needed and not installed: ${missing[*]}"
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
  else
    echo "Install them first: sudo apt-get install --no-install-recommends ${missing[*]}"
    exit 1
  fi
fi
for component in rustfmt clippy; do
  cargo "${component/rustfmt/fmt}" --version >/dev/null 2>&1 || {
    echo "Needed and not installed: rustup component add $component"
    exit 1
  }
done

cargo fmt --check
cargo clippy --locked --all-targets -- -D warnings
RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --lib --quiet
cargo test --locked
