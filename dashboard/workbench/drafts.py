"""The draft of whoever is signed in: a release with changes, kept at the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Final

import streamlit as st

from dashboard.gateway import Refused, Unreachable
from dashboard.person import here
from dashboard.workbench import calls

_KEPT: Final = "workbench.draft"


@dataclass(slots=True, kw_only=True)
class Draft:
    """Files as they are in a release, and what is changed of them."""

    base: str
    """The release that it began as."""
    before: Mapping[str, str]
    """The files of that."""
    changes: dict[str, str | None] = field(default_factory=dict)
    """Files that differ; None: the file is gone."""
    revision: str | None = None
    """Of what is kept; None: nothing is."""
    name: str = field(default_factory=lambda: token_hex(8))
    """Of this object: texts that were written into another one do not belong here."""
    turn: int = 0
    """How often its texts changed from elsewhere than from the editor."""
    wanted: str | None = None
    """A file that is to be opened; the address of a page is lost where it is drawn anew at once."""
    line: int | None = None
    """Of the file that is open: one that somebody wants to see."""
    active: str | None = None
    """The release in force when the page was opened."""
    trouble: str | None = None
    """Why what was written last is not kept."""

    @property
    def files(self) -> dict[str, str]:
        """What stands in each file now, in their order."""
        found = {**self.before, **self.changes}
        return {path: text for path, text in sorted(found.items()) if text is not None}

    def write(self, path: str, text: str | None) -> bool:
        """Put a text into a file, or take the file away; says whether that is a change."""
        if self.files.get(path) == text:
            return False
        if self.before.get(path) == text:
            self.changes.pop(path, None)
        else:
            self.changes[path] = text
        return True

    def moved(self, base: str, files: Mapping[str, str]) -> list[str]:
        """Begin as another release with the same changes.

        Args:
            base: The release.
            files: What it has.

        Returns:
            Files that both have changed; with any of them nothing is moved.
        """
        both = [path for path in self.changes if self.before.get(path) != files.get(path)]
        if not both:
            kept = self.changes
            self.base, self.before, self.changes = base, files, {}
            for path, text in kept.items():
                self.write(path, text)
        return sorted(both)


def opened() -> Draft | None:
    """The draft as it is kept, or the release in force; None: nothing is in force.

    What is here and could not be kept is not given up.
    """
    ask = here().gateway
    known: Draft | None = st.session_state.get(_KEPT)
    if known is not None and known.trouble is not None:
        return known
    kept = calls.draft(ask)
    active = calls.in_force(calls.releases(ask))
    base = active if kept is None else str(kept["base"])
    revision = None if kept is None else str(kept["revision"])
    if base is None:
        return None
    if known is None or (known.base, known.revision) != (base, revision):
        known = Draft(base=base, before=calls.files(ask, base), revision=revision)
        known.changes = {} if kept is None else dict(kept["changes"])
        st.session_state[_KEPT] = known
    known.active = active
    return known


def current() -> Draft:
    """The draft that `opened` gave."""
    draft = st.session_state[_KEPT]
    assert isinstance(draft, Draft)  # noqa: S101 - the page opened it
    return draft


def keep(draft: Draft) -> None:
    """Keep it at the service; where that fails, the draft says why."""
    try:
        kept = calls.keep_draft(here().gateway, draft.base, draft.changes, draft.revision)
    except (Refused, Unreachable) as problem:
        draft.trouble = str(problem)
        return
    draft.trouble = None
    draft.revision = None if kept is None else str(kept["revision"])


def overwrite(draft: Draft) -> None:
    """Keep it in place of whatever is kept by now."""
    kept = calls.draft(here().gateway)
    draft.revision = None if kept is None else str(kept["revision"])
    keep(draft)


def discard() -> None:
    """Forget it, here and at the service: the next one begins as the release in force."""
    calls.discard_draft(here().gateway)
    forget()


def forget() -> None:
    """Forget what is here: what the service keeps is read again."""
    st.session_state.pop(_KEPT, None)
