# Sourced by script/install: the user, the program, its settings, its keys and its database.
# shellcheck shell=bash disable=SC2034,SC2154  # variables of script/install

LINK=/opt/antrean
ETC=/etc/antrean
DATA=/var/lib/antrean
ADMIN=/usr/local/sbin/antrean
PARTS='kiosk display printer browser'

# Asked for now, or installed before.
has_part() {
    case " $parts " in *" $1 "*) return 0 ;; esac
    [ -e "/etc/systemd/system/antrean-$1.service" ]
}

list_extras() {
    local each extras=server,backup,postgres,redis
    for each in kiosk display printer; do
        if has_part "$each"; then extras+=,$each; fi
    done
    printf '%s' "$extras"
}

make_user() {
    local before=$changes
    begin user 'see what systemd-sysusers says'
    put "$sources/deploy/sysusers.d/antrean.conf" /etc/sysusers.d/antrean.conf 644
    if ! getent passwd antrean >/dev/null && change 'antrean, for the services'; then
        systemd-sysusers /etc/sysusers.d/antrean.conf
    fi
    end "$before" 'antrean'
}

# What an installation was made of: the same sources, packages and parts need nothing.
fingerprint() {
    {
        (cd "$sources" && find setup.cfg pyproject.toml queue_server kiosk display printer -type f \
            ! -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum)
        if [ -n "$bundle" ]; then sha256sum <"$bundle/SHA256SUMS"; fi
        list_extras
        "$PYTHON" --version 2>&1 || true
    } | sha256sum | cut -c 1-64
}

install_program() {
    local place wanted
    begin program 'look at the lines above; without a network use a folder made by script/bundle'
    wanted=$(fingerprint)
    if [ "$(cat "$LINK/installed" 2>/dev/null || true)" = "$wanted" ]; then
        same "$("$LINK/bin/antrean" --version)"
        return
    fi
    if [ -e "$LINK" ] && [ ! -L "$LINK" ]; then
        refuse "$LINK is a folder, and should be a link to $LINK-a: mv $LINK $LINK-a &&" \
            "ln -s $LINK-a $LINK"
    fi
    place=$LINK-a
    if [ "$(readlink "$LINK" || true)" = "$place" ]; then place=$LINK-b; fi
    if ! change "install into $place, with $(list_extras)"; then return; fi
    back_up_before
    "$PYTHON" -m venv --clear "$place"
    if [ -n "$bundle" ]; then
        pip_into "$place" --isolated --no-index --find-links "$bundle/wheels" \
            "antrean[$(list_extras)]"
    else
        # Beside the checkout: building leaves files behind.
        mkdir -p "$scratch/sources"
        (cd "$sources" && cp -r setup.cfg pyproject.toml README.md LICENSE queue_server kiosk \
            display printer "$scratch/sources")
        pip_into "$place" "$scratch/sources[$(list_extras)]"
    fi
    "$place/bin/antrean" --version >/dev/null
    printf '%s\n' "$wanted" >"$place/installed"
    ln -sfn "$place" "$LINK.new"
    mv -fT "$LINK.new" "$LINK"
    is_new_program=1
}

pip_into() {  # pip_into PLACE WHAT...
    local place=$1
    shift
    "$place/bin/pip" install --quiet --disable-pip-version-check --no-input \
        --root-user-action=ignore "$@" </dev/null
}

back_up_before() {
    if [ ! -x "$LINK/bin/antrean" ] || [ ! -e "$DATA/antrean.db" ] || [ ! -x "$ADMIN" ]; then
        return 0
    fi
    "$ADMIN" backup "$DATA/backups" --key "$DATA/backup.key" --keep 14 >/dev/null
    note 'a backup was made before'
}

put_programs() {
    local before=$changes each
    begin tools 'see that /usr/local can be written'
    put "$sources/deploy/bin/antrean" "$ADMIN" 755
    for each in antrean-certificate antrean-update; do
        put "$sources/deploy/bin/$each" "/usr/local/lib/antrean/$each" 755
    done
    end "$before" 'antrean, for administration with the settings of the service'
}

# Settings are made once, and belong to the office from then on.
make_settings() {
    local each before=$changes
    begin settings 'see that /etc/antrean can be written'
    for each in server $PARTS; do
        if [ "$each" != server ] && ! has_part "$each"; then continue; fi
        if [ -e "$ETC/$each.env" ]; then
            if [ "$(stat -c %a "$ETC/$each.env")" != 600 ] && change "mode 600 of $each.env"; then
                chmod 600 "$ETC/$each.env"
            fi
        elif change "$ETC/$each.env"; then
            mkdir -p "$ETC"
            (umask 077 && fill_in "$each" >"$ETC/$each.env.new")
            mv -f "$ETC/$each.env.new" "$ETC/$each.env"
        fi
    done
    end "$before" "kept as they are in $ETC"
}

fill_in() {  # fill_in PART
    local agent_ca='#ANTREAN_AGENT_CA'
    if has_own_authority; then agent_ca=ANTREAN_AGENT_CA; fi
    sed -e "s/antrean\.example\.go\.id/$host/g" -e "s/^#ANTREAN_AGENT_CA/$agent_ca/" \
        "$sources/deploy/etc/$1.env"
    if [ "$1" = browser ] && ! has_part kiosk && has_part display; then
        echo 'URL=http://127.0.0.1:8020/'
    fi
}

keeps_its_data_here() {
    [ ! -e "$ETC/server.env" ] || grep -q "^ANTREAN_DATABASE_URL=sqlite:///$DATA/" "$ETC/server.env"
}

# As the service does it, and as its user: a key that is there is never made anew.
make_data() {
    local before=$changes key
    begin data "see what $ADMIN doctor says"
    if [ ! -d "$DATA" ] && change "$DATA"; then
        install -d -m 700 -o antrean -g antrean "$DATA" "$DATA/backups"
    fi
    if [ ! -e "$DATA/secret.key" ] && change 'the secret key'; then
        setpriv --reuid=antrean --regid=antrean --init-groups "$LINK/bin/python" -c "from pathlib \
import Path; from queue_server.key_files import read_key; read_key(Path('$DATA/secret.key'))"
    fi
    for key in "$DATA"/*.key; do
        if [ -e "$key" ] && [ "$(stat -c %a "$key")" != 600 ] && change "mode 600 of $key"; then
            chmod 600 "$key"
        fi
    done
    # The server's unit migrates what is there before it starts.
    if [ ! -e "$DATA/antrean.db" ] && keeps_its_data_here && change 'the database'; then
        "$ADMIN" migrate >/dev/null
    fi
    if [ ! -e "$DATA/backup.key" ] && change 'the first backup, and its key'; then
        "$ADMIN" backup "$DATA/backups" --key "$DATA/backup.key" --keep 14 >/dev/null 2>&1
        note "keep copies of the keys in $DATA where neither this machine nor the backups are"
    fi
    end "$before" "kept as they are in $DATA"
}
