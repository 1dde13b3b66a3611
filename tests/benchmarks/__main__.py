"""`python -m tests.benchmarks`: the engine beside others, on this machine, as Markdown tables."""

import argparse
import logging
import sys
from pathlib import Path

from engine.bench.figures import markdown
from engine.bench.suite import SIZES as OWN_SIZES
from engine.bench.suite import Ground
from engine.bench.texts import texts_of
from engine.cli.bench import own_figures
from tests.benchmarks import comparison, targets
from tests.benchmarks.document import END, START, insert
from tests.benchmarks.machine import about
from tests.benchmarks.peers.catalogue import missing

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
    if absent := missing():
        _tell(f"not installed: {', '.join(absent)}; `make bench` installs them")
        return 2
    paths = wanted.items or [path for path in REAL if path.exists()]
    texts = texts_of(paths, wanted.seed)
    sizes = wanted.rules or comparison.SIZES
    found = comparison.compared(texts, sizes, wanted.seed, _tell)
    figures = list(targets.ratios(found))
    if not wanted.only_compare:
        _tell("the engine alone")
        own_sizes = [size for size in OWN_SIZES if size in sizes] or [max(sizes)]
        figures += own_figures(Ground.of(texts, wanted.seed), own_sizes)
    kind = "real" if paths else "invented"
    lines = "\n".join(
        ["", about(len(texts), kind), "", *comparison.rows(found), "", *markdown(figures), ""]
    )
    sys.stdout.write(f"{lines}\n")
    if wanted.write and not insert(ROOT / "README.md", lines):
        _tell(f"README.md has no {START} and {END}")
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--items", type=Path, action="append", help="a file of items (JSON lines)")
    parser.add_argument("--rules", type=int, action="append", help="a number of rules")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same rules")
    parser.add_argument("--only-compare", action="store_true", help="leave out the engine alone")
    parser.add_argument("--write", action="store_true", help="put the tables into README.md")
    return parser.parse_args()


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
