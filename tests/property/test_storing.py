"""Compiled releases on disk."""

from pathlib import Path

import pytest

from engine.errors import InvalidRelease
from engine.rules.codec import decode, encode
from engine.rules.release import Release
from tests.generators.draws import seeded
from tests.generators.items import bait, item
from tests.generators.policies import NOW, policy

SEEDS = range(40)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_stored_release_gives_the_same_verdicts(seed: int, tmp_path: Path) -> None:
    """What comes back from disk judges every item as the release that was stored."""
    draws = seeded(seed)
    made = policy(draws)
    found = bait(made)
    items = [item(draws, made, found) for _ in range(20)]
    release = Release.of(made)
    release.save(tmp_path / "release")
    again = Release.open(tmp_path / "release")
    assert again.name == release.name
    for each in items:
        assert again.evaluate(each, now=NOW) == release.evaluate(each, now=NOW)


@pytest.mark.parametrize("seed", SEEDS)
def test_values_survive_the_codec(seed: int) -> None:
    """Every part of a policy is equal after a way through bytes."""
    made = policy(seeded(seed))
    for part in (made.rules, made.lists, made.points, made.exemptions):
        for value in part.values():
            assert decode(encode(value)) == value
    assert decode(encode(made.vocabulary)) == made.vocabulary


def test_a_flipped_byte_is_refused(tmp_path: Path) -> None:
    """A damaged file is refused with the reason, wherever the damage is."""
    path = tmp_path / "release"
    Release.of(policy(seeded(1))).save(path)
    whole = path.read_bytes()
    for place in range(0, len(whole), max(1, len(whole) // 50)):
        path.write_bytes(whole[:place] + bytes((whole[place] ^ 1,)) + whole[place + 1 :])
        with pytest.raises(InvalidRelease, match="damaged"):
            Release.open(path)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidRelease, match="damaged"):
        Release.open(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A missing file is an InvalidRelease too."""
    with pytest.raises(InvalidRelease, match="cannot be read"):
        Release.open(tmp_path / "nowhere")
