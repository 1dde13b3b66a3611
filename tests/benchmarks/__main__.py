"""`python -m tests.benchmarks`: engine and service measured on this machine, as Markdown."""

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.bench.figures import markdown
from engine.bench.suite import SIZES as OWN_SIZES
from engine.bench.suite import Ground
from engine.bench.texts import texts_of
from engine.cli.bench import own_figures
from tests.benchmarks import comparison, targets
from tests.benchmarks.document import ENGINE, SERVICE, insert
from tests.benchmarks.machine import about
from tests.benchmarks.peers.catalogue import missing
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
    paths = wanted.items or [path for path in REAL if path.exists()]
    texts = texts_of(paths, wanted.seed)
    if not wanted.only_service:
        if absent := missing():
            _tell(f"not installed: {', '.join(absent)}; `make bench` installs them")
            return 2
        lines = _engine(texts, wanted, "real" if paths else "invented")
        if not _show(ENGINE, lines, write=wanted.write):
            return 1
    if wanted.only_compare:
        return 0
    return 0 if _show(SERVICE, _service(texts, wanted), write=wanted.write) else 1


def _engine(texts: Sequence[str], wanted: argparse.Namespace, kind: str) -> list[str]:
    """The engine beside others, and alone."""
    sizes = wanted.rules or comparison.SIZES
    found = comparison.compared(texts, sizes, wanted.seed, _tell)
    figures = list(targets.ratios(found))
    if not wanted.only_compare:
        _tell("the engine alone")
        own_sizes = [size for size in OWN_SIZES if size in sizes] or [max(sizes)]
        figures += own_figures(Ground.of(texts, wanted.seed), own_sizes)
    return [about(len(texts), kind), "", *comparison.rows(found), "", *markdown(figures)]


def _service(texts: Sequence[str], wanted: argparse.Namespace) -> list[str]:
    """The service, with a classifier of the sample and the shipped rules."""
    (ROOT / "out").mkdir(exist_ok=True)
    model = wanted.model or trained(ROOT / "out")
    figures = list(suite.figures(texts, model, _tell, items=wanted.memory_items))
    return [suite.ABOUT, "", *markdown(figures)]


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
    parser.add_argument("--model", type=Path, help="the classifier of the service")
    parser.add_argument("--memory-items", type=int, default=0, help="watch memory over so many")
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    return parser.parse_args()


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
