"""Labelled rows are read, and what cannot be used is counted."""

import pytest

from engine.classify.dataset import Columns, Dataset, dataset, parse_label


def read(*raw: dict[str, object] | str, labels: tuple[str, ...] = ("labels.toxic",)) -> Dataset:
    """The dataset of these rows."""
    return dataset(enumerate(raw, 1), Columns(labels=tuple(map(parse_label, labels))))


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        *((value, True) for value in (True, "Yes", "1", 2, 0.5)),
        *((value, False) for value in (False, "no", "FALSE", 0, 0.49)),
    ],
)
def test_labels_say_yes_or_no(value: object, answer: object) -> None:
    """Booleans, words and numbers are understood."""
    assert read({"text": "t", "labels": {"toxic": value}}).answers == ((answer,),)


def test_one_value_of_several() -> None:
    """With a value named, that one is yes and every other is no."""
    found = read(
        {"text": "a", "class": "bad"},
        {"text": "b", "class": "good"},
        {"text": "c", "class": 1},
        labels=("class=bad", "class=1"),
    )
    assert found.answers == ((True, False), (False, False), (False, True))


def test_a_column_may_have_dots_in_its_name() -> None:
    """A table has no objects, and its columns are called by paths."""
    assert read({"text": "t", "labels.toxic": "true"}).answers == ((True,),)


def test_rows_without_any_label_are_counted() -> None:
    """Null, empty and absent labels leave a row out if it has no other."""
    found = read(
        {"text": "a", "labels": {"toxic": None, "b": True}},
        {"text": "b", "labels": {"toxic": ""}},
        {"text": "c"},
        labels=("labels.toxic", "labels.b"),
    )
    assert (found.texts, found.answers, found.unlabelled) == (("a",), ((None, True),), 2)


def test_bad_rows_are_named_with_their_line() -> None:
    """A bad row is passed over, and its line and reason are kept."""
    found = read(
        "this is no JSON",
        {"text": 5, "labels": {"toxic": True}},
        {"text": "a", "labels": {"toxic": "maybe"}},
        {"text": "a", "labels": {"toxic": [1]}},
        {"text": "a", "labels": {"toxic": float("nan")}},
        {"text": "fine", "labels": {"toxic": True}},
    )
    hint = "to learn one value of several, write `labels.toxic=maybe`"
    assert (found.texts, found.bad) == (("fine",), 5)
    assert [(row.line, row.reason) for row in found.bad_rows] == [
        (1, "this is no JSON"),
        (2, "`text` is a number, expected text"),
        (3, f"`labels.toxic` is `maybe`, expected yes or no; {hint}"),
        (4, "`labels.toxic` is a list, expected yes, no, a number or text"),
        (5, "`labels.toxic` is a number, expected yes, no, a number or text"),
    ]


def test_the_digest_names_the_rows() -> None:
    """Ids, texts and labels change it; what training does not use does not."""
    row: dict[str, object] = {"id": "1", "text": "a", "labels": {"toxic": True}}
    digest = read(row).digest
    assert read({**row, "other": 1}).digest == digest
    for change in ({"id": "2"}, {"text": "b"}, {"labels": {"toxic": False}}):
        assert read({**row, **change}).digest != digest
