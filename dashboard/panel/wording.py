"""What panels say in words: their rule, where they stand, what was voted."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from dashboard.formats import moment, words
from dashboard.gateway import Answer
from dashboard.showing.sheet import Line, Part

#: A reason as people read it, by its name.
Titles = Callable[[str], str]

_SEALED: Final = "Nobody sees how others vote before all votes of a round are in."
_THEN: Final = (
    "If they do not agree once more, the strictest that more than half of the votes back is done."
)
_UNTOLD: Final = (
    "The item stays as its rule says until the panel decides. What that is, is told after the"
    " first round: it would say what the machine thinks."
)


def rule(panel: Answer) -> list[str]:
    """How a panel decides, a sentence each."""
    seats = panel["seats"]
    match panel["decide"]:
        case "unanimous":
            how = f"{seats} people vote, and all have to agree."
            then = "If they do not after two rounds, one more joins them and the majority decides."
        case "two_plus_one":
            how = "Two people vote; a third is asked only where they differ, and two have to agree."
            then = _THEN
        case _:
            how = f"{seats} people vote; {seats // 2 + 1} votes for the same decide."
            then = _THEN
    if panel["round"] == 1:
        return [how, _SEALED, "Without agreement all votes are shown, and all vote again."]
    return [how, then]


def standing(panel: Answer) -> str:
    """Where the present round stands: `round 2 · 1 of 3 votes`."""
    seats = "2 or 3" if panel["decide"] == "two_plus_one" else panel["seats"]
    return f"round {panel['round']} · {panel['votes_cast']} of {seats} votes"


def meanwhile(panel: Answer) -> str:
    """What is done to the item until the panel decides."""
    found = panel["meanwhile"]
    return _UNTOLD if found is None else f"Until the panel decides, it is held as: {action(found)}."


def said(ballot: Answer, titles: Titles) -> str:
    """What a ballot says: `remove · Attack on a group`."""
    return " · ".join([action(ballot["action"]), *map(titles, ballot["reasons"])])


def action(name: str) -> str:
    """An action as people say it: `publish` is `keep`."""
    return "keep" if name == "publish" else words(name)


def last_ballot(panel: Answer, name: str) -> Answer | None:
    """Somebody's own last vote."""
    mine = [each for each in panel["ballots"] if each["reviewer"] == name]
    return max(mine, key=lambda each: int(each["round"]), default=None)


def rounds(panel: Answer, titles: Titles) -> list[Part]:
    """Votes, a part a round, those of the last round first."""
    numbers = sorted({each["round"] for each in panel["ballots"]}, reverse=True)
    dissent = () if panel["outcome"] is None else panel["outcome"]["dissent"]
    return [
        Part(
            heading=f"Round {number}",
            lines=list(
                _lines(
                    [each for each in panel["ballots"] if each["round"] == number],
                    titles,
                    dissent if number == panel["round"] else (),
                )
            ),
        )
        for number in numbers
    ]


def _lines(ballots: Iterable[Answer], titles: Titles, dissent: Sequence[str]) -> Iterable[Line]:
    for each in ballots:
        against = " (dissent)" if each["reviewer"] in dissent else ""
        yield Line(f"{each['reviewer']}{against}: {said(each, titles)}", "strong")
        if each["comment"]:
            yield Line(each["comment"])


def outcome(panel: Answer, titles: Titles) -> Part:
    """What was decided, and who was against it."""
    found = panel["outcome"]
    if found is None:
        return Part(heading="Closed", lines=[Line("Nobody's decision was needed any more.")])
    against = ", ".join(found["dissent"]) or "nobody"
    lines = [
        Line(said(found, titles), "strong"),
        Line(f"{moment(found['at'])} · against it: {against}", "faint"),
    ]
    return Part(heading="The panel decided", lines=lines, lead=True)


def appeal(found: Answer | None, titles: Titles) -> Part:
    """What somebody appeals against, and what they say."""
    if found is None:
        return Part(heading="Appeal", lines=())
    decision = found["decision"]
    lines = [Line(found["statement"] or "Nothing was said with it.")]
    if decision is None:
        lines.append(Line("What was decided is told after the first round.", "faint"))
    else:
        by = "the machine" if decision["made_by"] == "machine" else f"a {decision['made_by']}"
        lines.append(Line(f"Decided by {by}, {moment(decision['at'])}:", "faint"))
        lines.append(Line(said(decision, titles), "strong"))
        lines.append(Line(f"Asked for: something {found['asks']}", "faint"))
    return Part(heading=f"Appeal number {found['number']}", lines=lines, lead=True)


def talk(comments: Iterable[Answer], heading: str = "What is said here") -> Part:
    """What is said in a case, in order."""
    lines: list[Line] = []
    for each in comments:
        lines.append(Line(f"{each['author']}, {moment(each['at'])}", "faint"))
        lines.append(Line(each["text"] or "(erased)"))
    return Part(heading=heading, lines=lines)
