"""A file of items judged by two sets of rule files: what would be decided otherwise."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import orjson
import streamlit as st

from dashboard.formats import count
from dashboard.gateway import now
from dashboard.states import empty
from dashboard.workbench.checking import Checked
from engine.errors import InvalidItem
from engine.item import Item
from engine.rules.items import ItemReader
from engine.verdict import Verdict

#: Items of a file that are looked at.
MOST: Final = 5_000
_KEPT: Final = "workbench.compared"
_SHOWN: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What two policies decide about an item."""

    id: str
    before: str
    after: str
    gone: tuple[str, ...]
    """Rules that match no more."""
    come: tuple[str, ...]
    """Rules that match now."""

    @property
    def differs(self) -> bool:
        """Whether something else is decided."""
        return self.before != self.after


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A file that was judged twice."""

    of: str
    """The draft: the hash of its files."""
    outcomes: tuple[Outcome, ...]
    refused: tuple[str, ...]
    """Lines that are no items, with why."""
    left: int
    """Lines beyond those that are looked at."""


def compare_items(draft: Checked, before: Checked, lines: Sequence[bytes]) -> Compared:
    """Judge the items of a file, one JSON object a line, by both policies, neither with errors."""
    named = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    refused: list[str] = []
    pairs: list[tuple[Item, Item]] = []
    readers = [ItemReader(each.release.policy.vocabulary) for each in (before, draft)]
    for number, line in named[:MOST]:
        try:
            raw = {"id": f"line {number}", **_object(line)}
            old, new = (reader.read(raw) for reader in readers)
            pairs.append((old, new))
        except (InvalidItem, ValueError) as problem:
            refused.append(f"line {number}: {problem}")
    outcomes = tuple(_outcomes(draft, before, pairs))
    return Compared(
        of=draft.release.policy.source_hash,
        outcomes=outcomes,
        refused=tuple(refused),
        left=max(len(named) - MOST, 0),
    )


def comparing(draft: Checked, before: Checked, name: str) -> None:
    """Ask for a file, and show what becomes of its items; both policies are without errors."""
    sent = st.file_uploader(
        f"Items, one JSON object a line; the first {count(MOST)} are judged by the draft and by "
        f"release {name}",
        type=["jsonl", "ndjson", "json"],
        key="try-file",
    )
    if sent is None:
        return
    if st.button("Judge them", icon=":material/play_arrow:", key="try-all"):
        with st.spinner("Judging…"):
            lines = sent.getvalue().splitlines()
            st.session_state[_KEPT] = compare_items(draft, before, lines)
    found = st.session_state.get(_KEPT)
    if isinstance(found, Compared):
        if found.of != draft.release.policy.source_hash:
            st.info("The draft was changed since. Judge them again to see what that does.")
        _show(found)


def _show(found: Compared) -> None:
    if found.refused:
        st.warning(f"{count(len(found.refused))} lines are no items:")
        st.text("\n".join(found.refused[:_SHOWN]))
    if found.left:
        st.caption(f"{count(found.left)} more items were not looked at.")
    changed = [each for each in found.outcomes if each.differs]
    of = count(len(found.outcomes))
    if not changed:
        empty(f"All {of} items are decided as before.", "Rules may match otherwise all the same.")
        return
    st.markdown(f"**{count(len(changed))} of {of} items are decided otherwise**")
    st.dataframe(matrix(found.outcomes), hide_index=True)
    rows = [
        {
            "item": each.id,
            "before": each.before,
            "draft": each.after,
            "matches no more": ", ".join(each.gone),
            "matches now": ", ".join(each.come),
        }
        for each in changed
    ]
    st.dataframe(rows, hide_index=True)


def matrix(outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    """How many items go from which decision to which; those that stay come last."""
    counts = Counter((each.before, each.after) for each in outcomes)
    order = sorted(counts.items(), key=lambda pair: (pair[0][0] == pair[0][1], -pair[1], pair[0]))
    return [{"before": old, "draft": new, "items": items} for (old, new), items in order]


def _outcomes(
    draft: Checked, before: Checked, pairs: Sequence[tuple[Item, Item]]
) -> Iterator[Outcome]:
    at = now().timestamp()
    old = before.release.evaluate_with_contexts([pair[0] for pair in pairs], now=at)
    new = draft.release.evaluate_with_contexts([pair[1] for pair in pairs], now=at)
    for (item, _), (was, _), (now_is, _) in zip(pairs, old, new, strict=True):
        matched, matches = ({hit.rule for hit in verdict.hits} for verdict in (was, now_is))
        yield Outcome(
            id=item.id,
            before=_said(was),
            after=_said(now_is),
            gone=tuple(sorted(matched - matches)),
            come=tuple(sorted(matches - matched)),
        )


def _said(verdict: Verdict) -> str:
    queue = "" if verdict.review is None else f" · {verdict.review.queue}"
    return f"{verdict.tier} · {verdict.action}{queue}"


def _object(line: bytes) -> Mapping[str, object]:
    found = orjson.loads(line)
    if not isinstance(found, dict):
        message = "this is no JSON object"
        raise ValueError(message)  # noqa: TRY004 - of the value in the file, not of ours
    return found
