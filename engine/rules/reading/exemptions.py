"""`exempt` documents: allow-lists from outside the rules they cover."""

from collections.abc import Mapping
from fnmatch import fnmatchcase

from engine.rules.documents import Node, Scalar
from engine.rules.model import AllOf, Exemption, Rule
from engine.rules.reading.conditions import Conditions, read_condition
from engine.rules.reading.examples import tests
from engine.rules.reading.reader import Reader
from engine.rules.reading.rules import dates, refuse_decision
from engine.rules.reading.scalars import names, optional, text
from engine.rules.reading.shapes import keys_of, require
from engine.rules.suggestions import shown

_KEYS = (
    "exempt",
    "title",
    "about",
    "owner",
    "approved_by",
    "because",
    "covers",
    "when",
    "starts",
    "ends",
    "tests",
    "links",
)


def read_exemptions(
    conditions: Conditions, rules: Mapping[str, Rule], owners: Mapping[str, str]
) -> dict[str, Exemption]:
    """All exemptions, with the names of the rules they cover."""
    found: dict[str, Exemption] = {}
    for document in conditions.names.all_of("exempt"):
        reader = Reader(document, conditions.names, conditions.mistakes)
        one = _exemption(reader, conditions, rules, owners.get(document.file))
        if one is not None:
            found[one.name] = one
    return found


def _exemption(
    reader: Reader, conditions: Conditions, rules: Mapping[str, Rule], owner: str | None
) -> Exemption | None:
    document = reader.document
    keys = keys_of(reader, document.node, _KEYS)
    if keys is None:
        return None
    owned = owner is not None or ("file", document.file) in reader.names.lost
    needed = ("because", "covers", "when") if owned else ("owner", "because", "covers", "when")
    require(reader, keys, needed, document.node)
    condition = None
    if (node := keys.get("when")) is not None:
        condition, uses = read_condition(reader, conditions, node)
        refuse_decision(reader, uses)
    starts, ends = dates(reader, keys)
    return Exemption(
        name=document.name,
        title=optional(reader, keys, "title"),
        owner=optional(reader, keys, "owner") or owner or "",
        approved_by=optional(reader, keys, "approved_by"),
        because=text(reader, keys.get("because")) or "",
        covers=_covered(reader, keys.get("covers"), rules),
        when=condition or AllOf(parts=(), span=document.span),
        starts=starts,
        ends=ends,
        tests=tests(reader, keys.get("tests")),
        span=document.span,
    )


def _covered(reader: Reader, node: Node | None, rules: Mapping[str, Rule]) -> tuple[str, ...]:
    found: set[str] = set()
    for one in names(reader, node):
        found.update(_matching(reader, one, rules))
    variants = {rule.name for rule in rules.values() if rule.variant_of in found}
    return tuple(sorted(found | variants))


def _matching(reader: Reader, node: Scalar, rules: Mapping[str, Rule]) -> set[str]:
    declared = reader.names.of("rule")
    if "*" in node.value:
        matching = {name for name in declared if _matches(name, node.value)}
    else:
        matching = {node.value} & declared.keys()
    if not matching:
        if not reader.names.declared("rule", node.value):
            if "*" in node.value:
                message = f"no rule is called `{shown(node.value)}`"
                reader.error("unknown-rule", message, node)
            else:
                reader.unknown("rule", node, declared)
        return set()
    protected = {name for name in matching if name in rules and rules[name].protected}
    if protected == matching:
        message = f"`{shown(node.value)}` is protected: nothing exempts it"
        reader.error("protected", message, node, "leave it out")
    return matching - protected


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern.replace("[", "[[]").replace("?", "[?]"))
