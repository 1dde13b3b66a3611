"""Releases are tested and approved before they act, and brought into force."""

from collections.abc import Iterator
from threading import Thread

import pytest
import typer

from queues.cli import release
from queues.cli import releasing as commands
from queues.errors import Conflict, NotFound, Refused
from queues.policies import releases, rollbacks
from queues.policies.artefacts import policy_of
from queues.releasing import Stage
from queues.releasing.gate import strange_to
from queues.store.session import Store
from queues.store.trials import Trial, TrialKind, Unit
from queues.storefront import Storefront
from tests.integration.apis import services_for
from tests.integration.intakes import rows
from tests.integration.policies import BY, activated, published, sources
from tests.integration.releasing import (
    ANA,
    BEN,
    CLEO,
    canary,
    changed_files,
    published_by,
    with_settings,
)


@pytest.fixture
def here(store: Store, redis_url: str) -> Iterator[Storefront]:
    """The services of one process."""
    services = services_for(store.url, redis_url)
    yield services
    services.close()


def test_a_release_goes_its_way(store: Store, here: Storefront) -> None:
    """Checked, tested, approved, tried, in force, superseded; each step has who and when."""
    first = activated(store)
    name = published_by(store, ANA, sources(0.8))
    way = here.releasing
    assert way.show(name).stage is Stage.CHECKED
    assert _listed(here) == {name: Stage.CHECKED, first: Stage.ACTIVE}
    assert way.test(name, by=ANA).passed == 1
    assert (way.show(name).stage, _listed(here)[name]) == (Stage.TESTED, Stage.TESTED)
    with pytest.raises(Conflict, match="yourself"):
        way.approve(name, by=ANA)
    assert way.approve(name, by=CLEO, note="read").stage is Stage.APPROVED
    assert (way.approve(name, by=CLEO).approvals, _listed(here)[name]) == (1, Stage.APPROVED)
    way.begin(name, TrialKind.SHADOW, by=ANA)
    assert (way.show(name).stage, _listed(here)[name]) == (Stage.SHADOW, Stage.SHADOW)
    way.end(TrialKind.SHADOW, by=ANA, why="seen enough")
    canary(here, name)
    assert (way.show(name).stage, _listed(here)[name]) == (Stage.CANARY, Stage.CANARY)
    with pytest.raises(Conflict, match="yourself"):
        way.activate(name, by=ANA)
    assert way.activate(name, by=BEN, note="as agreed").before == first
    found = way.show(name)
    assert _listed(here) == {name: Stage.ACTIVE, first: Stage.SUPERSEDED}
    assert [(each.by, each.note, each.back) for each in found.brought] == [
        (BEN, "as agreed", False)
    ]
    assert (found.stage, way.show(first).stage) == (Stage.ACTIVE, Stage.SUPERSEDED)
    assert found.canary is not None
    assert found.canary.why == f"release `{name}` came into force"
    assert [(each.step, each.by, each.note) for each in found.steps] == [
        ("tested", ANA, None),
        ("approved", CLEO, "read"),
    ]
    assert _told(store)[-6:] == [
        "release.tested",
        "release.approved",
        "release.shadow",
        "release.trial_ended",
        "release.canary",
        "release.activated",
    ]


def _listed(here: Storefront) -> dict[str, Stage]:
    """How far each release is, by a list of them."""
    return {each.name: each.stage for each in here.releasing.listed()}


def _told(store: Store) -> list[str]:
    """What the audit knows, in order."""
    return [row["kind"] for row in rows(store, "SELECT kind FROM audit_events ORDER BY id")]


def test_failing_tests_keep_it_from_acting(store: Store, here: Storefront) -> None:
    """Unless somebody says why; that stays."""
    activated(store)
    name = published_by(store, ANA, changed_files("score.unkind: 1 }", "score.unkind: 0.1 }"))
    way = here.releasing
    failing = r"hate\.yaml:\d+ unkind"
    assert way.test(name, by=ANA).failed == 1
    assert way.show(name).stage is Stage.FAILING
    for act in (way.approve, way.activate):
        with pytest.raises(Conflict, match=failing):
            act(name, by=BEN)
    with pytest.raises(Conflict, match=failing):
        canary(here, name)
    assert releases.active_name(store) != name
    assert way.activate(name, by=BEN, despite="the test is wrong").changed
    (excepted,) = [each for each in way.show(name).steps if each.step == "excepted"]
    assert (excepted.by, excepted.note) == (BEN, "the test is wrong")


def test_as_many_eyes_as_are_asked_for(store: Store, redis_url: str) -> None:
    """Two beside the author: one who approves, and one who brings it into force."""
    activated(store)
    name = published_by(store, ANA, sources(0.8))
    services = with_settings(store, redis_url, approvals=2)
    way = services.releasing
    with pytest.raises(Conflict, match="needs 2 beside its author"):
        way.activate(name, by=BEN)
    way.approve(name, by=BEN)
    with pytest.raises(Conflict, match="needs 2"):
        way.activate(name, by=BEN)
    assert way.activate(name, by=CLEO).changed
    services.close()


def test_no_case_loses_its_queue(store: Store, here: Storefront) -> None:
    """What people have in hand has a place in the next release too, or somebody says why not."""
    activated(store)
    here.in_force.refresh()
    here.intake.accept([{"id": "z", "text": "zorblings"}], actor=BY)
    name = published_by(store, ANA, changed_files("queue: general", "queue: other"))
    with pytest.raises(Conflict, match="no queue `general`, in which 1 cases wait"):
        here.releasing.activate(name, by=BEN)


def test_what_cannot_be_tried(store: Store, here: Storefront) -> None:
    """Nothing in force, in force itself, unknown, no share, strange words, a second one, none."""
    name = published(store, threshold=0.8)
    with pytest.raises(Conflict, match="nothing is in force"):
        canary(here, name)
    first = activated(store)
    with pytest.raises(Conflict, match="it is in force"):
        canary(here, first)
    with pytest.raises(NotFound):
        canary(here, "000000000000")
    for share in (0.0, 1.0, -1.0, float("nan")):
        with pytest.raises(Refused, match="share"):
            canary(here, name, share)
    strange = published_by(store, ANA, changed_files("reason: hate.attack", "reason: hate.other"))
    with pytest.raises(Conflict, match=r"does not know its reason `hate\.other`"):
        canary(here, strange)
    with pytest.raises(Conflict, match="there is none"):
        here.releasing.end(TrialKind.CANARY, by=BEN, why="")
    with pytest.raises(NotFound):
        here.releasing.compare(name)
    canary(here, name)
    with pytest.raises(Conflict, match="end that first"):
        canary(here, published(store, threshold=0.7))


def test_two_begin_at_once(store: Store, here: Storefront) -> None:
    """One of them is told that another is tried."""
    activated(store)
    names = [published(store, threshold=threshold) for threshold in (0.6, 0.7, 0.8)]
    outcomes: list[object] = []

    def begin(name: str) -> None:
        try:
            outcomes.append(canary(here, name))
        except Conflict as refused:
            outcomes.append(refused)

    threads = [Thread(target=begin, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(each, Trial) for each in outcomes) == 1
    assert len(rows(store, "SELECT FROM trials WHERE ended_at IS NULL")) == 1


def test_two_change_one_release(store: Store, here: Storefront) -> None:
    """The second is told who was first, and takes that back only if they say so."""
    first = activated(store)
    hers, his = published_by(store, ANA, sources(0.8)), published_by(store, BEN, sources(0.7))
    way = here.releasing
    assert way.show(his).moved is None
    way.activate(hers, by=CLEO, note="as agreed")
    assert (way.show(his).base, way.show(his).moved) == (first, hers)
    told = (
        f"made from `{first}`, and `{hers}` .`{hers}` activated by {CLEO} at .*: as agreed. is in"
        f" force by now: .*tierwise diff {hers} {his}.*Make the change anew.*--replace {hers}"
    )
    with pytest.raises(Conflict, match=told):
        way.activate(his, by=CLEO)
    with pytest.raises(Conflict, match=f"shall replace `{first}`, and `{hers}`"):
        way.activate(his, by=CLEO, replaces=first)
    assert (releases.active_name(store), way.show(his).steps) == (hers, [])
    assert way.activate(his, by=CLEO, note="on purpose", replaces=hers).before == hers
    (noted,) = [each for each in way.show(his).steps if each.step == "excepted"]
    assert (noted.by, noted.note) == (CLEO, "on purpose")
    assert f"not made from `{hers}`" in (noted.details or {})["despite"][0]
    with pytest.raises(Conflict, match=f"Go back to it ..tierwise release rollback --to {hers}"):
        way.activate(hers, by=CLEO)
    rollbacks.roll_back(store, by=BEN, to=first)
    assert way.activate(hers, by=CLEO).before == first
    again = published_by(store, ANA, sources(0.6))
    assert way.activate(again, by=CLEO, replaces=hers).changed
    assert [each.step for each in way.show(again).steps] == ["tested"]


def test_two_activate_at_once(store: Store, here: Storefront) -> None:
    """One of them comes into force, and nothing of it is lost."""
    activated(store)
    names = [published(store, threshold=threshold) for threshold in (0.6, 0.7, 0.8)]
    for name in names:
        here.releasing.test(name, by=ANA)
    outcomes: list[object] = []

    def activate(name: str) -> None:
        try:
            outcomes.append(here.releasing.activate(name, by=BEN))
        except Conflict as refused:
            outcomes.append(refused)

    threads = [Thread(target=activate, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(each, Conflict) for each in outcomes) == 2
    assert len(rows(store, "SELECT FROM activations")) == 2


def test_strange_words_are_named() -> None:
    """Queues, reasons and actions, by their kind."""
    ours = policy_of(changed_files("queue: general", "queue: other"))
    assert strange_to(ours, policy_of(sources())) == ["queue `other`"]
    assert strange_to(policy_of(sources(0.1)), policy_of(sources())) == []


def test_on_the_command_line(
    store: Store,
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The whole way, in sentences."""
    monkeypatch.setenv("TIERWISE_DATABASE__URL", store.url)
    monkeypatch.setenv("TIERWISE_REDIS__URL", redis_url)
    monkeypatch.setenv("TIERWISE_LOGGING__LEVEL", "error")
    first = activated(store)
    name = published_by(store, ANA, sources(0.8))
    commands.test(name)
    commands.approve(name, note="read")
    commands.shadow(name)
    commands.end(TrialKind.SHADOW, why="seen enough")
    commands.canary(name, share="25%", by=Unit.AUTHOR)
    commands.show(name)
    told = capsys.readouterr().out
    for line in (
        "1 passed, 0 failed, 0 known gaps",
        f"release {name} is approved (1 of 1 approvals)",
        f"release {name} is in the shadow of {first}",
        f"release {name} is not tried as shadow any more",
        f"release {name} decides 25% of all by author, beside {first}",
        f"{name}  canary  a test",
        "0 of 0 verdicts differ, 0 unreadable",
        "wait  people: 0.0% against 0.0% (0 and 0 items; told from 100 of each on)",
    ):
        assert line in told, told
    with pytest.raises(typer.BadParameter, match="write 10% or"):
        commands.canary(name, share="a tenth")
    failing = published_by(store, ANA, changed_files("score.unkind: 1 }", "score.unkind: 0.1 }"))
    with pytest.raises(typer.Exit):
        commands.test(failing)
    assert "failed: hate.yaml:" in capsys.readouterr().out


def test_into_force_and_back_on_the_command_line(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the first digits of names."""
    monkeypatch.setenv("TIERWISE_DATABASE__URL", store.url)
    first = activated(store)
    name = published_by(store, ANA, sources(0.8))
    release.activate(name)
    release.rollback()
    release.rollback(to=name[:8], note="it was right")
    assert capsys.readouterr().out.splitlines() == [
        f"release {name} is in force, in place of {first}",
        f"release {first} is in force, in place of {name}",
        f"release {name} is in force, in place of {first}",
    ]
    late = releases.publish(store, sources(0.7), by=ANA, message="late", base=first).name
    release.activate(late, replace=name[:8])
    assert f"release {late} is in force, in place of {name}" in capsys.readouterr().out
