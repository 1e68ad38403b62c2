# Makes this machine ready for Dock: system libraries, Python, uv, and the environment in .venv.
#
# Sourced by scripts/run and scripts/test, which set `root` (the folder of the project) and call
# `prepare run` or `prepare dev`. All that is said goes to standard error, so that standard output
# belongs to the command that runs afterwards. A stamp in .venv makes every later call a matter
# of milliseconds; `dev` holds all that `run` needs, so a stamp for dev serves both.

RUN_PACKAGES="ca-certificates libglib2.0-0 libgl1 libegl1 libx11-6 libx11-xcb1 libdbus-1-3
  libfontconfig1 libfreetype6 libxkbcommon0 libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4
  libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1
  libxcb-glx0 libbrotli1 libpulse0 libcups2 libdrm2 libxext6 libxrandr2 libzbar0"
DEV_PACKAGES="xvfb xauth fonts-dejavu-core"

shopt -s inherit_errexit

say() { printf '%s\n' "$*" >&2; }

prepare() {
  local kind=$1 key stamp="$root/.venv/.prepared"
  [[ -n "${LC_ALL:-}${LC_CTYPE:-}${LANG:-}" ]] || export LANG=C.UTF-8
  key=$(preparation_key)
  is_prepared "$kind" "$key" "$stamp" && return 0
  (
    # Two starts at once must not build the same folder: the second waits, then finds the stamp.
    ! command -v flock >/dev/null || flock 9
    is_prepared "$kind" "$key" "$stamp" && exit 0
    install_system_packages "$kind"
    make_environment "$kind"
    printf '%s %s\n' "$kind" "$key" >"$stamp"
  ) 9<"$root"
}

# What the environment was made from: any change here makes it anew. The folder counts because
# a virtual environment does not survive being moved.
preparation_key() {
  { printf '%s\n' "$root"; cat "$root/uv.lock" "$root/pyproject.toml" "$root/scripts/prepare.sh" \
    /etc/os-release 2>/dev/null || true; } | sha256sum | cut -c1-64
}

is_prepared() {
  local kind=$1 key=$2 stamp=$3 had_kind had_key
  [[ -x "$root/.venv/bin/python" && -x "$root/.venv/bin/wms" && -r "$stamp" ]] || return 1
  [[ "$kind" != dev || -x "$root/.venv/bin/pytest" ]] || return 1
  read -r had_kind had_key <"$stamp" || return 1
  [[ "$had_key" == "$key" && ("$had_kind" == dev || "$had_kind" == "$kind") ]]
}

install_system_packages() {
  local kind=$1 wanted=$RUN_PACKAGES missing=() name
  [[ "$kind" != dev ]] || wanted+=" $DEV_PACKAGES"
  if ! command -v apt-get >/dev/null; then
    say "There is no apt-get here. If the window does not open, install with this system's own"
    say "tools what Debian calls: $wanted"
    return 0
  fi
  [[ -n "$(find_python)" ]] || missing+=(python3 python3-venv)
  for name in $wanted; do
    is_installed "$name" || missing+=("$name")
  done
  [[ ${#missing[@]} -eq 0 ]] || apt_install "${missing[@]}"
  [[ -n "$(find_python)" ]] || install_newer_python
}

# Since Ubuntu 24.04 and Debian 13 some libraries carry a t64 suffix (64-bit time).
is_installed() {
  local state
  for state in $(dpkg-query -W -f '${db:Status-Status}\n' "$1" "${1}t64" 2>/dev/null); do
    [[ "$state" != installed ]] || return 0
  done
  return 1
}

# Names of packages as this release knows them; one that it does not know is passed as it is,
# so that apt itself says what is wrong.
names_here() {
  local name known
  known=" $(candidates "$@" "${@/%/t64}") "
  for name in "$@"; do
    if [[ "$known" != *" $name "* && "$known" == *" ${name}t64 "* ]]; then name+=t64; fi
    printf '%s ' "$name"
  done
}

# Those of the named packages that apt could install, on one line.
candidates() {
  apt-cache policy "$@" 2>/dev/null |
    awk '/^[^ ]+:$/ { name = substr($1, 1, length($1) - 1) }
         /^  Candidate:/ && $2 != "(none)" { printf "%s ", name }'
}

apt_install() {
  local as_root=() names
  if [[ $EUID -ne 0 ]]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as_root=(sudo -n)
    else
      say "System packages are missing, and only an administrator may install them. Run this line:"
      say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends" \
        "$(names_here "$@")"
      exit 1
    fi
  fi
  say "Reading the package lists ..."
  "${as_root[@]}" apt-get update -qq >&2 || say "Not every list could be read; going on."
  names=$(names_here "$@")
  say "Installing system packages: $names"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o Dpkg::Use-Pty=0 $names </dev/null >/dev/null
}

# A Python that Dock runs on and that can make a virtual environment, or nothing.
find_python() {
  local name path
  for name in python3 python3.13 python3.12 python3.11; do
    path=$(command -v "$name") || continue
    if "$path" -c 'import sys, ensurepip, venv
sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then
      printf '%s\n' "$path"
      return 0
    fi
  done
}

install_newer_python() {
  local version
  for version in 3.13 3.12 3.11; do
    if [[ -n "$(candidates "python$version-venv")" ]]; then
      apt_install "python$version" "python$version-venv"
      return 0
    fi
  done
}

make_environment() {
  local kind=$1 python uv group=(--no-dev)
  python=$(find_python)
  if [[ -z "$python" ]]; then
    say "Dock needs Python 3.11, 3.12 or 3.13 with its venv module. Install one and start again."
    exit 1
  fi
  [[ "$kind" != dev ]] || group=(--group dev)
  uv=$(find_uv "$python")
  say "Making the environment in $root/.venv with $("$python" --version) ..."
  # --inexact: a start of the program does not take away what the tests have installed.
  # The certificates are the machine's own; the wheels of Qt are large, hence the long timeout.
  UV_PYTHON_DOWNLOADS=never UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" \
    UV_HTTP_TIMEOUT="${UV_HTTP_TIMEOUT:-300}" \
    UV_PROJECT_ENVIRONMENT="$root/.venv" VIRTUAL_ENV='' \
    "$uv" sync --project "$root" --frozen --inexact --quiet --python "$python" "${group[@]}" \
    </dev/null >&2
  "$root/.venv/bin/python" -m compileall -q "$root/wms_app" >/dev/null 2>&1 || true
}

# A uv that is on the machine already, or one of our own in .boot.
find_uv() {
  local python=$1
  if uv --version >/dev/null 2>&1; then
    command -v uv
    return 0
  fi
  if ! "$root/.boot/bin/uv" --version >/dev/null 2>&1; then
    say "Fetching uv into $root/.boot ..."
    rm -rf "$root/.boot"
    "$python" -m venv "$root/.boot" >&2
    "$root/.boot/bin/python" -m pip install --quiet --disable-pip-version-check uv </dev/null >&2
  fi
  printf '%s\n' "$root/.boot/bin/uv"
}
