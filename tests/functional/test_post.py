"""Items posted to a running service get what `tierwise run` gives them."""

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from queues import keys
from queues.access import Scope
from queues.policies import models, releases
from queues.store.session import Store
from tests.integration.intakes import rows

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared" / "data" / "davidson_first_half.jsonl.gz"

_REAL_POSTS = 12_391


def tierwise(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the program."""
    return subprocess.run(
        [sys.executable, "-m", "queues.cli", *words],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def api(store: Store, redis_url: str) -> Iterator[str]:
    """The API as a process of its own; where it listens."""
    environment = {
        "TIERWISE_DATABASE__URL": store.url,
        "TIERWISE_REDIS__URL": redis_url,
        "TIERWISE_LOGGING__LEVEL": "warning",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "queues.cli", "api", "--port", "0"],
        env={**os.environ, **environment},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A classifier of made-up items."""
    folder = tmp_path_factory.mktemp("model")
    sample, model = folder / "sample.jsonl", folder / "model"
    tierwise("sample", str(sample), "--count", "1500")
    made = tierwise(
        *("train", str(sample), "--label", "truth.toxic"),
        *("--score", "score.hate", "--out", str(model)),
    )
    assert made.returncode == 0, made.stderr
    return model


@pytest.mark.skipif(not REAL.exists(), reason="the real posts do not lie beside the checkout")
@pytest.mark.parametrize(
    ("count", "how"),
    [(_REAL_POSTS, {"batch": 500, "at_once": 4}), (2_000, {"batch": 1, "at_once": 32})],
    ids=["batches", "one by one"],
)
def test_tiers_are_those_of_run(
    store: Store, redis_url: str, model: Path, tmp_path: Path, count: int, how: Mapping[str, int]
) -> None:
    """Every item is answered, found again, and in the same tier."""
    items = tmp_path / "items.jsonl"
    with gzip.open(REAL, "rb") as file:
        items.write_bytes(b"".join(islice(file, count)))
    published = releases.publish_folder(store, ROOT / "rules", by="test", message="test")
    releases.activate(store, published.name, by="test")
    version = models.publish_model(store, model.read_bytes(), by="test").version
    models.activate_models(store, [version], by="test")
    _, key = keys.create(store, name="test", scopes=[Scope.ADMIN], by="test")
    with api(store, redis_url) as url:
        told = _posted(items, url, key, **how)
        again = _posted(items, url, key, batch=1_000, at_once=2)
        with httpx.Client(headers={"authorization": f"Bearer {key}"}) as client:
            for name in list(told)[::400]:
                found = client.get(f"{url}/v1/items/{told[name]['item_id']}").json()
                assert found["item_id"] == told[name]["item_id"]
    judged = tierwise(
        *("run", str(items), "--rules", "rules", "--model", str(model)),
        *("--out", str(tmp_path / "run.jsonl")),
    )
    assert judged.returncode == 0, judged.stderr
    expected = [orjson.loads(line) for line in (tmp_path / "run.jsonl").read_bytes().splitlines()]
    assert len(told) == len(expected) == count
    assert all(each["duplicate"] for each in again.values())
    assert _lasting(again) == _lasting(told)
    assert {name: (each["tier"], each["action"]) for name, each in told.items()} == {
        each["id"]: (each["tier"], each["action"]) for each in expected
    }
    assert {each["release"] for each in expected} == {published.name}
    assert rows(store, "SELECT count(*) AS n FROM items") == [{"n": count}]


def _lasting(answers: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Answers without what is another a moment later: the place in the queue, and the wait."""
    passing = {"duplicate", "place", "expected_wait"}
    return {
        name: {key: value for key, value in answer.items() if key not in passing}
        | {"case": {k: v for k, v in (answer.get("case") or {}).items() if k not in passing}}
        for name, answer in answers.items()
    }


def _posted(
    items: Path, url: str, key: str, *, batch: int, at_once: int
) -> dict[str, dict[str, object]]:
    """The answers to the items of a file, by the id of each."""
    answers = items.with_name("answers.jsonl")
    done = tierwise(
        *("post", str(items), "--url", url, "--batch", str(batch), "--at-once", str(at_once)),
        *("--out", str(answers)),
        TIERWISE_KEY=key,
    )
    assert done.returncode == 0, done.stderr
    return {each["id"]: each for each in map(orjson.loads, answers.read_bytes().splitlines())}
