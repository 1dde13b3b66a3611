"""`python -m tests.benchmarks`: engine, service, people's work, figures, console, as Markdown."""

import argparse
import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.bench.figures import markdown
from engine.bench.suite import SIZES as OWN_SIZES
from engine.bench.suite import Ground
from engine.bench.texts import texts_of
from engine.cli.bench import own_figures
from tests.benchmarks import (
    activating,
    comparison,
    console,
    pages,
    quality,
    retraining,
    rollups,
    targets,
)
from tests.benchmarks.document import (
    CONSOLE,
    ENGINE,
    PEOPLE,
    QUALITY,
    RELEASES,
    RETRAINING,
    ROLLUPS,
    SERVICE,
    insert,
)
from tests.benchmarks.machine import about
from tests.benchmarks.peers.catalogue import missing
from tests.benchmarks.people import suite as people
from tests.benchmarks.service import suite
from tests.benchmarks.service.ground import trained

ROOT = Path(__file__).parents[2]
#: Real comments, where they lie beside the checkout.
REAL = tuple(
    ROOT.parent / "shared" / "data" / name
    for name in ("davidson_first_half.jsonl.gz", "hatexplain_train.jsonl.gz")
)


def main() -> int:
    """Measure, print, and write the README if asked."""
    wanted = _arguments()
    logging.getLogger("engine").setLevel(logging.CRITICAL)  # a failure ends the run anyway
    parts = _parts(wanted)
    if ENGINE in parts and (absent := missing()):
        _tell(f"not installed: {', '.join(absent)}; `make bench` installs them")
        return 2
    for name, measure in parts.items():
        if not _show(name, measure(wanted), write=wanted.write):
            return 1
    return 0


def _parts(wanted: argparse.Namespace) -> dict[str, Callable[[argparse.Namespace], list[str]]]:
    """What is measured: all, or those of which only is asked."""
    only = {
        ENGINE: wanted.only_compare,
        SERVICE: wanted.only_service,
        PEOPLE: wanted.only_people,
        QUALITY: wanted.only_quality,
        ROLLUPS: wanted.only_rollups,
        RELEASES: wanted.only_releases,
        CONSOLE: wanted.only_console,
        RETRAINING: wanted.only_retraining,
    }
    parts = {
        ENGINE: _engine,
        SERVICE: _service,
        PEOPLE: _people,
        QUALITY: _quality,
        ROLLUPS: _rollups,
        RELEASES: _releases,
        CONSOLE: _console,
        RETRAINING: _retraining,
    }
    return {name: parts[name] for name, alone in only.items() if alone or not any(only.values())}


def _engine(wanted: argparse.Namespace) -> list[str]:
    """The engine beside others, and alone."""
    texts, kind = _texts(wanted)
    sizes = wanted.rules or comparison.SIZES
    found = comparison.compared(texts, sizes, wanted.seed, _tell)
    figures = list(targets.ratios(found))
    if not wanted.only_compare:
        _tell("the engine alone")
        own_sizes = [size for size in OWN_SIZES if size in sizes] or [max(sizes)]
        figures += own_figures(Ground.of(texts, wanted.seed), own_sizes)
    return [about(len(texts), kind), "", *comparison.rows(found), "", *markdown(figures)]


def _texts(wanted: argparse.Namespace) -> tuple[Sequence[str], str]:
    """What is judged, and whether people wrote it."""
    paths = wanted.items or [path for path in REAL if path.exists()]
    return texts_of(paths, wanted.seed), "real" if paths else "invented"


def _service(wanted: argparse.Namespace) -> list[str]:
    """The service, with a classifier of the sample and the shipped rules."""
    texts, _ = _texts(wanted)
    (ROOT / "out").mkdir(exist_ok=True)
    model = wanted.model or trained(ROOT / "out")
    figures = list(suite.figures(texts, model, _tell, items=wanted.memory_items))
    return [suite.ABOUT, "", *markdown(figures)]


def _people(wanted: argparse.Namespace) -> list[str]:
    """People's work with many open cases."""
    figures = list(people.figures(_tell, wanted.cases or people.SIZES))
    return [people.ABOUT, "", *markdown(figures)]


def _quality(_wanted: argparse.Namespace) -> list[str]:
    """Figures about people's decisions."""
    return [quality.ABOUT, "", *markdown(list(quality.figures(_tell)))]


def _rollups(wanted: argparse.Namespace) -> list[str]:
    """Figures over millions of decisions."""
    return [rollups.ABOUT, "", *markdown(list(rollups.figures(_tell, wanted.decisions)))]


def _releases(_wanted: argparse.Namespace) -> list[str]:
    """Another release, process by process."""
    return [activating.ABOUT, "", *markdown(list(activating.figures(_tell)))]


def _console(_wanted: argparse.Namespace) -> list[str]:
    """Keys and pages, in a browser."""
    figures = [*console.figures(_tell), *pages.figures(_tell)]
    return [console.ABOUT, "", pages.ABOUT, "", *markdown(figures)]


def _retraining(wanted: argparse.Namespace) -> list[str]:
    """A challenger of many decisions."""
    texts, _ = _texts(wanted)
    return [retraining.ABOUT, "", *markdown(list(retraining.figures(_tell, texts, wanted.labels)))]


def _show(name: str, lines: Sequence[str], *, write: bool) -> bool:
    text = "\n".join(["", *lines, ""])
    sys.stdout.write(f"{text}\n")
    if write and not insert(ROOT / "README.md", name, text):
        _tell(f"README.md has no marks named {name}")
        return False
    return True


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--items", type=Path, action="append", help="a file of items (JSON lines)")
    parser.add_argument("--rules", type=int, action="append", help="a number of rules")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same rules")
    parser.add_argument("--only-compare", action="store_true", help="only the engine beside others")
    parser.add_argument("--only-service", action="store_true", help="only the service")
    parser.add_argument("--only-people", action="store_true", help="only people's work")
    parser.add_argument("--only-quality", action="store_true", help="only figures of quality")
    parser.add_argument("--only-rollups", action="store_true", help="only pages of figures")
    parser.add_argument("--only-releases", action="store_true", help="only the change of releases")
    parser.add_argument("--only-console", action="store_true", help="only the console")
    parser.add_argument("--only-retraining", action="store_true", help="only training of models")
    parser.add_argument(
        "--labels", type=int, default=retraining.ITEMS, help="decisions that a model is trained on"
    )
    parser.add_argument(
        "--decisions", type=int, default=rollups.DECISIONS, help="how many figures are told from"
    )
    parser.add_argument("--cases", type=int, action="append", help="a number of open cases")
    parser.add_argument("--model", type=Path, help="the classifier of the service")
    parser.add_argument("--memory-items", type=int, default=0, help="watch memory over so many")
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    return parser.parse_args()


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
