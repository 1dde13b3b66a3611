"""Every setting is documented where operators look for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from queues.settings import Settings
from tests.architecture.sources import ROOT

PAGE = ROOT / "config" / "README.md"
START, END = "<!-- settings:start -->", "<!-- settings:end -->"


def test_every_setting_is_documented(request: pytest.FixtureRequest) -> None:
    """`config/README.md` lists all of them with default and meaning (`--write-outputs` does)."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    wanted = "\n".join(_lines())
    whole = f"{before}{START}\n\n{wanted}\n\n{END}{after}"
    if request.config.getoption("--write-outputs"):
        PAGE.write_text(whole, encoding="utf-8")
        page = whole
    assert page == whole


def _lines() -> Iterator[str]:
    own = {name: field for name, field in Settings.model_fields.items() if not _section(field)}
    yield from _table(own, "")
    for name, field in Settings.model_fields.items():
        if section := _section(field):
            about = (section.__doc__ or "").strip().splitlines()[0]
            yield ""
            yield f"### `[{name}]`" if section is field.annotation else f"### `[[{name}]]`"
            yield ""
            yield about
            yield ""
            yield from _table(section.model_fields, f"{name}.")


def _section(field: FieldInfo) -> type[BaseModel] | None:
    """The group of settings that a field holds, or holds a list of."""
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def _table(fields: dict[str, FieldInfo], prefix: str) -> Iterator[str]:
    yield "| setting | default | what it is |"
    yield "|---|---|---|"
    for name, field in fields.items():
        about = " ".join((field.description or "").split())
        assert about, f"{prefix}{name} has no description"
        yield f"| `{prefix}{name}` | {_default(field)} | {about} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "(required)"
    value = field.default
    if value is None or value == ():
        return "none"
    shown = value.as_posix() if isinstance(value, Path) else value
    if isinstance(shown, bool):
        shown = str(shown).lower()
    if isinstance(shown, float) and shown == int(shown):
        shown = int(shown)
    return f"`{shown}`"
