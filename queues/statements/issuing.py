"""Writes the statement of reasons of a decision that restricts somebody.

It names policies, reasons and titles of rules, never what people wrote or who they are: statements
are published.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from engine.rules.model import Policy
from queues.statements.codes import (
    LANGUAGES,
    Automation,
    ContentType,
    Monetary,
    Source,
    Visibility,
    YesNo,
)
from queues.statements.codes import Ground as Basis
from queues.statements.statement import Statement
from queues.statements.transparency import Ground, Restricts, Transparency

_SHORT: Final = 500
_LONG: Final = 2_000
_LONGEST: Final = 5_000
_FIRST: Final = date(2000, 1, 1)
_WHO: Final = {
    "machine": "An automated system made the decision; nobody looked at the content before.",
    "person": "A reviewer looked at the content and made the decision.",
    "panel": "A panel of reviewers looked at the content and made the decision.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A decision, as far as its statement tells of it."""

    decision_id: UUID
    action: str
    reasons: tuple[str, ...]
    policy: str | None
    made_by: str
    """`machine`, `person` or `panel`."""
    after_machine: bool = False
    """People decided about what a machine had restricted."""
    reported: bool = False
    """Users' reports made us look."""
    rules: tuple[str, ...] = ()
    """Rules that took part."""
    override: str | None = None
    """The decision about this content that was applied again, instead of rules."""
    kind: str = "post"
    has_images: bool = False
    language: str | None = None
    written: date
    """When the content was published, at the latest when we received it."""
    applied: date
    """Since when the decision holds."""


def state_reasons(
    restriction: Restriction, policy: Policy, wording: Transparency
) -> Statement | None:
    """The statement of reasons of a decision; None where it restricts nothing."""
    restricts = wording.restricts(restriction.action)
    if not restricts.anything:
        return None
    first = next(iter(restriction.reasons), None)
    main = wording.ground(first, _policy_of(first, policy) or restriction.policy)
    others = _other_grounds(restriction, policy, wording, main)
    titles = _titles(restriction, policy)
    return Statement.model_validate(
        {
            **_restricted(restricts),
            **_basis(main, titles, restriction),
            "decision_ground_reference_url": None if main.law else wording.terms_url,
            **_categories(main, others),
            **_content(restriction, wording),
            "territorial_scope": wording.countries,
            "application_date": restriction.applied,
            "decision_facts": _facts(restriction, policy),
            "source_type": wording.source_of_reports if restriction.reported else Source.VOLUNTARY,
            "automated_detection": YesNo.NO if restriction.reported else YesNo.YES,
            "automated_decision": _automation(restriction),
            "puid": str(restriction.decision_id),
        }
    )


def _policy_of(reason: str | None, policy: Policy) -> str | None:
    found = policy.vocabulary.reasons.get(reason or "")
    return None if found is None else found.policy


def _other_grounds(
    restriction: Restriction, policy: Policy, wording: Transparency, main: Ground
) -> Sequence[Ground]:
    found = [
        wording.ground(reason, _policy_of(reason, policy)) for reason in restriction.reasons[1:]
    ]
    return [each for each in found if each is not main and each is not wording.default]


def _titles(restriction: Restriction, policy: Policy) -> str:
    known = policy.vocabulary.reasons
    titles = [known[name].title if name in known else name for name in restriction.reasons]
    return "; ".join(titles) or restriction.policy or restriction.action


def _restricted(restricts: Restricts) -> dict[str, object]:
    """What is restricted, as the fields that say so."""
    other = restricts.other
    return {
        "decision_visibility": restricts.visibility or None,
        "decision_visibility_other": other if Visibility.OTHER in restricts.visibility else None,
        "decision_monetary": restricts.monetary,
        "decision_monetary_other": other if restricts.monetary is Monetary.OTHER else None,
        "decision_provision": restricts.provision,
        "decision_account": restricts.account,
    }


def _categories(main: Ground, others: Sequence[Ground]) -> dict[str, object]:
    """What it is about: the first reason, and what the others add."""
    everything = (main, *others)
    return {
        "category": main.category,
        "category_addition": tuple(
            dict.fromkeys(each.category for each in others if each.category is not main.category)
        ),
        "category_specification": tuple(
            dict.fromkeys(word for each in everything for word in each.keywords)
        ),
        "category_specification_other": next(
            (each.other_keyword for each in everything if each.other_keyword), None
        ),
    }


def _basis(ground: Ground, titles: str, restriction: Restriction) -> dict[str, object]:
    """Law or terms, and why they are broken."""
    explanation = _cut(ground.explanation or f"{titles}.", _LONG)
    if ground.law:
        return {
            "decision_ground": Basis.ILLEGAL,
            "illegal_content_legal_ground": ground.law,
            "illegal_content_explanation": explanation,
        }
    return {
        "decision_ground": Basis.INCOMPATIBLE,
        "incompatible_content_ground": _cut(
            ground.terms or f"Policy: {restriction.policy or titles}", _SHORT
        ),
        "incompatible_content_explanation": explanation,
    }


def _content(restriction: Restriction, wording: Transparency) -> dict[str, object]:
    types = wording.content_types.get(restriction.kind, (ContentType.OTHER,))
    if restriction.has_images:
        types = tuple(dict.fromkeys((*types, ContentType.IMAGE)))
    language = (restriction.language or "")[:2].upper()
    return {
        "content_type": types,
        "content_type_other": (
            _cut(restriction.kind, _SHORT) if ContentType.OTHER in types else None
        ),
        "content_language": language if language in LANGUAGES else None,
        "content_date": max(_FIRST, min(restriction.written, restriction.applied)),
    }


def _facts(restriction: Restriction, policy: Policy) -> str:
    """What the decision relied on, in sentences."""
    parts = ["Users reported the content."] if restriction.reported else []
    titles = list(dict.fromkeys(_rule_titles(restriction.rules, policy)))
    if titles:
        parts.append(f"Rules that matched: {'; '.join(titles)}.")
    parts.append(_who(restriction))
    if restriction.after_machine:
        parts.append("Until then an automated system had restricted the content.")
    return _cut(" ".join(parts), _LONGEST)


def _who(restriction: Restriction) -> str:
    if restriction.override is None:
        return _WHO[restriction.made_by]
    return (
        "It is exactly the content about which we had decided before"
        f" (override {restriction.override}); an automated system applied that decision."
    )


def _rule_titles(names: Iterable[str], policy: Policy) -> Iterable[str]:
    for name in names:
        rule = policy.rules.get(name)
        yield (rule.title if rule is not None else None) or name


def _automation(restriction: Restriction) -> Automation:
    if restriction.made_by == "machine":
        return Automation.FULLY
    return Automation.PARTIALLY if restriction.after_machine else Automation.NOT


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
