"""What a verdict is written down as."""

from engine import recording
from engine.item import Item
from engine.recording import Recorder
from engine.rules.release import Release
from engine.rules.vocabulary import FieldType
from engine.verdict import Verdict
from tests.unit.policies import at_least, policy, rule, vocabulary


def _recorder() -> Recorder:
    words = vocabulary(score__hate=FieldType.SCORE)
    release = Release.of(policy(words, rule("hate", at_least("score.hate", 0.5))))
    return Recorder(release=release, models=("hate@1",), with_text=False)


def test_items_with_one_verdict_have_records_of_their_own() -> None:
    """Each has its id, its evidence and its signals; taking something out of one leaves others."""
    recorder = _recorder()
    items = [Item(name, {"score.hate": score}) for name, score in (("a", 0.75), ("b", 0.875))]
    verdicts = recorder.release.evaluate_batch(items, now=0.0)
    assert verdicts[0] is verdicts[1]
    first, second = (
        recorder.record(item, verdict, {"score.hate": 1.0})
        for item, verdict in zip(items, verdicts, strict=True)
    )
    del first["signals"], first["tier"]
    third = recorder.record(items[1], verdicts[1], {})
    assert (first["id"], second["id"], third["id"]) == ("a", "b", "b")
    assert (second["tier"], second["action"]) == ("auto", "remove")
    assert second["signals"] == {"score.hate": 1.0}
    assert third == {**second, "signals": {}}
    assert [_values(record["rules"]) for record in (first, second)] == [[0.75], [0.875]]


def test_verdicts_without_end_do_not_fill_the_memory() -> None:
    """Beyond so many verdicts it starts anew, and none is taken for another."""
    recorder = _recorder()
    item = Item("a", {})
    for number in range(recording.MOST_FRAMES + 2):
        record = recorder.record(item, Verdict(action=f"action-{number}"), {})
        assert record["action"] == f"action-{number}"


def _values(rules: object) -> list[object]:
    assert isinstance(rules, list)
    return [evidence["value"] for one in rules for evidence in one["evidence"]]
