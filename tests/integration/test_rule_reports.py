"""What changes without a rule, what a shadow would have done, when a rule changed last."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
import typer

from engine.quality import Measure
from engine.quality.measures import State
from engine.verdict import Tier
from queues.access import Role
from queues.cli import rule as commands
from queues.errors import Conflict, NotFound
from queues.measurement.rules import Matrix, RuleReports
from queues.policies import releases, rollbacks
from queues.review import Ballot
from queues.store.session import Store
from tests.integration import ruled
from tests.integration.apis import Platform, platform, services_for
from tests.integration.desks import Desk
from tests.integration.policies import BY
from tests.integration.ruled import reports
from tests.services import Servers

TEXTS: Final = (
    *["odd"] * 6,
    *["odd vile"] * 3,
    *["strange"] * 4,
    *["strange sampled"] * 2,
    *["vile"] * 5,
    *["fine"] * 7,
    *("slimy", "slimy odd", "slimy quoted"),
)


def value(measure: Measure) -> float | None:
    """As it is told."""
    return measure.value


def cells(matrix: Matrix) -> dict[tuple[str, str], tuple[int, int, int]]:
    """Items, upheld and overturned, by tier and action before and after."""
    return {
        (f"{each.tier_before} {each.action_before}", f"{each.tier} {each.action}"): (
            each.items,
            each.upheld,
            each.overturned,
        )
        for each in matrix.cells
    }


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation with shadows."""
    return Desk(store, tmp_path, ruled.POLICY)


def worked(desk: Desk) -> RuleReports:
    """Items came, and people decided all that waited: what is vile or strange is violating."""
    desk.send(*TEXTS)
    desk.work()
    number = 0
    while cases := desk.review.claim(f"ana-{number}", Tier.SINGLE):
        for case in cases:
            words = TEXTS[int(case.sender_id[1:])]
            bad = "vile" in words or "strange" in words
            ballot = Ballot(
                case_id=case.id,
                reviewer=f"ana-{number}",
                action="remove" if bad else "keep",
                reasons=("hate.slur",) if bad else (),
                active_seconds=30.0,
            )
            desk.review.vote(ballot)
            number += 1
        desk.work()
    return reports(desk.store, desk.judge.release)


def test_what_changes_without_a_rule_and_with_a_shadow(desk: Desk) -> None:
    """By judging once more: only what differs, with what people decided about such items."""
    here = worked(desk)
    page = here.shown("remove")
    assert page.without is not None
    assert (page.without.looked_at, page.without.same, page.without.unreadable) == (8, 0, 0)
    assert cells(page.without) == {
        ("auto remove", "none publish"): (5, 0, 0),
        ("single hide", "single publish"): (3, 3, 0),
    }
    assert page.without.precision.state is State.INSUFFICIENT_DATA
    assert (page.without.precision.n, page.without.precision.needs) == (3, 20)
    assert (page.rule.hits.value, page.rule.tests, page.rule.title) == (8, 1, "Remove attacks")
    assert value(page.rule.alone) == 5 / 8
    assert {(each.other, each.both) for each in page.overlaps} == {("look", 3), ("remove-more", 8)}
    look = here.shown("look").rule
    assert (look.cases.value, look.minutes, look.cost) == (10, 5.0, 1.5)
    shadow = here.shadow("remove-more")
    assert (shadow.compare_with, shadow.hits.value) == (None, 21)
    assert (shadow.matrix.looked_at, shadow.matrix.same) == (21, 8)
    assert cells(shadow.matrix) == {
        ("single publish", "single hide"): (7, 0, 7),
        ("none publish", "auto remove"): (6, 2, 0),
    }
    assert (shadow.precision.n, shadow.precision_of_other) == (2, None)
    assert here.shown("remove-more").without is None
    with pytest.raises(Conflict, match="is `live`, and only a `shadow`"):
        here.shadow("look")


def test_a_shadow_beside_the_rule_it_is_compared_with(desk: Desk) -> None:
    """Each by itself, whatever else was decided; where both ask for the same, nothing is told."""
    here = worked(desk)
    shadow = here.shadow("look-more")
    assert (shadow.compare_with, shadow.hits.value) == ("look", 13)
    assert (shadow.matrix.looked_at, shadow.matrix.same, shadow.matrix.judged) == (16, 7, 5)
    assert cells(shadow.matrix) == {
        ("none publish", "single publish"): (6, 2, 0),
        ("single publish", "none publish"): (3, 0, 3),
    }
    named = {f"i{n}" for n, words in enumerate(TEXTS) if "strange" in words}
    ids = {
        str(row["id"])
        for row in desk.rows("SELECT id, sender_id FROM items")
        if row["sender_id"] in named
    }
    assert set(shadow.matrix.cells[0].samples) <= ids
    told = here.listed()
    assert told.silent_lists == ("worse",)
    assert told.untold_lists == ("fine",)
    assert "worst" in told.silent_rules
    assert not {"look", "look-more", "slimy", "sample"} & set(told.silent_rules)
    by_name = {rule.name: rule for rule in told.rules}
    assert by_name["sample"].statuses == {"sample": 2}
    # Replays are bounded, and always of the same items.
    few = [reports(desk.store, desk.judge.release, replayed=4) for _ in range(2)]
    first, second = (each.shadow("remove-more").matrix for each in few)
    assert first == second
    assert first.looked_at == 4


def test_an_empty_window_and_names_that_are_not_there(store: Store) -> None:
    """Nothing is told of nothing, and whoever mistypes a name is told which was meant."""
    here = reports(store, ruled.release_of(ruled.POLICY))
    told = here.listed(timedelta(hours=1))
    assert (told.reading.items.value, told.reading.whole, told.overlaps) == (0, True, ())
    for rule in told.rules:
        assert (rule.hits.high, rule.cases.high, rule.minutes, rule.changed) == (0, 0, 0, None)
        for measure in (rule.alone, rule.precision, rule.overturned_by_samples):
            assert measure.state is State.INSUFFICIENT_DATA
    page = here.shown("look")
    assert page.without is not None
    assert (page.without.looked_at, page.without.cells) == (0, ())
    for name in ("look-more", "remove-more"):
        assert here.shadow(name).matrix.cells == ()
    with pytest.raises(NotFound, match=r"there is no rule `slimmy`; did you mean `slimy`\?"):
        here.shown("slimmy")
    with pytest.raises(NotFound, match=r"there is no rule `zzzzzzzzzz`$"):
        here.shadow("zzzzzzzzzz")


@pytest.fixture
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """An API with a release."""
    with servers.database(template=template) as url:
        services = services_for(url, servers.valkey.url)
        bring(services.store, ruled.POLICY)
        with platform(services) as running:
            yield running


def bring(store: Store, policy: str) -> str:
    """Bring a release into force."""
    name = releases.publish(store, {"all.yaml": policy}, by=BY, message="a test").name
    releases.activate(store, name, by=BY)
    return name


def test_the_last_change_of_a_rule(here: Platform) -> None:
    """Of its meaning, or of what it uses; titles are none, and what is taken back is one more."""
    store, told = here.store, here.services.rule_reports
    first = ruled.release_of(ruled.POLICY).name
    second = bring(store, ruled.changed(a="title: Slimy words => title: Other words"))
    third = bring(store, ruled.changed(a="entries: [slimy] => entries: [slimy, oily]"))
    fourth = bring(
        store,
        ruled.changed(
            a="entries: [slimy] => entries: [slimy, oily]", b="[odd, strange] => [odd, queer]"
        ),
    )
    assert len({first, second, third, fourth}) == 4

    def releases_of() -> dict[str, str | None]:
        here.services.in_force.refresh()
        return {
            rule.name: None if rule.changed is None else rule.changed.release
            for rule in told.listed().rules
        }

    known = releases_of()
    assert (known["slimy"], known["look-more"]) == (third, fourth)
    assert known["look"] not in {second, third, fourth}
    assert told.shown("slimy").rule.changed is not None
    rollbacks.roll_back(store, by="person:ana")
    again = releases_of()
    assert (again["slimy"], again["look-more"]) == (third, third)
    changed = told.shown("look-more").rule.changed
    assert changed is not None
    assert changed.by == "person:ana"


def test_over_http(here: Platform) -> None:
    """For whoever may read figures of quality."""
    odd_and_strange(here)
    with here.signed_in("pia", Role.POLICY_AUTHOR) as pia:
        answer = pia.get("/v1/rules", params={"since": "2026-01-01T00:00:00Z"})
        assert answer.status_code == 200, answer.text
        by_name = {rule["name"]: rule for rule in answer.json()["rules"]}
        assert by_name["look"]["hits"]["value"] == 1
        assert by_name["look"]["precision"]["state"] == "insufficient_data"
        (cell,) = pia.get("/v1/rules/look").json()["without"]["cells"]
        assert (cell["tier_before"], cell["tier"], cell["items"]) == ("single", "none", 1)
        shadow = pia.get("/v1/rules/look-more/shadow").json()
        (cell,) = shadow["matrix"]["cells"]
        assert (cell["tier_before"], cell["tier"], cell["items"]) == ("none", "single", 1)
        assert pia.get("/v1/rules/look/shadow").status_code == 409
        missing = pia.get("/v1/rules/slimmy")
        assert missing.status_code == 404
        assert missing.json()["detail"] == "there is no rule `slimmy`; did you mean `slimy`?"


def test_on_the_command_line(
    here: Platform, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For people and for programs."""
    odd_and_strange(here)
    settings: dict[str, Any] = {
        "TIERWISE_DATABASE__URL": here.services.store.url,
        "TIERWISE_REDIS__URL": here.services.redis_url,
        "TIERWISE_LOGGING__LEVEL": "error",
    }
    for name, given in settings.items():
        monkeypatch.setenv(name, given)
    commands.show_all()
    lines = capsys.readouterr().out.splitlines()
    assert "2 items, all read" in lines[0]
    (row,) = (line.split() for line in lines if line.startswith("look  "))
    assert row[:4] == ["look", "live", "single", "1"]
    commands.show("look-more", since="2w", form=commands.Form.JSON)
    told = orjson.loads(capsys.readouterr().out)
    assert told["page"]["without"] is None
    assert told["shadow"]["matrix"]["cells"][0]["items"] == 1
    commands.show("look-more", since="2026-01-01")
    text = capsys.readouterr().out
    assert "in the shadow, beside rule look: 2 hits" in text
    assert "(insufficient data: 0 of 20)" in text
    assert "none publish -> single publish: people upheld 0" in text
    with pytest.raises(typer.BadParameter, match="`soon` is no time"):
        commands.show_all(since="soon")


def odd_and_strange(here: Platform) -> None:
    """Two items, of which a rule and its shadow say different things."""
    for each in ("odd", "strange"):
        here.http.post("/v1/items", json={"id": each, "text": each}).raise_for_status()
