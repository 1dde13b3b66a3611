"""Composes who may come in, and how: keys, accounts, sessions. `bootstrap` has all the rest."""

from abc import ABC, abstractmethod
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pydantic import SecretStr

from queues.errors import InvalidSettings
from queues.settings import Settings, roles_file
from queues.store.session import Store

if TYPE_CHECKING:
    from queues.access import Access, RoleTable
    from queues.oidc import ProviderSignIn
    from queues.people import (
        Accounts,
        Attending,
        Identities,
        Invitations,
        Passwords,
        Policies,
        Sessions,
        SigningIn,
        Throttle,
    )


class Entrance(ABC):
    """What lets people and programs in, each made when it is first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @abstractmethod
    def policies(self) -> "Policies":
        """Names of the policies of the release in force; None: none is, or it cannot be opened."""

    @cached_property
    def store(self) -> Store:
        """Postgres."""
        database = self.settings.database
        return Store(address_of("database.url", database.url), connections=database.connections)

    @cached_property
    def access(self) -> "Access":
        """Knows callers by their keys and sessions."""
        from queues.access import Access

        return Access(self.store, self.roles, idle=self.settings.sessions.idle)

    @cached_property
    def roles(self) -> "RoleTable":
        """Which role may do what; raises InvalidSettings."""
        from queues.access import read_roles

        return read_roles(roles_file(self.settings))

    @cached_property
    def accounts(self) -> "Accounts":
        """Those who work here."""
        from queues.people import Accounts

        return Accounts(store=self.store, roles=self.roles, policies=self.policies)

    @cached_property
    def attending(self) -> "Attending":
        """What people say of their own presence."""
        from queues.people import Attending

        return Attending(store=self.store)

    @cached_property
    def sessions(self) -> "Sessions":
        """What people can do with their own sessions."""
        from queues.people import Sessions

        return Sessions(store=self.store, idle=self.settings.sessions.idle)

    @cached_property
    def passwords(self) -> "Passwords":
        """Hashes passwords, and compares them."""
        from queues.people import Passwords

        return Passwords(self.settings.passwords)

    @cached_property
    def signing_in(self) -> "SigningIn":
        """Lets people in."""
        from queues.people import SigningIn

        return SigningIn(
            store=self.store,
            passwords=self.passwords,
            throttle=self.throttle,
            lasts=self.settings.sessions.lasts,
            issuer=self._issuer_alone,
        )

    @cached_property
    def throttle(self) -> "Throttle":
        """Slows down whoever tries to sign in too often."""
        from queues.people import Throttle

        given = self.settings.sign_in
        return Throttle(
            attempts=given.attempts,
            attempts_of_address=given.attempts_of_address,
            refill=given.refill,
        )

    @cached_property
    def identities(self) -> "Identities":
        """Lets people in who are proven by a provider."""
        from queues.people import Identities

        return Identities(
            store=self.store,
            accounts=self.accounts,
            lasts=self.settings.sessions.lasts,
            add_people=self.settings.oidc.add_people,
        )

    @cached_property
    def provider_sign_in(self) -> "ProviderSignIn":
        """Lets people in through their provider."""
        from queues.oidc import Provider, ProviderSignIn, seconds_of

        given = self.settings.oidc
        callback = given.callback or f"{self.settings.api.origin}/v1/sessions/oidc/callback"
        return ProviderSignIn(
            store=self.store,
            given=given,
            provider=Provider(given, callback, now=partial(seconds_of, self.store)),
            identities=self.identities,
            throttle=self.throttle,
        )

    @property
    def _issuer_alone(self) -> str | None:
        """The provider whose people have no password here, if passwords are off."""
        given = self.settings.oidc
        return None if given.passwords else given.issuer

    @cached_property
    def invitations(self) -> "Invitations":
        """Lets people in for the first time."""
        from queues.people import Invitations, link_of

        given = self.settings.people
        return Invitations(
            store=self.store,
            passwords=self.passwords,
            link=link_of(given, self.settings.api),
            good_for=given.invitation,
            lasts=self.settings.sessions.lasts,
            issuer=self._issuer_alone,
        )


def address_of(name: str, url: SecretStr | None) -> str:
    """A setting that is an address; raises InvalidSettings where it is not set."""
    if url is None:
        variable = "TIERWISE_" + name.upper().replace(".", "__")
        mistake = f"{name}: is not set (in config/tierwise.toml, or {variable} in the environment)"
        raise InvalidSettings([mistake])
    return url.get_secret_value()
