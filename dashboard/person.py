"""Whoever looks at a page: their session, and what they may do."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard.gateway import Answer, Gateway, SignedOut
from dashboard.sign_in.cookies import token_in

_KEPT: Final = "person"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in."""

    gateway: Gateway
    me: Answer
    """As `GET /v1/me` says."""

    @property
    def name(self) -> str:
        """What the service calls them."""
        return str(self.me["person"]["name"])

    @property
    def shown(self) -> str:
        """What others see."""
        return str(self.me["person"]["display_name"])

    @property
    def roles(self) -> tuple[str, ...]:
        """Their roles, such as `moderator`."""
        return tuple(self.me["person"]["roles"])

    def may(self, *operations: str) -> bool:
        """Whether they may do all of this, such as `cases.decide`. The API has the last word."""
        return set(operations) <= set(self.me["operations"])


def enter() -> Person:
    """Look again who it is, at the beginning of a page.

    Raises:
        SignedOut: nobody, by now.
        Unreachable: the service does not answer.
    """
    token = token_in(st.context.cookies)
    if token is None:
        raise SignedOut
    gateway = Gateway(token)
    person = Person(gateway, gateway.get("/v1/me"))
    st.session_state[_KEPT] = person
    return person


def here() -> Person:
    """Whoever is on this page; fragments ask for them again and again."""
    person = st.session_state.get(_KEPT)
    if not isinstance(person, Person):
        raise SignedOut
    return person
