# Sourced by script/install: whether a bundle is whole, and made for this machine.
# shellcheck shell=bash disable=SC2034,SC2154  # variables of script/install

target_of() {  # target_of FIELD
    sed -n "s/^$1=//p" "$bundle/TARGET"
}

check_bundle() {
    local listed found
    begin bundle 'copy the folder once more from where it was made'
    if [ ! -r "$bundle/SHA256SUMS" ] || [ ! -r "$bundle/TARGET" ]; then
        refuse "$bundle is no folder that script/bundle has made"
    fi
    if ! (cd "$bundle" && sha256sum --check --quiet --strict SHA256SUMS) >&2; then
        refuse 'the bundle is damaged: copy the folder once more from where it was made'
    fi
    # What is not in the list could be installed unseen.
    listed=$(sed 's/^[^ ]* [ *]//' "$bundle/SHA256SUMS" | sort)
    found=$(cd "$bundle" && find . ! -type d ! -path ./SHA256SUMS | sort)
    if [ "$listed" != "$found" ]; then
        diff <(printf '%s\n' "$listed") <(printf '%s\n' "$found") | sed -n 's/^>/not listed:/p' >&2
        refuse 'the bundle holds files that are not in its list: make it anew with script/bundle'
    fi
    check_target release "$(release_of VERSION_CODENAME)"
    check_target architecture "$(dpkg --print-architecture)"
    if [ -x "$PYTHON" ]; then
        check_target python "$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
    fi
    same "whole, $(wc -l <"$bundle/SHA256SUMS") files"
}

check_target() {  # check_target FIELD WHAT-IS-HERE
    if [ "$(target_of "$1")" = "$2" ]; then return 0; fi
    refuse "the bundle is for the $1 $(target_of "$1"), and this machine has $2:" \
        "run script/bundle on a machine with $2"
}
