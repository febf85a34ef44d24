# Sourced by script/install: whether this is a machine for it, its packages, its clock.
# shellcheck shell=bash disable=SC2034,SC2154  # variables of script/install

PYTHON=/usr/bin/python3

release_of() {  # release_of FIELD
    # shellcheck disable=SC1091
    (. /etc/os-release && printf '%s' "${!1:-}")
}

check_machine() {
    if [ -n "$bundle" ]; then check_bundle; fi
    begin machine 'use Debian 12 or newer, or Ubuntu 24.04 or newer'
    case " $(release_of ID) $(release_of ID_LIKE) " in
        *' debian '* | *' ubuntu '*) ;;
        *) refuse "this is $(release_of PRETTY_NAME), and it knows Debian and Ubuntu alone" ;;
    esac
    if [ -x "$PYTHON" ] && ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        refuse "Antrean needs Python 3.11 or newer, and $PYTHON is $("$PYTHON" --version)"
    fi
    same "$(release_of PRETTY_NAME), $(dpkg --print-architecture)"
}

is_installed() {
    case "$(dpkg-query -W -f '${db:Status-Abbrev}' "$1" 2>/dev/null)" in ii*) ;; *) return 1 ;; esac
}

has_time_daemon() {
    local each
    for each in systemd-timesyncd chrony ntpsec openntpd; do
        if is_installed "$each"; then return 0; fi
    done
    return 1
}

list_packages() {
    printf '%s\n' python3 python3-venv nginx openssl systemd tzdata
    has_time_daemon || echo systemd-timesyncd
    if has_part kiosk || has_part printer; then echo libusb-1.0-0; fi
    if has_part browser; then printf '%s\n' cage chromium fonts-dejavu-core; fi
}

# From the bundle alone, if there is one: its folder of packages is the only source then.
apt_get() {
    local from=()
    if [ -n "$bundle" ]; then
        printf 'deb [trusted=yes] file:%s/debs ./\n' "${bundle// /%20}" >"$scratch/sources.list"
        mkdir -p "$scratch/lists/partial"
        from=(-o "Dir::Etc::sourcelist=$scratch/sources.list" -o Dir::Etc::sourceparts=/dev/null
            -o "Dir::State::lists=$scratch/lists" -o APT::Sandbox::User=root)
    fi
    DEBIAN_FRONTEND=noninteractive apt-get "${from[@]}" -o DPkg::Lock::Timeout=300 -qq "$@" \
        </dev/null >"$scratch/apt.log" 2>&1 || { tail -n 5 "$scratch/apt.log" >&2; return 1; }
}

install_packages() {
    local each missing=()
    begin packages 'see that apt-get works, or install the packages by hand'
    for each in $(list_packages); do
        is_installed "$each" || missing+=("$each")
    done
    if [ "${#missing[@]}" = 0 ]; then
        same 'all of them are there'
    elif change "install ${missing[*]}"; then
        apt_get update
        apt_get install -y --no-install-recommends "${missing[@]}"
    fi
}

set_clock() {
    local before=$changes wanted=$zone unit
    begin clock 'set the zone with timedatectl, and see that the time is right'
    if [ -z "$wanted" ] && [ ! -e /etc/localtime ]; then wanted=Asia/Jakarta; fi
    if [ -n "$wanted" ]; then
        if [ "$check" = 0 ] && [ ! -e "/usr/share/zoneinfo/$wanted" ]; then
            refuse "there is no zone $wanted; timedatectl list-timezones names them"
        fi
        link "/usr/share/zoneinfo/$wanted" /etc/localtime
    fi
    for unit in systemd-timesyncd chrony ntpsec openntpd; do
        if is_installed "$unit" && ! systemctl --quiet is-enabled "$unit" 2>/dev/null &&
            change "keep the time with $unit"; then
            systemctl --quiet enable "$unit"
            if runs_systemd; then systemctl start "$unit" || note 'it starts with the machine'; fi
        fi
    done
    end "$before" "$(readlink /etc/localtime || echo 'a zone of its own'), kept by a daemon"
}
