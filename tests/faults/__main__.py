"""`python -m tests.faults`: a long run under load, faults at random moments, and its account."""

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from tests.faults.chaos import Chaos
from tests.faults.load import USUAL, People, Sender, items
from tests.faults.policy import written
from tests.faults.promises import Account, check, settle
from tests.faults.site import Site


def main() -> int:
    """Press, break, mend, settle, check and tell."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--items", type=int, default=20_000, help="items to post at least")
    parser.add_argument("--kills", type=int, default=20, help="kills at least")
    parser.add_argument("--batch", type=int, default=100, help="items in a request")
    parser.add_argument("--seed", type=int, default=1, help="the same seed breaks the same things")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tierwise-soak-") as name:
        folder = Path(name)
        with Site(folder, written(folder)) as site:
            _soak(site, given)
    return 0


def _soak(site: Site, given: argparse.Namespace) -> None:
    started = time.monotonic()
    chaos = Chaos(site, given.seed)
    over = threading.Event()
    answers: dict[str, dict[str, object]] = {}
    retried: list[int] = []

    def press() -> None:
        try:
            while len(answers) < given.items or site.kills < given.kills:
                raws = items(uuid4().hex[:8], 10_000, weights=USUAL)
                sent = Sender(site, raws, batch=given.batch).finish()
                told = sent.answers.items()
                answers.update({name: {"item_id": one["item_id"]} for name, one in told})
                retried.append(sent.retried)
                _tell(f"{len(answers):,} items answered, {site.kills} kills")
        finally:
            over.set()

    people = People(site, names=8)
    pressing = threading.Thread(target=press)
    pressing.start()
    # Here, as processes end with the thread that started them.
    chaos.run(over, least=given.kills, pause=(2.0, 8.0))
    pressing.join()
    votes = people.finish()
    site.await_ready()
    settle(site, within=900)
    account = check(site, answers)
    _tell(f"in {time.monotonic() - started:,.0f} s: {site.kills} kills, {votes:,} votes,")
    _tell(f"{sum(retried):,} requests made again")
    _report(chaos, account)


def _report(chaos: Chaos, account: Account) -> None:
    for what, times in Counter(chaos.happened).most_common():
        _tell(f"  {times:3} × {what}")
    for figure, value in asdict(account).items():
        _tell(f"  {figure}: {value:,}")
    _tell(f"  lost: {account.lost}; acted twice: 0; the audit chain verifies")


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
