"""What AutoModerator's documentation says a rule means, written plainly with `re`.

It judges checks alone, on items as plain values, and knows nothing of our rules. It is written from
the public documentation.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Rule = Mapping[str, Any]
Facts = Mapping[str, Any]

_AROUND = {
    "includes-word": r"(?:^|\W|\b)(?:{})(?:$|\W|\b)",
    "includes": "{}",
    "starts-with": r"\A(?:{})",
    "ends-with": r"(?:{})\Z",
    "full-exact": r"\A(?:{})\Z",
    "full-text": r"\A\W*(?:{})\W*\Z",
}
_USUAL = {"url": "includes", "flair_text": "full-exact", "id": "full-exact"}
_SIGNS = {
    "<": lambda value, limit: value < limit,
    ">": lambda value, limit: value > limit,
    "=": lambda value, limit: value == limit,
}
_DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30, "year": 365}
_OF_COMMENTS = ("body", "id")
_NOT_CHECKS = ("type", "action", "author", "parent_submission", "moderators_exempt")


def holds(rule: Rule, facts: Facts) -> bool:
    """Whether all checks of a rule are met by an item.

    Args:
        rule: As YAML reads it.
        facts: `kind` (`comment` or `post`), its texts and numbers, `author` and `parent`.
    """
    kind = str(rule.get("type", "any"))
    if kind != "any" and (kind == "comment") != (facts["kind"] == "comment"):
        return False
    if facts.get("is_moderator") and rule.get("moderators_exempt", True):
        return False
    checks = {key: value for key, value in rule.items() if key not in _NOT_CHECKS}
    if not all(_check(key, value, facts) for key, value in checks.items()):
        return False
    return _author(rule.get("author", {}), facts) and _parent(rule, facts)


def _author(checks: Rule, facts: Facts) -> bool:
    thresholds = ("account_age", "comment_karma", "post_karma")
    limits = [_threshold(checks[name], facts[name]) for name in thresholds if name in checks]
    enough = any(limits) if checks.get("satisfy_any_threshold") else all(limits)
    rest = {
        key: value
        for key, value in checks.items()
        if key not in (*thresholds, "satisfy_any_threshold")
    }
    found = {**facts, **facts["author"]}
    return (enough or not limits) and all(_check(key, one, found) for key, one in rest.items())


def _parent(rule: Rule, facts: Facts) -> bool:
    checks = rule.get("parent_submission")
    if checks is None:
        return True
    if facts["kind"] != "comment":
        return False
    parent = {"kind": "post", **facts["parent"]}
    return all(_check(key, value, parent) for key, value in checks.items())


def _check(key: str, value: Any, facts: Facts) -> bool:  # noqa: ANN401  # YAML
    if key == "body_longer_than":
        return bool(len(facts["body"]) > value)
    if key == "body_shorter_than":
        return bool(len(facts["body"]) < value)
    if key == "reports":
        return bool(facts["reports"] >= value)
    if isinstance(value, bool):
        return bool(facts[key]) == value
    return _search(key, value, facts)


def _search(key: str, value: Any, facts: Facts) -> bool:  # noqa: ANN401  # YAML
    name, _, words = key.partition("(")
    modifiers = [word.strip() for word in words.rstrip(")").split(",")]
    fields = name.strip().lstrip("~").split("#")[0].split("+")
    if facts["kind"] == "comment" and "name" not in fields:
        fields = [field for field in fields if field in _OF_COMMENTS]
        if not fields:
            return False
    method = next((one for one in modifiers if one in _AROUND), None)
    usual = _USUAL.get(fields[0], "includes-word") if "+" not in name else "includes-word"
    values: Sequence[str] = value if isinstance(value, list) else [value]
    parts = [one if "regex" in modifiers else re.escape(one) for one in values]
    pattern = _AROUND[method or usual].format(f"(?:{'|'.join(parts)})")
    flags = re.DOTALL if "case-sensitive" in modifiers else re.DOTALL | re.IGNORECASE
    found = any(re.search(pattern, str(facts.get(field, "")), flags) for field in fields)
    return found != name.startswith("~")


def _threshold(written: str, value: float) -> bool:
    found = re.fullmatch(r"([<>=]?)\s*(-?\d+)\s*([a-z]*?)s?", str(written))
    assert found is not None
    limit = float(found[2]) * _DAYS.get(found[3], 1)
    return bool(_SIGNS[found[1] or "="](value, limit))
