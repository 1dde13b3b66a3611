"""How an installation words its statements of reasons: `config/transparency.toml`."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AnyHttpUrl, Field, ValidationError, model_validator

from queues.errors import InvalidSettings
from queues.sections import Section
from queues.statements.codes import (
    EEA,
    EU,
    OTHER_KEYWORD,
    AccountDecision,
    Category,
    ContentType,
    Monetary,
    Provision,
    Source,
    Visibility,
)
from queues.statements.statement import Country, Keyword, Long, Short

Countries = Annotated[tuple[Country, ...], Field(min_length=1)]

_AREAS: Final = {"EU": EU, "EEA": EEA}


class Ground(Section):
    """What a policy, or one reason, is in the words of the database."""

    category: Category
    keywords: tuple[Keyword, ...] = ()
    """More exact words for the category; they begin with KEYWORD_."""
    other_keyword: Short | None = None
    """What KEYWORD_OTHER stands for."""
    law: Short | None = None
    """The law that is broken. With it the ground is illegal content; without, our terms."""
    terms: Short | None = None
    """Where the terms say so; without it the name of the policy."""
    explanation: Long | None = None
    """Why content of this kind breaks law or terms; without it the titles of the reasons."""

    @model_validator(mode="after")
    def _keywords(self) -> Self:
        if self.other_keyword and OTHER_KEYWORD not in self.keywords:
            message = "`other_keyword` needs KEYWORD_OTHER among the keywords"
            raise ValueError(message)
        return self


class Restricts(Section):
    """What an action is in the words of the database; nothing at all: it restricts nobody."""

    visibility: tuple[Visibility, ...] = ()
    other: Short | None = None
    """What DECISION_VISIBILITY_OTHER or DECISION_MONETARY_OTHER stands for."""
    monetary: Monetary | None = None
    provision: Provision | None = None
    account: AccountDecision | None = None

    @property
    def anything(self) -> bool:
        """Whether a statement is owed."""
        return bool(self.visibility or self.monetary or self.provision or self.account)

    @model_validator(mode="after")
    def _explained(self) -> Self:
        needed = Visibility.OTHER in self.visibility or self.monetary is Monetary.OTHER
        if needed != (self.other is not None):
            message = "`other` says what …_OTHER stands for, and nothing else"
            raise ValueError(message)
        return self


#: Actions every policy has, where the file does not say otherwise.
BUILT_IN: Final = {
    "publish": Restricts(),
    "warn": Restricts(),
    "label": Restricts(visibility=(Visibility.LABELLED,)),
    "age_gate": Restricts(visibility=(Visibility.AGE_RESTRICTED,)),
    "limit": Restricts(visibility=(Visibility.DEMOTED,)),
    "hide": Restricts(visibility=(Visibility.DISABLED,)),
    "remove": Restricts(visibility=(Visibility.REMOVED,)),
}


class Redress(Section):
    """What an author can do beside appealing here (Art. 17(3)(f))."""

    out_of_court: AnyHttpUrl | None = None
    """Where certified bodies for out-of-court settlement are found (Art. 21)."""
    judicial: Short | None = None
    """What courts can be asked."""


class Transparency(Section):
    """Wording of statements; every part has a default."""

    territorial_scope: Countries | Literal["EU", "EEA"] = "EEA"
    """Where decisions apply: EU, EEA or a list of countries."""
    terms_url: AnyHttpUrl | None = None
    """Where the terms stand that content can be incompatible with."""
    source_of_reports: Source = Source.OTHER_NOTIFICATION
    """What users' reports are: SOURCE_ARTICLE_16 where they come by the form of Article 16."""
    redress: Redress = Redress()
    content_types: Mapping[str, Annotated[tuple[ContentType, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """Kind of item → what it is made of; others are CONTENT_TYPE_OTHER."""
    default: Ground = Ground(category=Category.OTHER_VIOLATION)
    """For policies that are not listed."""
    policies: Mapping[str, Ground] = Field(default_factory=dict)
    reasons: Mapping[str, Ground] = Field(default_factory=dict)
    """Where one reason needs other words than its policy."""
    actions: Mapping[str, Restricts] = Field(default_factory=dict)
    """Other actions of the policy than the built-in ones; unlisted, they restrict visibility."""

    @property
    def countries(self) -> tuple[str, ...]:
        """Where decisions apply."""
        scope = self.territorial_scope
        return _AREAS[scope] if isinstance(scope, str) else scope

    def ground(self, reason: str | None, policy: str | None) -> Ground:
        """What a reason is, else its policy, else anything."""
        found = self.reasons.get(reason or "") or self.policies.get(policy or "")
        return found or self.default

    def restricts(self, action: str) -> Restricts:
        """What an action does."""
        found = self.actions.get(action) or BUILT_IN.get(action)
        return found or Restricts(visibility=(Visibility.OTHER,), other=action[:500])


def load_transparency(path: Path | None) -> Transparency:
    """Read the file; without one the defaults hold.

    Raises:
        InvalidSettings: it is no TOML, or says something the schema does not have.
    """
    if path is None or not path.is_file():
        return Transparency()
    try:
        return Transparency.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings([f"{path}: {error}"]) from error
    except ValidationError as error:
        raise InvalidSettings([_sentence(path, each) for each in error.errors()]) from error


def _sentence(path: Path, error: Any) -> str:  # noqa: ANN401 - what the library tells
    place = ".".join(str(part) for part in error["loc"])
    return f"{path}: {place}: {error['msg'][:1].lower()}{error['msg'][1:]}"
