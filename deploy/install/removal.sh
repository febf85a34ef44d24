# Sourced by script/install: taking it away again. What an office would miss stays.
# shellcheck shell=bash disable=SC2034,SC2154  # variables of script/install

uninstall() {
    local each before=$changes
    begin removal 'see what systemctl says'
    for each in "$UNITS"/antrean-*.service "$UNITS"/antrean-*.timer; do
        if [ -e "$each" ] && change "${each##*/}"; then
            if runs_systemd; then systemctl stop "${each##*/}" || true; fi
            systemctl --quiet disable "${each##*/}" 2>/dev/null || true
            rm -f "$each"
        fi
    done
    for each in /etc/nginx/sites-enabled/antrean.conf /etc/nginx/sites-available/antrean.conf \
        /etc/sysusers.d/antrean.conf /etc/udev/rules.d/70-antrean-printer.rules \
        /etc/chromium/policies/managed/antrean.json "$ADMIN" /usr/local/lib/antrean \
        "$LINK" "$LINK-a" "$LINK-b"; do
        if { [ -e "$each" ] || [ -L "$each" ]; } && change "$each"; then rm -rf "$each"; fi
    done
    if grep -qs '  # antrean$' /etc/hosts && change 'the name in /etc/hosts'; then
        grep -v '  # antrean$' /etc/hosts >"$scratch/hosts" || true
        cat "$scratch/hosts" >/etc/hosts
    fi
    if [ "$changes" != "$before" ] && [ "$check" = 0 ] && runs_systemd; then
        systemctl daemon-reload
        systemctl reload nginx || true
    fi
    end "$before" 'nothing was installed'
    step=''
    echo "Kept: the data, keys and backups in $DATA, the settings and certificates in $ETC," \
        "and the user antrean."
    echo "To give them up for good, when they have been copied: rm -r $DATA $ETC"
}
