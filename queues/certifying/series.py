"""The labels of a rule as they came, and at how many of them it is tested next."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.certifying import Hashes, Look, Terms, look
from queues.sections import Certifying

_KEY: Final = "rule = :rule AND release = :release AND model = :model"
_SERIES: Final = text(f"SELECT since, spent, before FROM certifying_series WHERE {_KEY}")  # noqa: S608 - words of ours
_LABELS: Final = text(f"""
SELECT item_id, wrong, left_out, language FROM certifying_labels
WHERE {_KEY} AND case_id >= :since ORDER BY case_id
""")  # noqa: S608 - as above
_KEEP: Final = text("""
INSERT INTO certifying_series (rule, release, model, since, spent, before)
VALUES (:rule, :release, :model, :since, :spent, :before)
ON CONFLICT (rule, release, model) DO UPDATE
SET since = excluded.since, spent = excluded.spent, before = excluded.before
""")
_BEGINNING: Final = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Labels of one rule that matches one thing, by what people said of it."""

    rule: str
    binding: Hashes
    since: UUID
    """Labels of older cases do not count any more."""
    spent: int
    """Looks that were made, at these labels and at earlier ones."""
    before: int
    """Labels of the last look at these."""
    items: tuple[str, ...] = ()
    """In the order in which they were drawn, up to the first that nobody decided yet: else those
    that are easy would come first."""
    wrong: tuple[bool, ...] = ()
    languages: tuple[str, ...] = ()
    """In lower case; empty where an item does not say."""
    waiting: int = 0
    """Drawn, and waiting for people or for one that was drawn before."""

    def next_look(self, given: Certifying) -> Look:
        """The test that comes next; raises CannotCertify."""
        return look(terms_of(given), spent=self.spent, before=self.before)


def terms_of(given: Certifying) -> Terms:
    """What is promised of each rule."""
    doubt = (1 - given.confidence) / given.shared_by
    return Terms(limit=given.error_limit, doubt=doubt, fewest=given.least_labels)


def series_of(connection: Connection, rule: str, binding: Hashes) -> Series:
    """How the labels of a rule stand."""
    key = _key(rule, binding)
    row = connection.execute(_SERIES, key).one_or_none()
    since, spent, before = (_BEGINNING, 0, 0) if row is None else row
    rows = connection.execute(_LABELS, {**key, "since": since}).all()
    counted = [each for each in rows if not each.left_out]
    sure = next((n for n, each in enumerate(counted) if each.wrong is None), len(counted))
    return Series(
        rule=rule,
        binding=binding,
        since=since,
        spent=spent,
        before=before,
        items=tuple(str(each.item_id) for each in counted[:sure]),
        wrong=tuple(each.wrong for each in counted[:sure]),
        languages=tuple(each.language for each in counted[:sure]),
        waiting=len(counted) - sure,
    )


def keep(connection: Connection, series: Series, *, since: UUID, spent: int, before: int) -> None:
    """Write down where a series stands."""
    given = _key(series.rule, series.binding)
    connection.execute(_KEEP, {**given, "since": since, "spent": spent, "before": before})


def _key(rule: str, binding: Hashes) -> dict[str, str]:
    return {"rule": rule, "release": binding.release or "", "model": binding.model or ""}
