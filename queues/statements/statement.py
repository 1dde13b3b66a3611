"""A statement of reasons in the fields of the DSA Transparency Database, checked as it checks.

What the database would refuse or drop is refused here: values outside its lists, texts that are
too long, fields that another field makes necessary or idle, and dates it does not take.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Final, Self

from pydantic import AfterValidator, AnyHttpUrl, BaseModel, ConfigDict, Field, model_validator

from queues.statements.codes import (
    EEA,
    KEYWORDS,
    LANGUAGES,
    OTHER_KEYWORD,
    AccountDecision,
    AccountType,
    Automation,
    Category,
    ContentType,
    Ground,
    Monetary,
    Provision,
    Source,
    Visibility,
    YesNo,
)

_FIRST_CONTENT: Final = date(2000, 1, 1)
_FIRST_DECISION: Final = date(2020, 1, 1)
_LAST: Final = date(2038, 1, 1)
_EAN: Final = re.compile(r"\d{13}", re.ASCII)


def _one_of(known: frozenset[str], what: str) -> AfterValidator:
    def check(value: str) -> str:
        if value not in known:
            message = f"`{value}` is not a {what} of the schema"
            raise ValueError(message)
        return value

    return AfterValidator(check)


Short = Annotated[str, Field(min_length=1, max_length=500)]
Long = Annotated[str, Field(min_length=1, max_length=2_000)]
Keyword = Annotated[str, _one_of(KEYWORDS, "keyword")]
Country = Annotated[str, _one_of(frozenset(EEA), "country")]
Language = Annotated[str, _one_of(LANGUAGES, "language")]


class Statement(BaseModel):
    """One statement; field names, values and conditions are those of the database's interface."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    decision_visibility: tuple[Visibility, ...] | None = Field(default=None, min_length=1)
    decision_visibility_other: Short | None = None
    end_date_visibility_restriction: date | None = None
    decision_monetary: Monetary | None = None
    decision_monetary_other: Short | None = None
    end_date_monetary_restriction: date | None = None
    decision_provision: Provision | None = None
    end_date_service_restriction: date | None = None
    decision_account: AccountDecision | None = None
    end_date_account_restriction: date | None = None
    account_type: AccountType | None = None
    decision_ground: Ground
    decision_ground_reference_url: AnyHttpUrl | None = Field(default=None)
    illegal_content_legal_ground: Short | None = None
    illegal_content_explanation: Long | None = None
    incompatible_content_ground: Short | None = None
    incompatible_content_explanation: Long | None = None
    incompatible_content_illegal: YesNo | None = None
    category: Category
    category_addition: tuple[Category, ...] = ()
    category_specification: tuple[Keyword, ...] = ()
    category_specification_other: Short | None = None
    content_type: Annotated[tuple[ContentType, ...], Field(min_length=1)]
    content_type_other: Short | None = None
    content_id: dict[str, str] | None = None
    content_language: Language | None = None
    content_date: Annotated[date, Field(ge=_FIRST_CONTENT, le=_LAST)]
    territorial_scope: Annotated[tuple[Country, ...], Field(min_length=1)]
    application_date: Annotated[date, Field(ge=_FIRST_DECISION, le=_LAST)]
    decision_facts: Annotated[str, Field(min_length=1, max_length=5_000)]
    source_type: Source
    source_identity: Short | None = None
    automated_detection: YesNo
    automated_decision: Automation
    puid: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,500}$")]

    @model_validator(mode="after")
    def _conditions(self) -> Self:
        mistakes = [*self._missing(), *self._idle(), *self._wrong()]
        if mistakes:
            raise ValueError("; ".join(mistakes))
        return self

    def fields(self) -> dict[str, object]:
        """As JSON has it, without what is empty: the body of a request to the database."""
        written = self.model_dump(mode="json", exclude_none=True)
        return {name: value for name, value in written.items() if value != []}

    def _needed(self) -> Iterator[tuple[str, bool]]:
        """Fields that must be there exactly where something else is so."""
        visibility = self.decision_visibility or ()
        illegal = self.decision_ground is Ground.ILLEGAL
        yield "decision_visibility_other", Visibility.OTHER in visibility
        yield "decision_monetary_other", self.decision_monetary is Monetary.OTHER
        yield "illegal_content_legal_ground", illegal
        yield "illegal_content_explanation", illegal
        yield "incompatible_content_ground", not illegal
        yield "incompatible_content_explanation", not illegal
        yield "content_type_other", ContentType.OTHER in self.content_type

    def _missing(self) -> Iterator[str]:
        decided = (
            self.decision_visibility,
            self.decision_monetary,
            self.decision_provision,
            self.decision_account,
        )
        if all(part is None for part in decided):
            yield "something must be restricted: visibility, payments, service or account"
        for name, needed in self._needed():
            if needed and getattr(self, name) is None:
                yield f"`{name}` is missing"

    def _idle(self) -> Iterator[str]:
        for name, needed in self._needed():
            if not needed and getattr(self, name) is not None:
                yield f"`{name}` does not belong here"
        if self.incompatible_content_illegal and self.decision_ground is Ground.ILLEGAL:
            yield "`incompatible_content_illegal` does not belong here"
        if self.category_specification_other and OTHER_KEYWORD not in self.category_specification:
            yield "`category_specification_other` needs KEYWORD_OTHER"
        if self.source_identity and self.source_type is Source.VOLUNTARY:
            yield "`source_identity` does not belong to a voluntary decision"

    def _wrong(self) -> Iterator[str]:
        for part in ("visibility", "monetary", "service", "account"):
            end: date | None = getattr(self, f"end_date_{part}_restriction")
            if end is not None and not self.application_date <= end <= _LAST:
                yield f"`end_date_{part}_restriction` lies before the decision, or too far ahead"
        for key, value in (self.content_id or {}).items():
            if key != "EAN-13" or not _EAN.fullmatch(value):
                yield "`content_id` takes an `EAN-13` of 13 digits"
