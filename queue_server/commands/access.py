"""The command groups `antrean user`, `antrean token` and `antrean device`: who and what may sign
in.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from .settings import with_settings

ROLES = ["admin", "province", "auditor", "manager", "supervisor", "clerk", "reception", "guard"]


def _administration(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the settings. An act that is not possible ends it with exit code 1 and the
    reason.
    """

    @wraps(command)
    def run(**arguments: Any) -> Any:
        from .administration import AdministrationError

        try:
            return command(**arguments)
        except AdministrationError as error:
            raise click.ClickException(str(error)) from None

    return with_settings(run)


@click.group()
def user() -> None:
    """Members of staff.

    Example: antrean user list --office 3674
    """


@user.command("list")
@click.option("--office", help="the office's code; left out, all offices")
@click.option("--json", "as_json", is_flag=True)
@_administration
def user_list(settings: Any, office: str | None, as_json: bool) -> None:
    """List members of staff, and which accounts are closed.

    Example: antrean user list --office 3674
    """
    from .administration import list_users

    users = list_users(settings, office)
    if as_json:
        click.echo(json.dumps(users, indent=2, ensure_ascii=False))
        return
    for each in users:
        state = "open" if each["active"] else "closed"
        click.echo(
            f"{each['username']:24} {each['role']:10} {each['office'] or 'all':6} {state:6} "
            f"{each['name']}"
        )


@user.command("add")
@click.argument("username")
@click.option("--name", required=True)
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--office", help="the office's code; left out, the user works in all offices")
@click.password_option(help="asked for if left out")
@_administration
def user_add(
    settings: Any, username: str, name: str, role: str, office: str | None, password: str
) -> None:
    """Add a member of staff, who chooses a new password at the first sign-in.

    Example: antrean user add siti --name "Siti Aminah" --role clerk --office 3674
    """
    from .administration import add_user

    add_user(settings, username, name, role, office, password)
    click.echo(f"{username} can sign in.")


@user.command("password")
@click.argument("username")
@click.password_option(help="asked for if left out")
@_administration
def user_password(settings: Any, username: str, password: str) -> None:
    """Give a member of staff a new password. They must change it at the next sign-in, which names
    who set it. Their log-ins end.

    Example: antrean user password siti
    """
    from .administration import set_password

    set_password(settings, username, password)
    click.echo(f"{username} has a new password and must sign in anew.")


@user.command("close")
@click.argument("username")
@_administration
def user_close(settings: Any, username: str) -> None:
    """Close an account. Its log-ins end and the tokens that act for it are revoked, at once.

    Example: antrean user close siti
    """
    from .administration import set_active

    set_active(settings, username, active=False)
    click.echo(f"{username} can no longer sign in.")


@user.command("reopen")
@click.argument("username")
@_administration
def user_reopen(settings: Any, username: str) -> None:
    """Open an account again, with its old password. Revoked tokens stay revoked.

    Example: antrean user reopen siti
    """
    from .administration import set_active

    set_active(settings, username, active=True)
    click.echo(f"{username} can sign in again.")


@click.group()
def token() -> None:
    """Bearer tokens of programs.

    Example: antrean token add --name "BI export" --role manager --office 3674
    """


@token.command("list")
@click.option("--json", "as_json", is_flag=True)
@_administration
def token_list(settings: Any, as_json: bool) -> None:
    """List the tokens of programs and which are valid, never the tokens themselves. Tokens of
    devices are listed with their device.

    Example: antrean token list
    """
    from .administration import list_tokens

    tokens = list_tokens(settings)
    if as_json:
        click.echo(json.dumps(tokens, indent=2, ensure_ascii=False))
        return
    for each in tokens:
        state = "good" if each["is_active"] else "void"
        click.echo(
            f"{each['id']}  {each['role']:10} {each['office'] or 'all':6} {state} "
            f"{each['created_at']:25} {each['name']}"
        )


@token.command("add")
@click.option("--name", required=True, help="what the token is for")
@click.option("--role", type=click.Choice(["admin", "manager", "clerk", "sensor"]), required=True)
@click.option("--office", help="the office's code; left out, all offices")
@_administration
def token_add(settings: Any, name: str, role: str, office: str | None) -> None:
    """Create a bearer token and print it once.

    Example: antrean token add --name "BI export" --role manager --office 3674
    """
    from .administration import add_token

    click.echo(add_token(settings, name, role, office))


@token.command("revoke")
@click.argument("id")
@_administration
def token_revoke(settings: Any, id: str) -> None:
    """Revoke a program's token at once, by the id that antrean token list shows.

    Example: antrean token revoke 3f9c2a7be01d44aa
    """
    from .administration import revoke_token

    revoke_token(settings, id)
    click.echo("Revoked.")


@click.group()
def device() -> None:
    """Kiosks, displays and printers.

    Example: antrean device approve 7F3K9Q --office 3674
    """


@device.command("list")
@click.option("--office")
@click.option("--json", "as_json", is_flag=True)
@_administration
def device_list(settings: Any, office: str | None, as_json: bool) -> None:
    """List devices and when they were last heard from.

    Example: antrean device list --office 3674
    """
    from .administration import list_devices

    devices = list_devices(settings, office)
    if as_json:
        click.echo(json.dumps(devices, indent=2))
        return
    for each in devices:
        seen = each["seen_at"] or "never"
        click.echo(
            f"{each['id']}  {each['kind']:8} {each['state']:9} {each['office'] or '-':6} {seen:25} "
            f"{each['name']}"
        )


@device.command("approve")
@click.argument("pairing_code")
@click.option("--office", required=True)
@click.option("--name", default="", help="what to call the device")
@_administration
def device_approve(settings: Any, pairing_code: str, office: str, name: str) -> None:
    """Approve the device that shows this code on its screen.

    Example: antrean device approve 7F3K9Q --office 3674 --name "Kiosk at the door"
    """
    from .administration import approve_device

    approve_device(settings, pairing_code, office, name)
    click.echo("Approved.")


@device.command("revoke")
@click.argument("id")
@_administration
def device_revoke(settings: Any, id: str) -> None:
    """Revoke a device at once.

    Example: antrean device revoke 3f9c2a7be01d44aa
    """
    from .administration import revoke_device

    revoke_device(settings, id)
    click.echo("Revoked.")
