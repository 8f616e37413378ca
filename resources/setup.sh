#!/bin/sh
# Makes a checkout ready to run:  sh resources/setup.sh        what the window needs
#                                 sh resources/setup.sh test   and what the tests need
# Safe to repeat, from any directory: what is already in place is left as it is.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
venv=$root/.venv
venv_python=$venv/bin/python
stamp=$venv/alsgui-setup
oldest=3.11
newer_names='python3.14 python3.13 python3.12 python3.11'
# ldconfig and dpkg helpers are not on the path of every Debian user.
PATH=$PATH:/usr/sbin:/sbin
export PATH

# What PySide6 loads and does not bring along: file name, package on Debian and Ubuntu.
qt_libraries='
libEGL.so.1               libegl1
libGL.so.1                libgl1
libfontconfig.so.1        libfontconfig1
libfreetype.so.6          libfreetype6
libglib-2.0.so.0          libglib2.0-0
libdbus-1.so.3            libdbus-1-3
libxkbcommon.so.0         libxkbcommon0
libX11.so.6               libx11-6
libX11-xcb.so.1           libx11-xcb1
libxkbcommon-x11.so.0     libxkbcommon-x11-0
libxcb-cursor.so.0        libxcb-cursor0
libxcb-icccm.so.4         libxcb-icccm4
libxcb-image.so.0         libxcb-image0
libxcb-keysyms.so.1       libxcb-keysyms1
libxcb-randr.so.0         libxcb-randr0
libxcb-render-util.so.0   libxcb-render-util0
libxcb-shape.so.0         libxcb-shape0
libxcb-sync.so.1          libxcb-sync1
libxcb-util.so.1          libxcb-util1
libxcb-xfixes.so.0        libxcb-xfixes0
libxcb-xkb.so.1           libxcb-xkb1
libwayland-client.so.0    libwayland-client0
libwayland-cursor.so.0    libwayland-cursor0
'

say() { printf '%s\n' "setup: $*"; }

fail() {
    printf '%s\n' "setup: $*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# --- Python ------------------------------------------------------------------------------------

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

can_make_environments() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

# Prints the Python to build on: one that can make environments is preferred.
find_python() {
    fallback=
    for name in python3 $newer_names; do
        if is_new_enough "$name"; then
            if can_make_environments "$name"; then
                printf '%s\n' "$name"
                return 0
            fi
            fallback=${fallback:-$name}
        fi
    done
    printf '%s\n' "$fallback"
}

# A copied or moved environment still points to its old place; one without pip cannot be brought up to date.
is_good_environment() {
    [ -x "$venv_python" ] && is_new_enough "$venv_python" \
        && grep -qF "$venv" "$venv/bin/activate" 2>/dev/null \
        && "$venv_python" -m pip --version >/dev/null 2>&1
}

# Prints the package that Debian keeps apart from its Python, where a new environment needs it.
missing_python_package() {
    if is_good_environment; then return 0; fi
    python=$(find_python)
    [ -n "$python" ] && ! can_make_environments "$python" || return 0
    "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
}

# --- System packages ---------------------------------------------------------------------------

# Prints the packages whose library the dynamic linker does not know, and a font if there is none.
missing_packages() {
    known=$(ldconfig -p 2>/dev/null || true)
    printf '%s' "$qt_libraries" | while read -r library package; do
        case $known in
            *"$library "*) ;;
            *) [ -z "$library" ] || printf '%s ' "$package" ;;
        esac
    done
    # Qt ships no fonts; without any, text is drawn as boxes.
    fonts=$(find -L /usr/share/fonts /usr/local/share/fonts -name '*.[to]tf' 2>/dev/null | head -n 1 || true)
    [ -n "$fonts" ] || printf '%s ' fonts-dejavu-core
}

# Since the change to 64-bit time some packages end in t64 (libglib2.0-0t64 on Ubuntu 24.04).
current_names() {
    for package in "$@"; do
        if apt-cache show "${package}t64" >/dev/null 2>&1; then package=${package}t64; fi
        printf '%s ' "$package"
    done
}

# Installs the given packages where that needs no question; else says how. Never a reason to stop by itself:
# without Qt's libraries the command line still works, and a missing venv is told where it is needed.
install_packages() {
    # shellcheck disable=SC2046 # one word per package is meant, here and below
    set -- $(current_names "$@")
    if [ "$(id -u)" -eq 0 ]; then
        as_root='env'
    elif have sudo && sudo -n true 2>/dev/null; then
        as_root='sudo -n env'
    else
        say "system packages are missing; run once:  sudo apt-get install -y $*"
        return 0
    fi
    say "installing system packages: $*"
    $as_root apt-get update -qq || say "the package lists could not be refreshed; trying with the old ones"
    # Once more: a bare system knew no names before.
    # shellcheck disable=SC2046 # one word per package is meant
    set -- $(current_names "$@")
    # A fresh Ubuntu updates itself in the background and holds the lock for a while.
    $as_root DEBIAN_FRONTEND=noninteractive apt-get -oDPkg::Lock::Timeout=120 \
        install -y -qq --no-install-recommends "$@" >/dev/null \
        || say "that failed; mend it with:  sudo apt-get update && sudo apt-get install -y $*"
}

set_up_system() {
    [ "$(uname -s)" = Linux ] || return 0
    # shellcheck disable=SC2046 # one word per package is meant
    set -- $(missing_packages) $(missing_python_package)
    if [ $# -eq 0 ]; then
        say "system packages: all there"
    elif have apt-get; then
        install_packages "$@"
    else
        say "system packages are missing; install what your system calls these: $*"
    fi
}

# --- The environment ---------------------------------------------------------------------------

set_up_environment() {
    if is_good_environment; then return 0; fi

    python=$(find_python)
    if [ -z "$python" ]; then
        found=$(python3 --version 2>/dev/null || echo 'no python3')
        say "Python $oldest or newer is needed; found: $found" >&2
        fail "install one (Debian 12, Ubuntu 24.04 or newer: sudo apt-get install python3 python3-venv;" \
            "elsewhere: https://www.python.org/downloads) and run this again"
    fi
    if ! can_make_environments "$python"; then
        fail "$python cannot make environments (its modules venv and ensurepip are missing):" \
            "install $(missing_python_package) and run this again"
    fi
    if [ -e "$venv" ]; then
        say "the environment in .venv is broken or was moved: making it anew"
        rm -rf "$venv"
    fi
    say "making .venv with $("$python" --version)"
    "$python" -m venv "$venv"
}

# --- The package -------------------------------------------------------------------------------

fingerprint() {
    "$venv_python" - "$root/pyproject.toml" <<'PYTHON'
import hashlib, pathlib, sys

print(hashlib.sha256(pathlib.Path(sys.argv[1]).read_bytes() + sys.version.encode()).hexdigest())
PYTHON
}

# The stamp is one line, "fingerprint mode"; an environment for the tests serves the window as well.
install_package() {
    wanted=$(fingerprint)
    found=$(cat "$stamp" 2>/dev/null || true)
    if [ "$found" = "$wanted test" ] || [ "$found" = "$wanted $mode" ]; then
        say "package and dependencies: up to date"
        return 0
    fi
    rm -f "$stamp"
    if [ "$mode" = test ]; then extras='[test]'; else extras=; fi
    say "installing alsgui and its dependencies into .venv (some minutes the first time)"
    "$venv_python" -m pip install --quiet --disable-pip-version-check --editable "$root$extras"
    printf '%s\n' "$wanted $mode" >"$stamp"
}

warm_kernels() {
    say "solvers and reader: compiling what is not on disk yet"
    "$venv_python" -m alsgui.core.solvers.warm
    "$venv_python" -m alsgui.io.kernels.warm || say "the reader will be compiled when it is first needed"
}

mode=${1:-run}
case $mode in
    run | test) ;;
    *) fail "unknown word '$mode'; usage: sh resources/setup.sh [test]" ;;
esac
cd "$root"
set_up_system
set_up_environment
install_package
warm_kernels
if [ "$mode" = test ]; then
    say "ready: .venv/bin/pytest runs the tests"
else
    say "ready: .venv/bin/alsgui opens the window"
fi
