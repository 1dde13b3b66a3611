"""Rules, exemptions and lists whose time is over."""

from collections.abc import Iterator

from engine.diagnostics import Diagnostic, Span
from engine.rules.lints import wording
from engine.rules.lints.survey import Survey, warning
from engine.rules.model import Status


def expired(survey: Survey) -> Iterator[Diagnostic]:
    """`expired`: `ends` lies in the past."""
    policy = survey.policy
    for rule in policy.rules.values():
        if rule.status in (Status.LIVE, Status.SHADOW):
            yield from _over(survey, "rule", rule.name, rule.ends, rule.span)
    for exemption in policy.exemptions.values():
        yield from _over(survey, "exemption", exemption.name, exemption.ends, exemption.span)
    for each in policy.lists.values():
        yield from _over(survey, "list", each.name, each.ends, each.span)


def _over(
    survey: Survey, what: str, name: str, ends: float | None, span: Span
) -> Iterator[Diagnostic]:
    if ends is not None and ends <= survey.now:
        yield warning(
            "expired",
            f"{what} `{name}` ended on {wording.last_day(ends)}",
            span,
            hint="remove it, or move `ends`",
        )
