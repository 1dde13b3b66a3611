"""What zones of a score would change stands in a table, each figure in its unit."""

from streamlit.testing.v1 import AppTest


def _script() -> None:
    """Runs apart from this module: it is read as text."""
    from dashboard.quality.zones import effects  # noqa: PLC0415 - see above

    now = {"items": 10, "shares": {"single": 1.0}, "cost": 0.12, "seconds": 95.0, "error": 0.05}
    effects({"present": now, "suggested": now | {"cost": 1.5, "seconds": 30.0, "error": 0.01}})


def test_each_figure_has_its_unit() -> None:
    """Money, a time, and a share: now, and with these zones."""
    app = AppTest.from_function(_script, default_timeout=60).run()
    assert not app.exception
    told = app.dataframe[0].value
    assert list(told["what"]) == ["Cost of an item", "People's time", "Error"]
    assert list(told["now"]) == ["$0.1200", "2 min", "5.0 %"]
    assert list(told["then"]) == ["$1.50", "30 s", "1.0 %"]
