"""Parts that signatures of operations are made of."""

import re
from typing import Annotated, Final

from fastapi import Depends
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)
from starlette.requests import Request

from queues.access import Caller, Person
from queues.api.exchange import exchange_of
from queues.api.runtime import Runtime, runtime_of
from queues.errors import OtherPerson, Refused

#: Texts that Postgres can keep: any character but 0.
_STORABLE: Final = r"^[^\x00]*$"
#: Names that can stand in a log or a list: no control characters.
_VISIBLE: Final = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]+$"

_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d")


def _whole(value: object) -> object:
    """In JSON, 5.0 is a whole number too."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Here = Annotated[Runtime, Depends(runtime_of)]
Text = Annotated[str, StringConstraints(pattern=_STORABLE, max_length=10_000)]
Name = Annotated[str, StringConstraints(pattern=_VISIBLE, min_length=1, max_length=512)]
#: JSON has numbers and `true`; texts that look like them are texts.
#: Stands after the bounds of a whole number, so that the document shows them.
WHOLE: Final = BeforeValidator(_whole)
Number = Annotated[float, Strict()]
YesNo = Annotated[bool, Strict()]


def _written(value: object) -> object:
    """Seconds since 1970 are moments for pydantic; in JSON of ours they are mistakes."""
    if isinstance(value, str) and _MOMENT.match(value):
        return value
    message = "expected a moment such as 2026-03-01T12:00:00Z"
    raise ValueError(message)


Moment = Annotated[AwareDatetime, BeforeValidator(_written)]
#: An item: the id its sender gave it, or ours.
ItemName = Annotated[str, Field(min_length=1, max_length=512)]


class Sent(BaseModel):
    """What is sent in a body; a name that is not known is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def caller_of(request: Request) -> Caller:
    """Who calls; only for operations that ask."""
    caller = exchange_of(request.scope).caller
    assert caller is not None  # noqa: S101 - the guard of the operation let somebody in
    return caller


Calling = Annotated[Caller, Depends(caller_of)]


def person_of(request: Request) -> Person:
    """Which person calls; only for operations that ask for one."""
    caller = caller_of(request)
    assert isinstance(caller, Person)  # noqa: S101 - the guard of the operation let nobody else in
    return caller


Asking = Annotated[Person, Depends(person_of)]


def address_of(request: Request) -> str | None:
    """Where a request comes from, as far as the connection tells."""
    return request.client.host if request.client is not None else None


Address = Annotated[str | None, Depends(address_of)]

_REVIEWER: Final = "reviewer"


def reviewer_of(caller: Caller, named: str | None) -> str:
    """Who reviews: a person themselves, or whom the program of a platform names.

    Raises:
        OtherPerson: a person named somebody else.
        Refused: a program named nobody.
    """
    if isinstance(caller, Person):
        if named not in {None, caller.name}:
            raise OtherPerson(str(named))
        return caller.name
    if named is None:
        raise Refused(_REVIEWER, "is missing; a key does not say who reviews")
    return named
