"""What has moved between two windows of stored traffic, and the alarms it raises, once each."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from engine.drift import Undefined
from engine.quality.measures import State
from engine.rules.model import Policy
from queues.cli.drift import lines
from queues.measurement.drift import Alarm, AlarmKind, alarms, figures, windows
from queues.measurement.drift.drawing import Span
from queues.measurement.drift.looking import Watching
from queues.measurement.drift.windows import Labels, Sample, Seen
from queues.policies import releases
from queues.policies.naming import RulesOfReleases
from queues.sections import Drift
from queues.store.session import Store
from tests.integration import policies
from tests.integration.apis import platform, services_for
from tests.integration.drifting import RULES, Past, Traffic, policy_in, scores_of
from tests.integration.intakes import POLICY, rows

BEFORE, NOW = (15.0, 1.0), (1.0, 0.0)
USUAL = Traffic()
#: Each of another item: a later verdict, a duplicate, a look that was not blind, a later decision,
#: and a rule that could not tell.
CHANGES = (
    "UPDATE verdicts SET cause = 'reports' WHERE item_id = :item",
    "UPDATE decisions SET twin_of = id WHERE item_id = :item",
    "UPDATE votes SET blind = false WHERE case_id IN (SELECT id FROM cases WHERE item_id = :item)",
    (
        "INSERT INTO decisions (id, item_id, verdict_id, case_id, made_by, tier, action, policy,"
        " inclusion_probability, at) SELECT uuidv7(), item_id, verdict_id, case_id, made_by,"
        " tier, 'remove', 'spam', 0.25, at FROM decisions WHERE item_id = :item"
    ),
    (
        """UPDATE verdicts SET trace = '{"rules": [{"name": "look", "status": "missing"}]}'"""
        " WHERE item_id = :item"
    ),
    "UPDATE verdicts SET tier = 'single' WHERE item_id = :item",
)
MOVED = Traffic(score=(5.0, 2.0), words=("zorbling", "wares"), hits=0.4, wrong=0.5, found=0.7)


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    """The words of rules."""
    return policy_in(tmp_path_factory.mktemp("policy"))


@pytest.fixture
def past(store: Store) -> Past:
    """A database without traffic."""
    return Past(store)


def watching(store: Store, policy: Policy, **settings: Any) -> Watching:  # noqa: ANN401 - settings
    """Looks at two weeks before the last day."""
    given = {"least": 50, "verdicts": 400, "history": 4.0} | settings
    return Watching(
        store=store,
        vocabulary=lambda: policy.vocabulary,
        rules_of=lambda _: RULES,
        scores_of=scores_of,
        settings=Drift(**given),
    )


def on(store: Store) -> tuple[Alarm, ...]:
    """The alarms that are on."""
    with store.read() as connection:
        return alarms(connection)


def told(store: Store) -> list[tuple[str, str]]:
    """What was audited and told to receivers of alarms, the oldest first."""
    audited = rows(
        store, "SELECT kind, subject FROM audit_events WHERE kind LIKE 'alarm.%' ORDER BY id"
    )
    events = rows(
        store,
        "SELECT kind, (payload ->> 'kind') || ':' || (payload ->> 'name') AS subject FROM events"
        " WHERE kind LIKE 'alarm.%' ORDER BY id",
    )
    assert audited == events
    return [(row["kind"], row["subject"]) for row in audited]


def test_nothing_yet(past: Past, policy: Policy) -> None:
    """Every figure says what it takes, and nothing alarms."""
    here = watching(past.store, policy)
    found = here.look()
    assert (found.scores, found.rules, found.alarms) == ((), (), ())
    assert found.vocabulary is not None
    mixed = found.labels[0]
    for standing in (
        mixed.standing,
        found.vocabulary.standing,
        found.performance.standing,
        found.performance.expected.standing,
        found.performance.gap.standing,
        *(window.standing for window in found.performance.windows),
    ):
        assert standing.state is State.INSUFFICIENT_DATA
        assert standing.n == 0
        assert standing.needs >= 3
        assert "insufficient data: 0 of" in str(standing.why)
    assert (found.current.verdicts, found.reference.until) == (0, found.current.since)
    assert here.watch() == (0, 0)
    assert on(past.store) == ()


def test_the_same_traffic_is_no_alarm(past: Past, policy: Policy) -> None:
    """Every figure is there, with what it rests on."""
    past.write(USUAL, days=BEFORE, count=1_700)
    past.write(USUAL, days=NOW, count=500)
    past.judge(USUAL, days=BEFORE, count=300)
    past.judge(USUAL, days=NOW, count=100)
    here = watching(past.store, policy, error=0.2, tolerance=0.5)
    found = here.look()
    assert (found.reference.read, found.reference.verdicts) == (1_600, 2_000)
    assert (found.current.read, found.current.verdicts) == (400, 600)
    (score,) = found.scores
    assert (score.field, score.size, score.standing.n) == ("score.hate", "small", 400)
    assert score.psi is not None
    assert score.null_mean is not None
    assert score.psi < 3 * score.null_mean
    mixed, hate = found.labels
    assert (mixed.policy, hate.policy) == (None, "hate")
    assert hate.now is not None
    assert hate.now.n == 100
    assert hate.now.low < 0.2 < hate.now.high
    assert hate.now.effective < 100, "chances differ"
    assert found.vocabulary is not None
    assert (found.vocabulary.out_of_vocabulary, found.vocabulary.standing.state) == (0, "known")
    assert found.performance.gap.standing.state is State.KNOWN
    # Chances of a beta distribution of 2 and 5 err in 26.6 % where one half decides, and in 37.1 %
    # where what people find does: one in six. Were how new a text is taken for a chance as well,
    # nearly all would be violations, of which most were let pass.
    assert found.performance.expected.value == pytest.approx(0.284, abs=0.03)
    assert {rule.rule: rule.change for rule in found.rules} == {
        "look": "steady",
        "remove": "steady",
    }
    assert found.rules[0].before == pytest.approx(0.1, abs=0.03)
    assert (found.alarms, here.watch(), on(past.store)) == ((), (0, 0), ())
    again = here.look()
    assert (again.scores, again.labels, again.vocabulary, again.rules) == (
        found.scores,
        found.labels,
        found.vocabulary,
        found.rules,
    ), "the same verdicts are read again"


def test_what_has_moved_alarms(past: Past, policy: Policy) -> None:
    """Scores, labels, errors and rules, each told to receivers and the audit when it begins."""
    past.write(USUAL, days=BEFORE, count=1_600)
    past.write(MOVED, days=NOW, count=300)
    past.judge(USUAL, days=BEFORE, count=200)
    past.judge(MOVED, days=(3.0, 0.0), count=300)
    here = watching(past.store, policy)
    found = here.look()
    assert found.vocabulary is not None
    assert found.vocabulary.auc is not None
    assert found.vocabulary.auc > 0.95
    about = {(alarm.kind, alarm.name) for alarm in found.alarms}
    assert about == {
        (AlarmKind.SCORE, "score.hate"),
        (AlarmKind.LABEL, "all"),
        (AlarmKind.LABEL, "hate"),
        (AlarmKind.ERROR, "all"),
        (AlarmKind.GAP, "all"),
        (AlarmKind.RULE, "look"),
        (AlarmKind.RULE, "remove"),
    }
    with past.store.read() as connection:
        assert alarms(connection) == (), "looking alone raises none"


def test_alarms_are_raised_once_until_they_are_gone(past: Past, policy: Policy) -> None:
    """Each is told to receivers and the audit when it begins, and when it ends."""
    past.write(USUAL, days=BEFORE, count=1_600)
    past.write(MOVED, days=NOW, count=300)
    past.judge(USUAL, days=BEFORE, count=200)
    past.judge(MOVED, days=(3.0, 0.0), count=300)
    here = watching(past.store, policy)
    assert here.watch() == (7, 0)
    assert here.watch() == (0, 0)
    assert all(each.raised_at is not None for each in on(past.store))
    assert len(told(past.store)) == 7
    assert {kind for kind, _ in told(past.store)} == {"alarm.raised"}

    # With too little to tell anything, alarms stay on; where it is told that all is well, not.
    silent = watching(past.store, policy, least=10_000)
    assert silent.watch() == (0, 0)
    assert len(on(past.store)) == 7
    with past.store.transaction() as connection:
        connection.execute(text("DELETE FROM verdicts"))
        connection.execute(text("DELETE FROM decisions"))
        connection.execute(text("DELETE FROM cases"))
    past.write(USUAL, days=BEFORE, count=1_600)
    past.write(USUAL, days=NOW, count=400)
    past.judge(USUAL, days=BEFORE, count=200)
    assert here.watch() == (0, 3)
    assert {each.kind for each in on(past.store)} == {
        AlarmKind.LABEL,
        AlarmKind.ERROR,
        AlarmKind.GAP,
    }
    assert sorted(subject for kind, subject in told(past.store) if kind == "alarm.cleared") == [
        "rule:look",
        "rule:remove",
        "score:score.hate",
    ]


def test_overrides_are_no_errors_of_the_machine(past: Past, policy: Policy) -> None:
    """What somebody decided about content says nothing about rules and classifiers."""
    past.judge(Traffic(wrong=1.0, override=True), days=(3.0, 0.0), count=300)
    found = watching(past.store, policy).look()
    assert [window.standing.n for window in found.performance.windows] == [0, 0, 0]
    assert found.performance.expected.standing.n == 0
    assert found.current.read == 100


def test_what_counts(past: Past, policy: Policy) -> None:
    """First verdicts, last decisions, looks of their own, and blind answers."""
    past.judge(Traffic(found=0.0, wrong=0.0), days=NOW, count=100)
    for number, change in enumerate(CHANGES):
        with past.store.transaction() as connection:
            item = connection.execute(
                text("SELECT id FROM items ORDER BY id OFFSET :n LIMIT 1"), {"n": number}
            ).scalar_one()
            assert connection.execute(text(change), {"item": item}).rowcount == 1
    found = watching(past.store, policy).look()
    assert found.current.verdicts == 99
    span = Span(since=found.current.since, until=found.current.until)
    with past.store.read() as connection:
        labels = windows.labels(connection, span, 1_000)
        sample = windows.sample(connection, span, 1_000)
        seen = windows.seen(connection, span, policy.vocabulary, scores_of, 1_000)
        few = windows.seen(connection, span, policy.vocabulary, scores_of, 10)
        history = windows.history(connection, span, 1_000)
        fewer = windows.sample(connection, span, 10), windows.labels(connection, span, 10)
    assert (labels.labels.count("none"), labels.labels.count("spam")) == (98, 1)
    assert labels.inclusion[labels.labels.index("spam")] == 0.25
    assert (len(sample.wrong), set(sample.inclusion)) == (98, {0.5, 1.0})
    assert (len(few.matched), few.verdicts) == (10, 99)
    # Two decisions about an item are one label.
    assert (len(fewer[0].wrong), len(fewer[1].labels) in {9, 10}) == (10, True)
    assert history.matched == Counter(seen.matched)
    passes = windows.passes(history.matched, lambda _: RULES)
    assert (passes.items["look"], passes.items["remove"]) == (98, 99)
    assert windows.passes(history.matched, lambda _: frozenset()).hits == {}


def test_simulated_people_are_told(past: Past, policy: Policy) -> None:
    """One vote of theirs is enough, and nobody's name but theirs begins so."""
    past.judge(USUAL, days=NOW, count=2)
    here = watching(past.store, policy)
    for vote, told in (
        ("reviewer = 'simone'", False),
        ("reviewer = 'a-sim-'", False),
        ("reviewer = 'sim-a', at = now() - interval '16 days'", False),
        ("reviewer = 'sim-a', at = now() - interval '14 days'", True),
    ):
        with past.store.transaction() as connection:
            newest = "SELECT id FROM votes ORDER BY id DESC LIMIT 1"
            connection.execute(text(f"UPDATE votes SET {vote} WHERE id = ({newest})"))  # noqa: S608 - ours
        assert here.look(words=False).simulated is told, vote


def test_as_much_counts_now_as_the_history_is_long_enough_for(past: Past, policy: Policy) -> None:
    """Else no rule could be told of while traffic grows."""
    past.write(USUAL, days=BEFORE, count=400)
    past.write(USUAL, days=NOW, count=400)
    assert [rule.standing.n for rule in watching(past.store, policy).look().rules] == [100, 100]
    (look, _) = watching(past.store, policy, least=101).look().rules
    assert (look.standing.state, look.standing.n, look.standing.needs) == (
        State.INSUFFICIENT_DATA,
        400,
        1_600,
    )


def test_a_rare_label_that_is_missing_is_no_alarm() -> None:
    """It makes PSI large by itself; a weighted rate that has moved is one."""
    given = Drift(least=50)
    before = Labels(labels=["none"] * 96 + ["rare"] * 4, inclusion=[1.0] * 100)
    now = Labels(labels=["none"] * 100, inclusion=[1.0] * 100)
    mixed, rare = figures.labels(before, now, given)
    assert (mixed.size, mixed.alarm, rare.alarm) == ("large", False, False)
    moved = Labels(labels=["none"] * 50 + ["rare"] * 50, inclusion=[1.0] * 100)
    assert [each.alarm for each in figures.labels(before, moved, given)] == [True, True]
    # Weighted, one half of what people saw is one in seven of what came.
    unlikely = Labels(labels=["none"] * 150 + ["rare"] * 150, inclusion=[1 / 6] * 150 + [1.0] * 150)
    _, rare = figures.labels(before, unlikely, given)
    assert rare.now is not None
    assert rare.now.value == pytest.approx(1 / 7)


def test_what_is_undefined_says_why() -> None:
    """However much there is of it: each reason of the engine is a state of its own."""
    assert all(why.name in State.__members__ for why in Undefined)
    texts = [" " * length for length in range(1, 61)]
    same = Seen(scores={"score.hate": [0.5] * 400}, texts=texts)
    (score,) = figures.scores(same, same, Drift())
    assert (score.standing.state, score.standing.why, score.standing.n) == (
        State.ONE_BIN,
        "one bin",
        400,
    )
    assert (score.psi, score.size, score.alarm, score.ks) == (None, None, False, 0)
    words = figures.vocabulary(same, same, Drift(least=50))
    assert (words.standing.state, words.standing.n) == (State.NO_WORDS, 60)


def test_errors_are_weighted() -> None:
    """One error among many that were unlikely to be seen is not one among few."""
    sample = Sample(wrong=[True] * 60 + [False] * 60, inclusion=[1.0] * 60 + [0.25] * 60)
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    span = Span(since=moment, until=moment)
    found = figures.errors([(span, sample)], Seen(), Drift(least=50, windows=1, error=0.3))
    (window,) = found.windows
    assert window.error is not None
    assert window.error.value == pytest.approx(60 / 300)
    assert not found.alarm


def test_windows_are_those_that_are_asked_for(past: Past, policy: Policy) -> None:
    """A fixed reference stays where it is; what lies between the windows is in neither."""
    past.write(USUAL, days=(30.0, 20.0), count=400)
    past.write(Traffic(score=(5.0, 2.0)), days=(20.0, 1.0), count=500)
    past.write(USUAL, days=NOW, count=400)
    moving = watching(past.store, policy)
    assert AlarmKind.SCORE in {alarm.kind for alarm in moving.look().alarms}
    now = moving.look().current.until
    first = now - timedelta(days=30)
    fixed = watching(past.store, policy, reference=10 * 86_400, reference_since=first)
    found = fixed.look()
    assert (found.reference.verdicts, found.current.verdicts) == (400, 400)
    assert found.alarms == ()
    asked = moving.look(since=now - timedelta(days=5), reference_since=now - timedelta(days=40))
    assert asked.reference.since == now - timedelta(days=40)
    assert asked.reference.until - asked.reference.since == timedelta(days=14)
    assert asked.current.since == now - timedelta(days=5)
    backwards = moving.look(since=now - timedelta(days=50), reference_since=now)
    assert backwards.reference.since == backwards.reference.until == backwards.current.since


@pytest.fixture
def served(store: Store, redis_url: str) -> Iterator[Any]:
    """A running API with a day of traffic."""
    services = services_for(store.url, redis_url, drift={"least": 50, "history": 2.0})
    release = policies.activated(store)
    past = Past(store)
    usual = Traffic(release=release)
    past.write(usual, days=BEFORE, count=500)
    past.write(usual, days=NOW, count=250)
    with platform(services) as here:
        yield here


def test_it_is_told_over_http(served: Any) -> None:  # noqa: ANN401 - a platform
    """And as lines for people."""
    answer = served.http.get("/v1/quality/drift")
    assert answer.status_code == 200
    found = answer.json()
    assert found["current"]["verdicts"] == 250
    assert [rule["rule"] for rule in found["rules"]] == ["unkind", "zorblings"]
    assert found["rules"][0]["standing"]["state"] == "known"
    written = list(lines(found))
    assert written[1].endswith("250 of 250 verdicts read")
    assert "words      all: 0.00% are new, AUC" in "\n".join(written)
    assert "error      sample: insufficient data: 0 of 50 (quality sample 2)" in written
    early = {"since": "0001-01-01T00:00:00Z", "reference_since": "9999-12-31T23:59:59Z"}
    assert served.http.get("/v1/quality/drift", params=early).status_code == 200
    assert RulesOfReleases(served.store)("gone") == frozenset()
    sources = {"all.yaml": POLICY}
    other = releases.publish(served.store, sources, by="cli:test", message="a test").name
    told = {"remove", "look", "panel", "reported", "much-reported", "unseen-image"}
    assert RulesOfReleases(served.store)(other) == told, "what measures others is not asked"
