"""Each page over an empty, a small and a large database."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair as alt
import httpx
import orjson
import pytest
from jsonschema import ValidationError
from streamlit.testing.v1 import AppTest

from dashboard.navigation import PAGES
from engine.samples import write_sample
from queues.access import Role
from queues.simulation import Course, Plan, Truths, crew_of
from queues.simulation.truths import truths_in
from tests.benchmarks.rollups import copied, filled, summed
from tests.functional.console.apps import looking, opened
from tests.functional.console.site import PASSWORD, Service, service

_ITEMS = 150
#: Of the last day; their sums stand for each of thirty.
_ROWS = 20_000
_SEED = 7
(_OVERVIEW,) = (page for page in PAGES if page.path == "overview")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service, with somebody who has every role."""
    with service(tmp_path_factory.mktemp("pages"), TIERWISE_REVIEW__GRACE="0") as started:
        started.person("eve", *(str(role) for role in Role))
        yield started


def test_each_page_over_nothing_over_little_and_over_much(running: Service, tmp_path: Path) -> None:
    """It opens without an error or an exception, whatever is there."""
    _look_at_all(running)
    _fill(running, tmp_path / "items.jsonl")
    _look_at_all(running)
    _grow(running)
    _look_at_all(running)
    with looking(running.url, _token(running)):
        charts = _charts(opened(_OVERVIEW))
    assert charts
    assert _misdrawn({**charts[0], "layer": [{"mark": "blob"}]})


def _look_at_all(running: Service) -> None:
    with looking(running.url, _token(running)):
        wrong = {page.path: said for page in PAGES if (said := _wrong(opened(page)))}
    assert not wrong


def _token(running: Service) -> str:
    entered = httpx.post(
        f"{running.url}/v1/sessions", json={"name": "eve", "password": PASSWORD}, timeout=60
    )
    return str(entered.json()["token"])


def _grow(running: Service) -> None:
    """Many times as much, of policies and queues that are gone, in sums of thirty such days."""
    store = running.site.store
    filled(store, _ROWS)
    summed(store)
    copied(store)


def _wrong(app: AppTest) -> list[str]:
    return [
        *(f"{each.value}: {each.stack_trace}" for each in app.exception),
        *(str(each.value) for each in app.error),
        *filter(None, map(_misdrawn, _charts(app))),
    ]


def _charts(app: AppTest) -> list[dict[str, Any]]:
    """What is drawn, as Vega-Lite reads it."""
    return [orjson.loads(each.proto.spec) for each in app.get("vega_lite_chart")]


def _misdrawn(chart: dict[str, Any]) -> str | None:
    """What is wrong with a chart by the schema of Vega-Lite: pages draw them unchecked."""
    try:
        alt.Chart.from_dict({"data": {"values": []}, **chart}, validate=True)
    except ValidationError as error:
        return str(error)
    return None


def _fill(running: Service, path: Path) -> None:
    write_sample(path, _ITEMS, _SEED)
    raws = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    running.post(*raws)
    plan = Plan(
        crew=crew_of(8, seed=_SEED),
        seed=_SEED,
        truths=Truths(known=truths_in(enumerate(raws, 1))),
        accounts=True,
        appeals=0.2,
        patience=5.0,
    )
    asyncio.run(Course(plan=plan, urls=[running.url], key=running.key).run())
