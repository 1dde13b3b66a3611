"""The command that runs the tests that stand beside the rules."""

from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import orjson
import typer

from engine.cli.loading import load_release
from engine.cli.locations import rules_folder
from engine.cli.moments import moment
from engine.cli.terminal import printable
from engine.proving import proved
from engine.rules.testing import Standing, Trial


class Layout(StrEnum):
    """How results are shown."""

    #: For people.
    TEXT = "text"
    #: One object.
    JSON = "json"


def run_rule_tests(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders or files of rules; by default ./rules.", show_default=False),
    ] = None,
    *,
    rule: Annotated[
        list[str] | None, typer.Option(help="Only the tests of this rule, exemption or story.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(help="The day it is for the tests; by default today.")
    ] = None,
    layout: Annotated[
        Layout, typer.Option("--format", help="For people, or as one JSON object.")
    ] = Layout.TEXT,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show the tests that pass too.")
    ] = False,
) -> None:
    """Run the examples that stand beside the rules, and the stories over time.

    Ends with 1 if one fails. A failing known gap is listed; one that passes now is reported, so
    that `known_gap` can go.

    Examples:
      tierwise test
      tierwise test rules --rule hate-remove
      tierwise test rules --format json | jq .failed
    """
    release = load_release(*(paths or [rules_folder(None)]))
    trials = proved(release, now=moment(now))
    if rule:
        _known(trials, rule)
        trials = tuple(trial for trial in trials if trial.owner in rule)
    if layout is Layout.JSON:
        typer.echo(orjson.dumps(_record(trials), option=orjson.OPT_INDENT_2))
    else:
        for line in lines(trials, verbose=verbose):
            typer.echo(line)
    if any(trial.standing is Standing.FAILED for trial in trials):
        raise typer.Exit(1)


def lines(trials: Sequence[Trial], *, verbose: bool) -> Iterator[str]:
    """The results as a person reads them; the last line counts them."""
    quiet = () if verbose else (Standing.PASSED,)
    for trial in trials:
        if trial.standing in quiet:
            continue
        place = f"{trial.span.file}:{trial.span.line}"
        yield printable(f"{place}  {trial.standing}  {trial.owner}: {trial.label}")
        if trial.standing is Standing.CLOSED:
            yield "    closed: remove known_gap"
        for difference in trial.differences:
            yield printable(f"    expected {difference.expected}, got {difference.got}")
        for line in trial.why:
            yield printable(f"      {line}")
    passed, failed, known_gaps = _counts(trials)
    yield f"{passed} passed, {failed} failed, {known_gaps} known gaps"


def _counts(trials: Sequence[Trial]) -> tuple[int, int, int]:
    counts = Counter(trial.standing for trial in trials)
    passed = counts[Standing.PASSED] + counts[Standing.CLOSED]
    return passed, counts[Standing.FAILED], counts[Standing.KNOWN_GAP]


def _record(trials: Sequence[Trial]) -> dict[str, object]:
    passed, failed, known_gaps = _counts(trials)
    return {
        "passed": passed,
        "failed": failed,
        "known_gaps": known_gaps,
        "tests": [
            {
                "owner": trial.owner,
                "test": trial.label,
                "standing": trial.standing,
                "file": trial.span.file,
                "line": trial.span.line,
                "differences": [
                    {"expected": each.expected, "got": each.got} for each in trial.differences
                ],
                "why": trial.why,
            }
            for trial in trials
        ],
    }


def _known(trials: Sequence[Trial], names: Sequence[str]) -> None:
    """Refuse a name without tests: it is probably mistyped."""
    owners = {trial.owner for trial in trials}
    for name in names:
        if name not in owners:
            message = f"no rule, exemption or story with tests is called `{name}`"
            raise typer.BadParameter(message)
