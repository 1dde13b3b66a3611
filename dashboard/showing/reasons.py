"""Why an item is with people, what its policy says, and who wrote it: parts of a sheet."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from dashboard import formats
from dashboard.gateway import Answer
from dashboard.showing.item import AUTHOR_NAME
from dashboard.showing.sheet import Line, Part

_BLIND: Final = (
    "You decide without the machine's suggestion.",
    "What was found, who else looked at it, and how old it is are not told before.",
)
_AUTHOR: Final = "author."
#: What is shown of values of the item, in this order where it is there.
_FACTS: Final = (
    "author.account_age",
    "author.followers",
    "author.verified",
    "author.is_minor",
    "target.is_public_figure",
    "target.is_minor",
    "links.domain",
    "image.count",
    "text.quoted_share",
)


def why(desk: Answer, *, hidden: frozenset[str] = frozenset()) -> Part:
    """A sentence for each rule that brought the item here, numbered as its marks are.

    Args:
        desk: The answer of `GET /v1/cases/{id}/desk`.
        hidden: Rules whose marks are not shown.
    """
    if desk["case"]["blind"]:
        return Part(heading="Blind", lines=[Line(each) for each in _BLIND], lead=True)
    lines = list(_appeal(desk["appeal"]))
    for number, ground in enumerate(desk["grounds"], start=1):
        off = " (marks hidden)" if ground["rule"] in hidden else ""
        lines.append(Line(f"{number}  {ground['sentence']}{off}", "strong"))
        lines.extend(Line(saw, "faint") for saw in ground["saw"])
    if desk["reports"]:
        told = ", ".join(f"{reason} ({people})" for reason, people in desk["reports"].items())
        lines.append(Line(f"Reported by people: {told}"))
    return Part(heading="Why it is here", lines=lines, lead=True, height=190)


def _appeal(appeal: Answer | None) -> Iterator[Line]:
    if appeal is not None:
        yield Line(f"Appeal {appeal['number']} for a {appeal['asks']} decision", "strong")
        yield Line(appeal["statement"] or "Nothing was said with it.")


def suggestion(desk: Answer) -> Part:
    """What the machine suggests; nothing where it is hidden."""
    found = desk["case"]["suggestion"]
    if found is None:
        return Part(heading="Machine", lines=())
    reasons = ", ".join(title_of(desk, reason) for reason in found["reasons"])
    return Part(
        heading="Meanwhile the machine has it as",
        lines=[
            Line(f"{formats.words(found['action'])} · {reasons}" if reasons else found["action"])
        ],
    )


def policy(desk: Answer, *, height: int = 150) -> Part:
    """What the policy says, the rule that asked first."""
    words = desk["policy"]
    if words is None:
        return Part(heading="Policy", lines=())
    lines: list[Line] = []
    for rule in words["rules"]:
        lines.append(Line(rule["title"], "strong"))
        lines.extend(Line(each, "plain") for each in (rule["about"],) if each)
        lines.extend(Line(link, "faint") for link in rule["links"])
    return Part(heading=f"The policy says: {words['name']}", lines=lines, height=height)


def author(desk: Answer) -> Part:
    """What the author did before, and what is known of them."""
    record = desk["author"]
    names = [each["text"] for each in desk["texts"] if each["field"] == AUTHOR_NAME]
    lines = [Line(name, "strong") for name in names]
    if record is not None:
        strikes = ", ".join(f"{name} {n}" for name, n in record["strikes"].items())
        lines.append(
            Line(f"Strikes: {strikes or 'none'} · removed in 90 days: {record['removals']}")
        )
        lines.extend(Line(_former(each), "faint") for each in record["decisions"])
    lines.extend(Line(each, "faint") for each in _facts(desk["facts"]))
    return Part(heading="Who wrote it", lines=lines, height=120)


def title_of(desk: Answer, reason: str) -> str:
    """A reason as the author is told it; its name where the policy has it no more."""
    for each in desk["menu"]["reasons"]:
        if each["name"] == reason:
            return str(each["title"])
    return reason


def _former(decision: Answer) -> str:
    reasons = ", ".join(decision["reasons"])
    by = "the machine" if decision["made_by"] == "machine" else f"a {decision['made_by']}"
    what = formats.words(decision["action"])
    told = f"{formats.moment(decision['decided_at'])}: {what} by {by}"
    return f"{told} ({reasons})" if reasons else told


def _facts(facts: Mapping[str, Any]) -> Iterator[str]:
    for name in _FACTS:
        if name in facts:
            yield f"{formats.words(name.removeprefix(_AUTHOR))}: {_value(name, facts[name])}"


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if not isinstance(value, int | float):
        return str(value)
    if name.endswith("_age"):
        return formats.duration(value)
    return formats.share(value) if name.endswith("_share") else formats.count(value)
