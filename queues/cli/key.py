"""The commands about keys of programs."""

import getpass
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from queues import keys
from queues.access import KEY_START, Scope
from queues.bootstrap import Services
from queues.clock import SystemClock
from queues.errors import NotFound, Refused
from queues.keys import Key
from queues.settings import load_settings


def create(
    name: Annotated[str, typer.Argument(help="Whose key it is, such as forum.")],
    *,
    scope: Annotated[
        list[Scope],
        typer.Option(help="What it is for; may be given several times. `admin`: everything."),
    ],
    rate: Annotated[
        int | None, typer.Option(min=1, help="Requests a minute; by default `api.rate`.")
    ] = None,
    days: Annotated[
        float | None, typer.Option(help="Days it is valid; by default until it is revoked.")
    ] = None,
) -> None:
    """Make a key. It is printed this once: only its hash is kept.

    Two keys of one name are one caller: to exchange a key, make another, then revoke the old one.

    Examples:
      tierwise key create forum --scope items:write --scope items:read
      tierwise key create prometheus --scope metrics:read --days 365
    """
    expires = None if days is None else SystemClock().now() + timedelta(days=days)
    _, secret = keys.create(
        _services().store, name=name, scopes=scope, by=_by(), rate=rate, expires=expires
    )
    typer.echo(secret)


def show() -> None:
    """List all keys, also those that open nothing any more.

    Examples:
      tierwise key list
    """
    for key in keys.listed(_services().store):
        typer.echo(
            f"{key.id}  {key.prefix}…  {key.name}  {', '.join(key.scopes)}  {_standing(key)}"
        )


def revoke(
    key: Annotated[str, typer.Argument(help="Its id, or how the key begins.")],
) -> None:
    """Take a key back: it opens nothing any more, in any process, at once.

    Examples:
      tierwise key revoke 019aba30-5c6e-7cc1-9f0a-0d6f0a3b9a51
      tierwise key revoke tw_Yk3vQz
    """
    services = _services()
    revoked = keys.revoke(services.store, _identified(services, key), by=_by())
    typer.echo(f"{revoked.prefix}… of {revoked.name} is revoked")


def _identified(services: Services, named: str) -> UUID:
    found = [
        each.id
        for each in keys.listed(services.store)
        if named == str(each.id) or (len(named) > len(KEY_START) and each.prefix.startswith(named))
    ]
    what = "key"
    if not found:
        raise NotFound(what, named)
    if len(found) > 1:
        raise Refused(what, f"several begin with `{named}`; name the id")
    return found[0]


def _standing(key: Key) -> str:
    if key.revoked_at is not None:
        return f"revoked {key.revoked_at:%Y-%m-%d}"
    if key.expires_at is not None:
        return f"until {key.expires_at:%Y-%m-%d}"
    return "valid"


def _services() -> Services:
    return Services(load_settings())


def _by() -> str:
    return f"cli:{getpass.getuser()}"
