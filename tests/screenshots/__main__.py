"""`python -m tests.screenshots [FOLDER]`: takes pictures of every page, in light and dark.

Over a whole site of its own with made-up items, most of them decided by simulated reviewers. To be
looked at: nothing is compared.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from playwright.sync_api import sync_playwright

from dashboard.navigation import PAGES
from engine.samples import write_sample
from queues.simulation import Course, Plan, Truths, crew_of
from queues.simulation.truths import truths_in
from tests.functional.console.site import Console, chromium, console, settled

_COUNT: Final = 900
#: Share of the items that simulated reviewers decide; the rest waits.
_DECIDED: Final = 0.7
_PEOPLE: Final = 10
_SEED: Final = 7
#: Milliseconds for charts to be drawn once a page says that it is done.
_DRAWN: Final = 1_500
#: Who looks at a page: the first of these who may.
_CAST: Final[Mapping[str, Sequence[str]]] = {
    "mona": ("moderator",),
    "sara": ("senior",),
    "paul": ("policy_author",),
    "petra": ("policy_approver",),
    "max": ("manager",),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody, and the pages that are theirs to show."""

    name: str
    paths: Sequence[str]


def main() -> int:
    """Take all pictures; which, is printed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("out/screenshots"))
    folder = parser.parse_args().folder
    path = chromium()
    if path is None:
        sys.stderr.write("there is no Chromium on this machine\n")
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="tierwise-screenshots-") as data,
        sync_playwright() as p,
    ):
        browser = p.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with console(Path(data), browser) as running:
            _fill(running, Path(data, "items.jsonl"))
            for scheme in ("light", "dark"):
                (folder / scheme).mkdir(parents=True, exist_ok=True)
                for viewer in _viewers(running):
                    _take(running, viewer, scheme, folder / scheme)
        browser.close()
    return 0


def _fill(running: Console, path: Path) -> None:
    """Items come in, most are decided, and people have accounts."""
    write_sample(path, _COUNT, _SEED)
    raws: list[dict[str, Any]] = [orjson.loads(line) for line in path.open("rb")]
    known = truths_in(enumerate(raws, 1))
    cut = round(len(raws) * _DECIDED)
    running.post(*raws[:cut])
    plan = Plan(
        crew=crew_of(_PEOPLE, seed=_SEED),
        seed=_SEED,
        truths=Truths(known=known),
        accounts=True,
        appeals=0.1,
    )
    course = Course(plan=plan, urls=[running.url], key=running.key)
    with ThreadPoolExecutor(1) as aside:  # the browser has a loop in this thread
        aside.submit(lambda: asyncio.run(course.run())).result()
    running.post(*raws[cut:])
    for name, roles in _CAST.items():
        running.person(name, *roles)


def _viewers(running: Console) -> list[Viewer]:
    """Each page once, by the first who may see it."""
    taken: set[str] = set()
    viewers = []
    for name, roles in _CAST.items():
        may = set(running.operations(*roles))
        mine = [each.path for each in PAGES if set(each.needs) <= may and each.path not in taken]
        taken.update(mine)
        viewers.append(Viewer(name, mine))
    return viewers


def _take(running: Console, viewer: Viewer, scheme: str, folder: Path) -> None:
    for path in viewer.paths:
        with running.signed_in(viewer.name, f"/{path}", color_scheme=scheme) as page:
            settled(page)
            page.wait_for_timeout(_DRAWN)
            page.screenshot(path=folder / f"{path}.png")
            sys.stdout.write(f"{folder / f'{path}.png'}\n")


if __name__ == "__main__":
    sys.exit(main())
