"""Why a rule may have had its day: reasons that figures give, in words, the strongest first."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from dashboard import formats
from dashboard.gateway import Answer

#: A rule that is right less often than this asks for work that it does not repay.
PRECISION: Final = 0.5
#: What other rules catch as well is not missed.
ALONE: Final = 0.05
_MOST: Final = 0.2
"""Answered appeals that overturn it."""


def reasons(rule: Answer, *, silent: bool, whole: bool) -> list[str]:
    """Why one rule may be retired; none: it earns its keep.

    A share counts where its whole interval says so, as one that is not sure yet may be chance.

    Args:
        rule: Of `GET /v1/rules`.
        silent: Whether it was not seen to match.
        whole: Whether all items were read.
    """
    found = []
    if rule["ends"] is not None and rule["ends_soon"]:
        found.append(f"ends {formats.moment(rule['ends'])}")
    if silent:
        most = "" if whole else f" (at most {formats.count(rule['hits']['high'])})"
        found.append(f"matched nothing{most}")
    if _below(rule["precision"], PRECISION):
        found.append(f"right in {formats.share(rule['precision']['value'])}")
    if rule["hits"]["seen"] and _below(rule["alone"], ALONE):
        found.append("others catch what it does")
    if _above(rule["overturned_on_appeal"], _MOST):
        found.append(f"{formats.share(rule['overturned_on_appeal']['value'])} of appeals overturn")
    return found


def listed(rules: Iterable[Answer], silent: Sequence[str], *, whole: bool) -> Mapping[str, str]:
    """Rule → its reasons in one line; of rules that have any."""
    quiet = set(silent)
    told = {
        rule["name"]: reasons(rule, silent=rule["name"] in quiet, whole=whole) for rule in rules
    }
    return {name: "; ".join(why) for name, why in told.items() if why}


def _below(measure: Answer, limit: float) -> bool:
    return measure["state"] == "known" and measure["high"] is not None and measure["high"] < limit


def _above(measure: Answer, limit: float) -> bool:
    return measure["state"] == "known" and measure["low"] is not None and measure["low"] > limit
