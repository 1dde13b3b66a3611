"""A defect is told with its way through the code once, and with every item it meets."""

import logging

import pytest

from engine.rules.defects import Defects


def _first() -> None:
    raise ZeroDivisionError


def _second() -> None:
    raise KeyError


def test_the_way_through_the_code_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """Each item is named; another place in the code is another defect."""
    defects = Defects("release")
    with caplog.at_level(logging.ERROR):
        for item, fails in (("a", _first), ("b", _first), ("c", _second), ("d", _first)):
            try:
                fails()
            except Exception:  # noqa: BLE001 - as evaluation does
                defects.report("evaluation failed", item=item)
    told = [(vars(each)["item"], vars(each)["defect"]) for each in caplog.records]
    assert told == [
        ("a", "ZeroDivisionError"),
        ("b", "ZeroDivisionError"),
        ("c", "KeyError"),
        ("d", "ZeroDivisionError"),
    ]
    assert [bool(each.exc_info) for each in caplog.records] == [True, False, True, False]
    assert {vars(each)["release"] for each in caplog.records} == {"release"}
