"""How people are reached: the public address, its certificate, mail, telephone, voice."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta

from queue_server.causes import say_cause
from queue_server.domain.messages.message import MessageChannel
from queue_server.effects.messages.smtp import connect, parse_mail_server
from queue_server.senders import make_senders, read_signing_key
from queue_server.settings import BadSettings

from .check import Check, Patient, well

CERTIFICATE_LEFT = timedelta(days=14)
LOOPBACK = ("127.0.0.1", "localhost", "::1")
CLIPS = {".ogg", ".opus", ".mp3", ".wav"}


def check_address(patient: Patient) -> Check:
    """That citizens come by TLS, to a name that the server answers to."""
    settings = patient.settings
    host = settings.host_name
    if not settings.is_https and host not in LOOPBACK:
        return Check(
            "address",
            False,
            f"{settings.public_url} is not https: names and passwords travel in the open",
            "put nginx with a certificate before it (deploy/README.md), and set "
            f"ANTREAN_PUBLIC_URL=https://{host}",
        )
    if host.lower() not in {each.lower() for each in settings.trusted_hosts}:
        return Check(
            "address",
            False,
            f"the server does not answer to {host}, the name of its own address",
            f"add {host} to ANTREAN_TRUSTED_HOSTS",
        )
    return well("address", settings.public_url)


def check_certificate(patient: Patient) -> Check:
    """That the certificate of the site does not end soon."""
    file = patient.settings.certificate_file
    if file is None:
        return well("certificate", "not watched: ANTREAN_CERTIFICATE_FILE names none")
    to_do = (
        "systemctl start antrean-certificate renews that of an own authority; else renew it where "
        "it came from, and script/install --certificate FILE --key FILE"
    )
    try:
        from cryptography import x509

        ends_at = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except ImportError:
        return well("certificate", "not looked at: pip install 'antrean[backup]'")
    except (OSError, ValueError) as error:
        return Check("certificate", False, f"{file} cannot be read: {say_cause(error)}", to_do)
    left = ends_at - datetime.now(UTC)
    ends = f"{file} ends on {ends_at:%Y-%m-%d}"
    if left < CERTIFICATE_LEFT:
        return Check("certificate", False, f"{ends}, in {max(left.days, 0)} days", to_do)
    return well("certificate", ends)


def check_senders(patient: Patient) -> Check:
    """By which ways visitors can be told. That a gateway refuses or does not answer is said under
    `reactions`.
    """
    try:
        ways = make_senders(patient.settings).ways
        read_signing_key(patient.settings)
    except BadSettings as error:
        to_do = "mend the setting or bring the file back, with mode 600 for the user of the server"
        return Check("senders", False, str(error), to_do)
    mail = "e-mail" if MessageChannel.EMAIL in ways else "no e-mail"
    phone = "messages by telephone" if MessageChannel.PHONE in ways else "none by telephone"
    return well("senders", f"{mail}, {phone}")


def check_mail_server(patient: Patient) -> Check:
    """That the mail server lets us in. No mail is sent."""
    url = patient.settings.smtp_url
    if url is None:
        return well("mail server", "none")
    server = parse_mail_server(url, patient.settings.host_name)
    where = f"{server.host}:{server.port}"
    try:
        connect(server).quit()
    except smtplib.SMTPAuthenticationError as refused:
        return Check(
            "mail server",
            False,
            f"{where} refuses the user name or the password (answer {refused.smtp_code})",
            "mend USER and PASSWORD in ANTREAN_SMTP_URL; write / ? # @ as %2F %3F %23 %40",
        )
    except (OSError, smtplib.SMTPException) as error:
        return Check(
            "mail server",
            False,
            f"{where} does not take mail: {say_cause(error)}",
            "see that the server runs and that no firewall is between; mend ANTREAN_SMTP_URL",
        )
    return well("mail server", f"{where} lets us in")


def check_voice(patient: Patient) -> Check:
    """That an office's own recordings are where the settings say."""
    folder = patient.settings.voice_dir
    if folder is None:
        return well("voice", "the voice that comes with Antrean")
    missing = [
        language
        for language in ("id", "en")
        if not any(each.suffix in CLIPS for each in (folder / language).glob("*"))
    ]
    if missing:
        return Check(
            "voice",
            False,
            f"{folder} holds no recordings for {', '.join(missing)}",
            "antrean voice import --help says how to take them in; or take ANTREAN_VOICE_DIR out",
        )
    return well("voice", f"own recordings in {folder}")
