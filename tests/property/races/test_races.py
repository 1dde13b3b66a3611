"""Whatever two or three people do at the same moment, in whatever order their statements come."""

from collections.abc import Iterator, Sequence
from functools import partial
from random import Random
from typing import Final

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from queues.store.session import Store
from tests.integration.desks import Desk
from tests.integration.staff import Staff
from tests.property.races.deeds import DEEDS
from tests.property.races.promises import check
from tests.property.races.scenes import SCENES, Scene
from tests.services import Servers
from tests.turns import Turns

#: How things stand, and what is done at once.
RACES: Final[Sequence[tuple[str, ...]]] = (
    ("left", "vote a", "decide d"),
    ("held", "vote a", "vote a"),
    ("panel, last votes", "vote b", "vote c"),
    ("pair", "vote a", "vote c", "sit d"),
    ("closing", "undo a", "time", "commit"),
    ("panel, closing", "undo c", "time", "commit"),
    ("due", "commit", "commit"),
    ("panel, due", "commit", "commit"),
    ("due", "commit", "appeal", "undo a"),
    ("voted", "undo a", "appeal"),
    ("decided", "revise a", "appeal"),
    ("decided", "revise a", "revise s"),
    ("decided", "appeal", "appeal u"),
    ("appeal due", "commit", "appeal u"),
    ("panel, last seat", "sit d", "sit e"),
    ("panel, last seat", "sit d", "sit d"),
    ("panel, left", "sit d", "vote a", "expire"),
    ("open", "claim d", "claim e"),
    ("twins", "claim many", "claim d"),
    ("open", "claim ana", "go home", "expire"),
    ("overdue", "claim d", "overdue"),
    ("overdue, left", "vote a", "overdue"),
    ("overdue, voted", "undo a", "overdue"),
    ("overdue", "erase", "overdue"),
    ("overdue", "report", "overdue"),
    ("panel, overdue", "vote b", "late"),
    ("held", "escalate a", "vote a"),
    ("overdue, left", "escalate a", "overdue"),
    ("held", "escalate a", "report"),
    ("held", "vote a", "report"),
    ("voted", "undo a", "report"),
    ("due", "commit", "report"),
    ("held", "vote a", "erase"),
    ("due", "commit", "erase"),
    ("open", "claim d", "erase"),
    ("waiting", "open", "erase"),
    ("twins, held", "vote a", "vote b"),
    ("twin, decided", "follow", "claim d"),
    ("twin, decided", "follow", "follow"),
    ("twin, decided", "follow", "erase"),
    ("twin, held", "decide d", "vote a"),
    ("held", "skip a", "vote a"),
    ("left", "skip a", "claim a"),
    ("leaving", "renew a", "time", "expire"),
    ("left", "renew a", "claim d"),
    ("left", "release a", "claim d", "expire"),
    ("panel, voted", "tally", "undo c"),
    ("panel, voted", "tally", "tally"),
    ("pair, differs", "undo c", "vote b"),
    ("pair, differs", "undo a", "vote b", "vote a"),
    ("panel, again", "vote a", "sit d", "undo a"),
    ("looked at twice", "vote a", "vote c", "overdue"),
    ("looked at twice", "vote b", "vote c", "report"),
    ("twins, held", "rank", "erase author", "vote a"),
)
#: Orders in which one of these went wrong once.
FOUND: Final[Sequence[tuple[tuple[str, ...], list[int], bool]]] = (
    # Two sat where one may: a lease that had ended was renewed while another sat down.
    (("left", "renew a", "claim d"), [4, 5, 11], True),
    # The other two agreed, and nobody was to commit it.
    (("pair, differs", "vote b", "undo c"), [14], True),
    # Each waited for the other: one had the item, one its case.
    (("overdue", "overdue", "erase"), [3, 6], False),
    # The second of two appeals broke down, as it had looked before it waited.
    (("decided", "appeal", "appeal u"), [3], False),
    # Who had voted before skipped, and nobody could take that seat until the case was late.
    (("panel, again", "skip a", "sit a"), [11, 6], False),
    # The panel had the item already, and was asked for it once more.
    (("looked at twice", "vote b", "vote c", "report"), [12, 3], True),
)
#: Statements until another has their turn; most transactions have a dozen.
MOST: Final = 14
TURNS: Final = st.lists(st.integers(1, MOST), min_size=1, max_size=6)
#: How often votes can be taken back; there is more to go wrong then.
LATE: Final = 0.6
#: A failure is told as it was found: to find a shorter one takes minutes, and the order is short.
TRIED: Final = settings(
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def desk(
    servers: Servers, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    """An installation for all races; each has its own items in it."""
    with servers.database(template=template) as url:
        store = Store(url, connections=8)
        desk = Desk(store, tmp_path_factory.mktemp("rules"))
        Staff(store).add("ana")
        yield desk
        store.close()


@pytest.fixture(scope="module")
def turns(desk: Desk) -> Iterator[Turns]:
    """Gives turns to whoever works there."""
    turns = Turns(desk.store)
    yield turns
    turns.close()


def race(
    desk: Desk, turns: Turns, names: Sequence[str], order: Sequence[int], *, late: bool
) -> None:
    """Have it happen, and see what came of it."""
    scene = Scene(desk, late)
    SCENES[names[0]](scene)
    check(scene, turns.run([partial(DEEDS[name], scene) for name in names[1:]], order))


@pytest.mark.parametrize("names", RACES, ids=": ".join)
@settings(TRIED, max_examples=max(1, settings().max_examples // 100))
@given(seed=st.integers(0, 2**32))
def test_two_at_once(desk: Desk, turns: Turns, names: Sequence[str], seed: int) -> None:
    """Known pairs that want the same thing."""
    # By a seed, so that also one example of each is another order for each.
    draw = Random(f"{names} {seed}")
    order = [draw.randint(1, MOST) for _ in range(draw.randint(1, 4))]
    late = draw.random() < LATE
    note(f"{names} in the order {order}, {late=}")
    race(desk, turns, names, order, late=late)


@pytest.mark.parametrize(("names", "order", "late"), FOUND)
def test_what_once_went_wrong(
    desk: Desk, turns: Turns, names: Sequence[str], order: list[int], *, late: bool
) -> None:
    """Orders in which something was lost, seated twice or locked up, before it was mended."""
    race(desk, turns, names, order, late=late)


@settings(TRIED, max_examples=settings().max_examples // 5)
@given(
    scene=st.sampled_from(sorted(SCENES)),
    deeds=st.lists(st.sampled_from(sorted(DEEDS)), min_size=2, max_size=3),
    order=TURNS,
    late=st.booleans(),
)
def test_anything_at_once(
    desk: Desk, turns: Turns, scene: str, deeds: list[str], order: list[int], *, late: bool
) -> None:
    """Whatever it is, wherever it happens."""
    note(f"{scene}: {deeds} in the order {order}, {late=}")
    race(desk, turns, (scene, *deeds), order, late=late)
