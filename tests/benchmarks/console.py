"""How long the review desk takes from a key to the next case, and how much somebody decides."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from time import monotonic
from typing import Final

import numpy as np
from playwright.sync_api import Page as Tab
from playwright.sync_api import sync_playwright

from engine.bench.figures import Figure
from tests.functional.console.site import Console, chromium, console, settled

Tell = Callable[[str], None]

#: People who decide at the same time.
SESSIONS: Final = (1, 8)
_KEYS: Final = 40
_SECONDS: Final = 0.3
_DECISIONS: Final = 25
_AN_HOUR: Final = 125
_SEED: Final = 7
#: Letters a second that people read (about 250 words a minute), and seconds they think: the median
#: and the spread of the logarithm.
_LETTERS: Final = 22.0
_THINKING: Final = (7.0, 0.5)
_WORDS: Final = (
    "the",
    "garden",
    "train",
    "song",
    "people",
    "never",
    "always",
    "quite",
    "loud",
    "old",
    "green",
)
_WATCH: Final = """() => {
  const times = (window.keyToNext = []);
  let pressed = null, before = null;
  const shown = () => document.querySelector('.tw-item')?.dataset.of ?? null;
  const note = () => { pressed = performance.now(); before = shown(); };
  document.addEventListener('keydown', note, true);
  new MutationObserver(() => {
    const now = shown();
    if (pressed === null || now === null || now === before) return;
    times.push((performance.now() - pressed) / 1000);
    pressed = null;
  }).observe(document.body, { childList: true, subtree: true });
}"""

ABOUT: Final = (
    "Headless Chromium, console, API, workers and PostgreSQL on the same cores, with the shipped "
    f"rules. From a key until the next case is drawn, in the page: {_KEYS} keys of each person, "
    f"two to three seconds apart. Then one reads {_LETTERS:.0f} letters a second, thinks for "
    f"{_THINKING[0]:.0f} seconds (median, log-normal), and keeps, hides, or chooses another "
    f"reason: {_DECISIONS} decisions at their own pace."
)


def figures(tell: Tell) -> Iterator[Figure]:
    """Measure the desk."""
    path = chromium()
    if path is None:
        tell("there is no Chromium on this machine: the desk is left out")
        return
    with tempfile.TemporaryDirectory(prefix="tierwise-bench-") as folder, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        with console(
            Path(folder),
            browser,
            # A shift of the benchmark has no end, and its people no limits.
            TIERWISE_WELLNESS__EXPOSURE="1000000",
            TIERWISE_REVIEW__BLIND_SHARE="0",
        ) as running:
            wanted = sum(SESSIONS) * (_KEYS + 5) + _DECISIONS + 20
            tell(f"the review desk, {wanted} cases")
            running.post(*_items(wanted))
            for people in SESSIONS:
                tell(f"  {people} at the same time")
                yield from _keys(running, people)
            tell("  one at the pace of people")
            yield _reviewer(running)
        browser.close()


def _items(count: int) -> Iterator[dict[str, object]]:
    dice = Random(_SEED)
    for number in range(count):
        words = [dice.choice(_WORDS) for _ in range(dice.randint(3, 8))]
        text = f"{' '.join(words)} {number}"
        yield {"text": text, "score": {"hate": 0.8}, "author": {"id": f"u{number % 50}"}}


def _keys(running: Console, people: int) -> Iterator[Figure]:
    with ExitStack() as stack:
        tabs = [stack.enter_context(_desk_of(running, f"p{n}")) for n in range(people)]
        _press(tabs)
        taken = [seconds for tab in tabs for seconds in tab.evaluate("window.keyToNext")]
    whom = "one person" if people == 1 else f"{people} people at once"
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        yield Figure(
            name=f"key to next case, {whom}, {name}",
            value=float(np.quantile(taken, share)),
            unit="s",
            at_most=_SECONDS,
            note=f"{len(taken)} keys",
        )


@contextmanager
def _desk_of(running: Console, name: str) -> Iterator[Tab]:
    """A browser of somebody at their desk, which watches itself."""
    running.person(name, "moderator")
    with running.signed_in(name, "/desk") as tab:
        tab.wait_for_selector(".tw-item")
        settled(tab)
        tab.evaluate(_WATCH)
        yield tab


def _press(tabs: Sequence[Tab]) -> None:
    """Have all press, each at moments of their own."""
    dice = Random(_SEED)
    left = dict.fromkeys(range(len(tabs)), _KEYS)
    next_at = {place: monotonic() + dice.uniform(2, 3) for place in left}
    while left:
        place = min(left, key=next_at.__getitem__)
        tabs[place].wait_for_timeout(max(0.0, next_at[place] - monotonic()) * 1_000)
        tabs[place].keyboard.press("1")
        next_at[place] = monotonic() + dice.uniform(2, 3)
        left[place] -= 1
        if not left[place]:
            del left[place]
    tabs[0].wait_for_timeout(2_000)


def _reviewer(running: Console) -> Figure:
    """What somebody decides in an hour who reads and thinks as people do."""
    dice = Random(_SEED)
    with _desk_of(running, "reader") as tab:
        begun = monotonic()
        for _ in range(_DECISIONS):
            _read_and_think(tab, dice)
            before = tab.locator(".tw-item").get_attribute("data-of")
            for key in dice.choices((("1",), ("6",), ("p", "1", "1", "6")), (0.6, 0.3, 0.1))[0]:
                tab.keyboard.press(key)
                # Whoever chooses reads what there is to choose.
                tab.wait_for_timeout(700 if key == "p" else 0)
                settled(tab)
            tab.wait_for_selector(f'.tw-item:not([data-of="{before}"])')
        taken = monotonic() - begun
    return Figure(
        name="decisions an hour, reading and thinking as people do",
        value=_DECISIONS / taken * 3_600,
        unit="",
        at_least=_AN_HOUR,
        note=f"{_DECISIONS} decisions",
    )


def _read_and_think(tab: Tab, dice: Random) -> None:
    letters = len(tab.locator(".tw-main").inner_text())
    median, spread = _THINKING
    thinking = median * float(np.exp(dice.gauss(0, spread)))
    tab.wait_for_timeout((letters / _LETTERS + thinking) * 1_000)
