"""What simulated people did, counted while they do it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Diary:
    """Counts of one course."""

    votes: Counter[str] = field(default_factory=Counter)
    """By tier."""
    again: int = 0
    """Of these, in a later round of a panel."""
    errors: int = 0
    """Votes that were not what is right."""
    seconds: float = 0.0
    """Active seconds that were reported."""
    skipped: int = 0
    escalated: int = 0
    undone: int = 0
    lost: int = 0
    """Cases that somebody else had meanwhile, or that were gone."""
    refused: Counter[str] = field(default_factory=Counter)
    """What the API refused, by its reason."""
    appeals: int = 0
    appeals_refused: Counter[str] = field(default_factory=Counter)
    restricted: dict[str, None] = field(default_factory=dict)
    """Items on which somebody voted for a restriction, in this order."""
    idle: dict[str, str] = field(default_factory=dict)
    """Why whoever has nothing to do gets nothing."""

    def lines(self) -> Iterator[str]:
        """As a person reads it."""
        total = self.votes.total()
        yield f"{total:,} votes of simulated reviewers" + "".join(
            f", {count:,} {tier}" for tier, count in sorted(self.votes.items(), reverse=True)
        )
        if total:
            yield f"{self.errors / total:.1%} of them wrong by the truth of the simulation"
        for count, what in (
            (self.again, "votes in a second or later round of a panel"),
            (self.undone, "votes taken back and cast once more"),
            (self.skipped, "cases skipped"),
            (self.escalated, "cases brought before the panel by hand"),
            (self.lost, "cases that somebody else had meanwhile"),
            (self.appeals, "appeals filed"),
            (self.appeals_refused.total(), "appeals refused"),
        ):
            if count:
                yield f"{count:,} {what}"
        for why, count in self.refused.most_common(3):
            yield f"{count:,} votes refused: {why}"
