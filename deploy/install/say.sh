# Sourced by script/install: how each step says what it does, and what is left after a failure.
# shellcheck shell=bash disable=SC2034,SC2154  # variables of script/install

changes=0
step=start
next='read the line above'

# What somebody does if this step fails.
begin() {  # begin STEP WHAT-TO-DO-IF-IT-FAILS
    step=$1
    next=$2
}

same() { printf 'ok     %s: %s\n' "$step" "$*"; }
note() { printf 'note   %s: %s\n' "$step" "$*"; }

# Whether to go on: with --check it only says what would be done.
change() {
    changes=$((changes + 1))
    if [ "$check" = 1 ]; then
        printf 'would  %s: %s\n' "$step" "$*"
        return 1
    fi
    printf 'do     %s: %s\n' "$step" "$*"
}

refuse() {
    printf 'install: %s\n' "$*" >&2
    step=''
    exit 1
}

# A wrong word on the command line.
misused() {
    printf 'install: %s\n' "$*" >&2
    step=''
    exit 2
}

report_failure() {
    local code=$?
    rm -rf "${scratch:-}"
    if [ "$code" = 0 ] || [ -z "$step" ]; then return; fi
    printf 'install: it stopped at "%s". Next: %s.\n' "$step" "$next" >&2
    printf 'install: then run the same again; what is done is not done twice.\n' >&2
}

# A file of ours in its place. Whole or not at all: a power cut leaves the old one.
put() {  # put SOURCE TARGET MODE
    local source=$1 target=$2 mode=$3
    if cmp -s "$source" "$target" && [ "$(stat -c %a "$target")" = "$mode" ]; then return 0; fi
    if ! change "$target"; then return 0; fi
    mkdir -p "$(dirname "$target")"
    install -m "$mode" "$source" "$target.new"
    mv -f "$target.new" "$target"
}

link() {  # link TARGET NAME
    if [ "$(readlink "$2" || true)" = "$1" ]; then return 0; fi
    if ! change "$2 leads to $1"; then return 0; fi
    mkdir -p "$(dirname "$2")"
    ln -sfn "$1" "$2.new"
    mv -fT "$2.new" "$2"
}

# A step that only puts files says so if there was nothing to put.
end() {  # end CHANGES-BEFORE WHAT
    if [ "$changes" = "$1" ]; then same "$2"; fi
}

runs_systemd() { [ -d /run/systemd/system ]; }
