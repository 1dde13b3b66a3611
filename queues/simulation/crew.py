"""Who is simulated: people with roles, languages, hours, accuracy and speed; a file lists them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from queues.errors import InvalidSettings
from queues.people import PREFIX, is_simulated
from queues.simulation.chance import normal

#: Of two, one is a senior: an appeal against a panel of three needs three others.
_SENIORS: Final = 2
_NAMES: Final = (
    *("ada", "ben", "cleo", "dan", "eva", "finn", "gus", "hana", "ivo", "jun", "kai", "lea"),
    *("mia", "ned", "oda", "pia", "quin", "rosa", "sol", "tom", "uma", "vic", "wes", "yara"),
)

Share = Annotated[float, Field(ge=0, le=1)]
Word = Annotated[str, Field(min_length=1, max_length=100)]


def _marked(name: str) -> str:
    if not is_simulated(name):
        message = f"a simulated person is called `{PREFIX}…`, such as `{PREFIX}{name}`"
        raise ValueError(message)
    return name


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Shift(_Section):
    """Hours that come every week; as for people with accounts."""

    day: Word
    start: Word
    end: Word


class Member(_Section):
    """Somebody who is simulated."""

    name: Annotated[
        str,
        Field(pattern=r"^[a-z0-9][a-z0-9._@+\-]*$", max_length=100),
        AfterValidator(_marked),
    ]
    roles: Annotated[tuple[Word, ...], Field(min_length=1)] = ("moderator",)
    """`moderator` for cases of one reviewer, `senior` for panels too."""
    languages: tuple[Word, ...] = ()
    """Those they read; empty: all."""
    policies: tuple[Word, ...] = ()
    """Those they know; empty: all."""
    shifts: tuple[Shift, ...] = ()
    """When they work; empty: at any time."""
    time_zone: Word = "UTC"
    """Of the shifts."""
    hourly_rate: Annotated[float, Field(ge=0)] | None = None
    """What an hour costs; by default as their role."""
    accuracy: Share = 0.92
    """How often they are right."""
    accuracy_by_policy: dict[str, Share] = Field(default_factory=dict)
    """The same under some policies, such as `{ hate = 0.85 }`."""
    seconds: Annotated[float, Field(gt=0)] = 28.8
    """Median of the seconds they work on a case; log-normal."""
    spread: Annotated[float, Field(ge=0, le=3)] = 0.6
    """Standard deviation of the logarithm of these seconds."""
    skips: Share = 0.0
    """Share of cases that they give back for good."""
    escalates: Share = 0.0
    """Share of cases of one reviewer that they bring before the panel."""
    undoes: Share = 0.0
    """Share of votes that they take back, to vote once more."""

    def accuracy_on(self, policy: str) -> float:
        """How often they are right under a policy."""
        return self.accuracy_by_policy.get(policy, self.accuracy)

    @property
    def senior(self) -> bool:
        """Whether they sit on panels."""
        return "senior" in self.roles


class Crew(_Section):
    """Everybody, and how their errors hang together."""

    correlation: Share = 0.3
    """How much people err on the same items: 0 not at all, 1 always; see `judgement`."""
    people: Annotated[tuple[Member, ...], Field(min_length=1)]


def crew_of(size: int, *, seed: int) -> Crew:
    """A crew of this size: people who differ a little, one in two a senior, the first of all.

    Accuracies lie about .92, seniors' about .95; medians of seconds about 28.8.
    """
    return Crew(people=tuple(_member(number, seed) for number in range(size)))


def read_crew(path: Path) -> Crew:
    """The crew of a TOML file.

    Raises:
        InvalidSettings: it cannot be read, is no TOML, or says something that is not possible.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
        crew = Crew.model_validate(given)
    except OSError as error:
        raise InvalidSettings([f"{path}: {error.strerror}"]) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSettings([f"{path}: {error}"]) from error
    except ValidationError as error:
        raise InvalidSettings([_sentence(path, each) for each in error.errors()]) from error
    names = [member.name for member in crew.people]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InvalidSettings([f"{path}: people: `{twice[0]}` is there twice"])
    return crew


def _member(number: int, seed: int) -> Member:
    cycle, place = divmod(number, len(_NAMES))
    name = PREFIX + _NAMES[place] + (str(cycle + 1) if cycle else "")
    senior = number % _SENIORS == 0
    middle = 0.95 if senior else 0.92
    return Member(
        name=name,
        roles=("moderator", "senior") if senior else ("moderator",),
        accuracy=round(min(0.99, max(0.7, middle + 0.02 * normal(seed, "accuracy", name))), 3),
        seconds=round(28.8 * (1.0 + 0.15 * max(-2.0, min(2.0, normal(seed, "pace", name)))), 1),
        skips=0.01,
        escalates=0.02,
        undoes=0.02,
    )


def _sentence(path: Path, error: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in error["loc"]) or "the file"
    if error["type"] == "extra_forbidden":
        return f"{path}: {place}: there is no such setting of a crew"
    message = error["msg"].removeprefix("Value error, ")
    return f"{path}: {place}: {message[:1].lower()}{message[1:]}"
