"""Settings that changed, and the rules they stand in."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from engine.diffing.difference import Change, Fate, Kind, RuleDifference, SharedDifference
from engine.rules.quantities import NotAQuantity, number


def settings_changed(rules: Iterable[RuleDifference]) -> Iterator[SharedDifference]:
    """Each change of a setting once, with all rules that changed with it."""
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for each in rules:
        if each.old is None or each.new is None or not each.changes:
            continue
        for name, after in each.new.settings.items():
            before = each.old.settings.get(name)
            if before is not None and _value(before) != _value(after):
                found[name, before, after].append(each.name)
    for (name, before, after), names in sorted(found.items()):
        change = Change(aspect="value", old=before, new=after)
        yield SharedDifference(
            kind=Kind.SETTING,
            name=name,
            fate=Fate.CHANGED,
            changes=(change,),
            rules=tuple(sorted(names)),
        )


def _value(written: str) -> object:
    try:
        return number(written)
    except NotAQuantity:
        return written
