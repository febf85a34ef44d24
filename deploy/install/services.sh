# Sourced by script/install: certificate, site, units, and the start.
# shellcheck shell=bash disable=SC2034,SC2154  # variables of script/install

UNITS=/etc/systemd/system
CERTIFICATE=$ETC/tls/fullchain.pem
LIVE_SECONDS=60
is_new_certificate=0

has_own_authority() {
    [ -z "$certificate" ] && { [ -e "$ETC/ca/ca.key" ] || [ ! -e "$CERTIFICATE" ]; }
}

make_certificate() {
    local before=$changes tool=$sources/deploy/bin/antrean-certificate
    begin certificate 'see that openssl is there, and that the files given are of this name'
    if [ -n "$certificate" ]; then
        check_given_certificate
        # Renewing its own one would overwrite this.
        if [ -e "$ETC/ca" ] && change 'the own authority is put aside'; then
            rm -rf "$ETC/ca.aside"
            mv "$ETC/ca" "$ETC/ca.aside"
            note "take ANTREAN_AGENT_CA out of the agents' settings, here and on other boxes"
        fi
        put "$certificate" "$CERTIFICATE" 644
        put "$certificate_key" "$ETC/tls/privkey.pem" 600
        if [ "$changes" != "$before" ]; then is_new_certificate=1; fi
        end "$before" 'the one that was given'
    elif ! has_own_authority; then
        same 'not of an authority of its own; renew it where it came from'
    elif [ -x /usr/bin/openssl ] && "$tool" --check "$host"; then
        same "$(openssl x509 -noout -enddate -in "$CERTIFICATE")"
    elif change "of an authority of its own, for $host"; then
        "$tool" "$host"
        is_new_certificate=1
    fi
}

check_given_certificate() {
    local asked=-checkhost
    if [ ! -r "$certificate" ] || [ ! -r "$certificate_key" ]; then
        refuse "the files of --certificate and --key cannot be read"
    fi
    if [ "$(openssl x509 -noout -pubkey -in "$certificate")" != \
        "$(openssl pkey -pubout -in "$certificate_key")" ]; then
        refuse 'the key does not belong to the certificate'
    fi
    if ! openssl x509 -noout -checkend 0 -in "$certificate" >/dev/null; then
        refuse 'the certificate has expired'
    fi
    if [[ $host =~ ^[0-9.]+$ ]]; then asked=-checkip; fi
    if ! openssl x509 -noout "$asked" "$host" -in "$certificate" | grep -q 'does match'; then
        refuse "the certificate is not for $host"
    fi
}

# Its own name is known to this machine also on a day without a network.
make_name() {
    begin name 'write the name and 127.0.0.1 into /etc/hosts'
    if [[ $host =~ ^[0-9.]+$ ]] || getent hosts "$host" >/dev/null; then
        same "$host is known here"
    elif change "$host in /etc/hosts"; then
        printf '127.0.0.1 %s  # antrean\n' "$host" >>/etc/hosts
        note "enter $host in the router of the office too, for the tablets and PCs"
    fi
}

make_site() {
    local before=$changes
    begin site 'see what nginx -t says'
    sed "s/antrean\.example\.go\.id/$host/g" "$sources/deploy/nginx/antrean.conf" >"$scratch/site"
    put "$scratch/site" /etc/nginx/sites-available/antrean.conf 644
    link ../sites-available/antrean.conf /etc/nginx/sites-enabled/antrean.conf
    if [ "$check" = 0 ] && [ "$changes$is_new_certificate" != "${before}0" ]; then
        nginx -t -q
        if runs_systemd; then systemctl reload-or-restart nginx; fi
    fi
    end "$before" "https://$host"
}

list_units() {
    local each
    printf '%s\n' antrean-server.service antrean-backup.timer
    if has_own_authority; then echo antrean-certificate.timer; fi
    for each in $PARTS; do
        if has_part "$each"; then echo "antrean-$each.service"; fi
    done
    if has_part kiosk || has_part display || has_part printer; then echo antrean-nightly.timer; fi
}

link_units() {
    local before=$changes each
    begin services 'see what systemctl says'
    for each in $(list_units); do
        put "$sources/deploy/systemd/$each" "$UNITS/$each" 644
        case $each in *.timer)
            put "$sources/deploy/systemd/${each%.timer}.service" "$UNITS/${each%.timer}.service" 644
            ;;
        esac
    done
    if has_part kiosk || has_part printer; then
        put "$sources/deploy/udev/70-antrean-printer.rules" \
            /etc/udev/rules.d/70-antrean-printer.rules 644
    fi
    if has_part browser; then
        put "$sources/deploy/chromium/antrean.json" /etc/chromium/policies/managed/antrean.json 644
    fi
    if [ "$changes" != "$before" ] && runs_systemd && [ "$check" = 0 ]; then
        systemctl daemon-reload
    fi
    for each in $(list_units); do
        if ! systemctl --quiet is-enabled "$each" 2>/dev/null && change "enable $each"; then
            systemctl --quiet enable "$each"
        fi
    done
    if ! systemctl --quiet is-enabled nginx 2>/dev/null && change 'enable nginx'; then
        systemctl --quiet enable nginx
    fi
    end "$before" 'enabled'
}

start_services() {
    local each
    begin start 'journalctl -u antrean-server says why; antrean doctor looks into it'
    if ! runs_systemd; then
        note 'systemd does not run here: everything starts with the machine'
        return
    fi
    if [ "$check" = 1 ]; then return; fi
    for each in $(list_units); do
        if [ "${is_new_program:-0}" = 1 ] && [ "${each##*.}" = service ]; then
            systemctl restart "$each"
        else
            systemctl start "$each"
        fi
    done
    await_server
}

await_server() {
    local left=$LIVE_SECONDS
    until "$PYTHON" -c "import urllib.request as u
u.urlopen('http://127.0.0.1:8000/readyz', timeout=5)" 2>/dev/null; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || refuse 'the server does not answer: journalctl -u antrean-server'
        sleep 1
    done
    same 'the server answers'
}

say_what_is_next() {
    step=''
    if [ "$changes" = 0 ]; then
        echo 'Nothing had to be changed.'
        return
    fi
    if [ "$check" = 1 ]; then
        echo "Nothing was changed; $changes changes would be made."
        return
    fi
    echo "Antrean is installed. Open https://$host/ in a browser of the office."
    if has_own_authority; then
        echo "Each tablet and PC needs the certificate of the office once:" \
            "http://$host/antrean-ca.crt"
    fi
    echo "The first administrator: $ADMIN user add NAME --name 'FULL NAME' --role admin"
    echo "Whether all is well: $ADMIN doctor"
}
