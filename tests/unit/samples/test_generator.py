"""The sample is invented traffic: the same for a seed, mostly harmless, varied, with its truth."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from engine.samples import generate, write_sample, write_split

Item = Mapping[str, Any]


@pytest.fixture(scope="module")
def items() -> list[dict[str, Any]]:
    """A sample of the usual size."""
    return [dict(item) for item in generate(4000, 7)]


def share(items: Iterable[Item], key: str) -> float:
    """The share of items with a property in their truth."""
    found = [bool(item["truth"][key]) for item in items]
    return sum(found) / len(found)


def moment(item: Item) -> float:
    """When an item was written."""
    return datetime.fromisoformat(item["created_at"]).timestamp()


@pytest.mark.parametrize("count", [0, 1, 5, 299, 300, 777])
def test_count(count: int) -> None:
    """As many items come as are asked for."""
    assert len(list(generate(count, 3))) == count


def test_same_seed_same_items() -> None:
    """A seed names its items down to the last byte."""
    assert list(generate(400, 11)) == list(generate(400, 11))


def test_other_seed_other_items() -> None:
    """Another seed gives other people and other texts."""
    first = {item["text"] for item in generate(400, 11)}
    second = {item["text"] for item in generate(400, 12)}
    assert len(first & second) < len(first) / 3


def test_json(items: list[dict[str, Any]]) -> None:
    """Every item can be sent as JSON and arrives unchanged."""
    assert json.loads(json.dumps(items)) == items


def test_ids_are_unique(items: list[dict[str, Any]]) -> None:
    """No two items share an id, even where texts repeat."""
    assert len({item["id"] for item in items}) == len(items)


def test_in_order_of_time(items: list[dict[str, Any]]) -> None:
    """Items come in the order they were written, as counters need it."""
    moments = [moment(item) for item in items]
    assert moments == sorted(moments)


def test_base_rates(items: list[dict[str, Any]]) -> None:
    """Most items are fine, hate is rare, and every policy occurs."""
    policies = Counter(item["truth"]["policy"] for item in items)
    assert 0.68 < policies["none"] / len(items) < 0.85
    assert 0.04 < share(items, "hate") < 0.1
    assert share(items, "hate") < share(items, "toxic") < 0.18
    assert set(policies) >= {
        "hate",
        "harassment",
        "self-harm",
        "child-safety",
        "spam",
        "regulated-goods",
        "nudity",
        "scam",
        "privacy",
        "legal",
        "appeal",
    }


def test_kinds_and_languages(items: list[dict[str, Any]]) -> None:
    """All kinds and all languages occur, English most."""
    assert {item["kind"] for item in items} == {
        "post",
        "comment",
        "profile",
        "image",
        "message",
        "appeal",
    }
    languages = Counter(item["language"] for item in items)
    assert languages.most_common(1)[0][0] == "en"
    assert set(languages) == {"en", "de", "es", "zh", "ar"}


def test_truth_is_complete(items: list[dict[str, Any]]) -> None:
    """A simulated reviewer finds all it needs, within bounds."""
    for item in items:
        truth = item["truth"]
        assert set(truth) == {"policy", "toxic", "hate", "action", "severity", "difficulty"}
        assert 0 <= truth["difficulty"] <= 1
        assert truth["severity"] in {"low", "medium", "high", "critical"}
        assert not truth["hate"] or (truth["toxic"] and truth["policy"] == "hate")


def test_no_template_leaks(items: list[dict[str, Any]]) -> None:
    """No slot or choice is left unfilled."""
    assert not [item["text"] for item in items if set("{}[]|") & set(item["text"])]


def test_hard_cases(items: list[dict[str, Any]]) -> None:
    """A slur or a group's name alone does not tell whether a text is hate."""
    for word in ("zorbling", "zorbs"):
        labels = {item["truth"]["hate"] for item in items if word in item["text"].lower()}
        assert labels == {True, False}


def test_disguised_spellings(items: list[dict[str, Any]]) -> None:
    """Some slurs and drugs are spelled so that a plain search misses them."""
    goods = [item["text"] for item in items if item["truth"]["policy"] == "regulated-goods"]
    assert any("\u200b" in text for text in goods)
    assert any(re.search(r"[a-z]\d[a-z0-9]{2}", text.lower()) for text in goods)


def test_copies(items: list[dict[str, Any]]) -> None:
    """People repeat each other, but most texts are their own."""
    texts = Counter(item["text"] for item in items)
    assert 50 < len(items) - len(texts) < len(items) / 8


def test_copies_share_a_fingerprint(items: list[dict[str, Any]]) -> None:
    """The same text has the same fingerprint, and different texts have different ones."""
    by_text = defaultdict(set)
    for item in items:
        by_text[item["text"]].add(item["text.fingerprint"])
    assert all(len(prints) == 1 for prints in by_text.values())
    assert len({item["text.fingerprint"] for item in items}) > len(by_text) * 0.9


def test_link_burst(items: list[dict[str, Any]]) -> None:
    """A new account posts five links within an hour, so that a counter can see it."""
    moments = defaultdict(list)
    for item in items:
        if item.get("links") and item["author"]["account_age"] < 3 * 86_400:
            moments[item["author"]["id"]].append(moment(item))
    assert any(
        times[place + 4] - times[place] <= 3_600
        for times in moments.values()
        for place in range(len(times) - 4)
    )


def test_pile_on(items: list[dict[str, Any]]) -> None:
    """Twenty accounts answer one person within an hour."""
    answers = defaultdict(list)
    for item in items:
        if item["kind"] == "comment":
            answers[item["target"]["id"]].append((moment(item), item["author"]["id"]))
    crowds = [
        {author for at, author in seen if start <= at <= start + 3_600}
        for seen in answers.values()
        for start, _ in seen
    ]
    assert max(map(len, crowds)) >= 20


def test_image_scores(items: list[dict[str, Any]]) -> None:
    """Images bring scores, all but the few that were not scanned."""
    images = [item["image"] for item in items if "image" in item]
    scanned = [image for image in images if "score" in image]
    assert 0.95 < len(scanned) / len(images) < 1
    assert all(0 <= score <= 1 for image in scanned for score in image["score"].values())


def test_write_sample(tmp_path: Path) -> None:
    """A file holds one item per line, as generated."""
    path = tmp_path / "items.jsonl"
    assert write_sample(path, 50, 5) == 50
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == list(generate(50, 5))


def test_write_split(tmp_path: Path) -> None:
    """The earlier share goes to the first file, the rest to the second, nothing twice or lost."""
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    assert write_split(first, second, 0.25, 80, 5) == (20, 60)
    lines = (first.read_text(encoding="utf-8") + second.read_text(encoding="utf-8")).splitlines()
    assert [json.loads(line) for line in lines] == list(generate(80, 5))
