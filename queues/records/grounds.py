"""Why a case is with people: a sentence for each rule, and the pieces of text that it saw."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, text

from engine.rules.model import Policy, Rule
from engine.verdict import HitStatus
from queues.review import Claimed

#: Those that had a say; what shadows and exempted rules saw decides nothing.
_SPOKE: Final = frozenset({HitStatus.LIVE, HitStatus.UNCERTIFIED, HitStatus.MISSING})
_MISSING: Final = "A value that this rule needs did not arrive, so that people look."
_RULES: Final = text("SELECT trace -> 'rules' AS rules FROM verdicts WHERE id = :verdict")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of a text that a rule found, in characters; the end is not in it."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A rule that had a say in bringing an item here."""

    rule: str
    policy: str | None
    """None: the release in force has the rule no more."""
    sentence: str
    """What it looks for, in the words of policy."""
    saw: tuple[str, ...]
    """What it saw, such as `score.hate 0.981 ≥ 0.97 (sure)`."""
    pieces: tuple[Piece, ...]
    about: str | None
    links: tuple[str, ...]


def grounds_of(connection: Connection, claimed: Claimed, policy: Policy) -> tuple[Ground, ...]:
    """Why a case is here, the rule that asked for people first.

    Args:
        connection: To read the verdict with.
        claimed: The case; not one that is blind.
        policy: In force; has the words of rules.
    """
    given = {"verdict": claimed.verdict_id}
    hits: list[dict[str, Any]] = connection.execute(_RULES, given).scalar_one_or_none() or []
    spoke = [hit for hit in hits if hit["status"] in _SPOKE]
    asked = [hit for hit in spoke if hit["name"] == claimed.rule]
    others = [hit for hit in spoke if hit["name"] != claimed.rule]
    if not asked:
        asked = [{"name": claimed.rule, "status": HitStatus.LIVE, "evidence": ()}]
    return tuple(_ground(hit, policy.rules.get(hit["name"])) for hit in (*asked, *others))


def _ground(hit: Mapping[str, Any], rule: Rule | None) -> Ground:
    evidence = hit["evidence"]
    title = (rule.title if rule is not None else None) or hit["name"].replace("-", " ")
    missing = hit["status"] == HitStatus.MISSING
    return Ground(
        rule=hit["name"],
        policy=None if rule is None else rule.policy,
        sentence=_sentence(title),
        saw=(_MISSING,) if missing else tuple(dict.fromkeys(leaf["leaf"] for leaf in evidence)),
        pieces=tuple(_pieces(evidence)),
        about=None if rule is None else rule.about,
        links=() if rule is None else rule.links,
    )


def _sentence(title: str) -> str:
    written = title[:1].upper() + title[1:]
    return written if written.endswith((".", "!", "?")) else f"{written}."


def _pieces(evidence: Iterable[Mapping[str, Any]]) -> Iterable[Piece]:
    for leaf in evidence:
        for start, end in leaf.get("spans", ()):
            yield Piece(field=leaf["field"], start=start, end=end)
