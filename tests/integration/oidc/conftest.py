"""A provider, and ways in through it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from queues.oidc import seconds_of
from queues.store.session import Store
from tests.integration.gates import Gate
from tests.integration.providers import (
    Liar,
    liar,
)
from tests.integration.staff import Staff


@pytest.fixture
def staff(store: Store) -> Staff:
    """Nobody yet."""
    return Staff(store)


@pytest.fixture
def it(staff: Staff) -> Iterator[Liar]:
    """A provider, which says the truth until a test has it lie."""
    with liar(lambda: seconds_of(staff.store)) as running:
        yield running


@pytest.fixture
def gates(staff: Staff, it: Liar) -> Iterator[Callable[..., Gate]]:
    """Makes ways in through the provider, by these settings."""
    with ExitStack() as made:

        def make(**settings: Any) -> Gate:  # noqa: ANN401 - as the fields
            gate = Gate(staff, it.issuer, **settings)
            made.callback(gate.door.close)
            return gate

        yield make


@pytest.fixture
def gate(gates: Callable[..., Gate]) -> Gate:
    """The way in through the provider, with nothing but what has to be set."""
    return gates()
