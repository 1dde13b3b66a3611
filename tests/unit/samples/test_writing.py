"""How the texts of the sample come about: chance, templates, spellings."""

import pytest

from engine.samples.dice import Dice
from engine.samples.fine import FINE
from engine.samples.harmful import HARMFUL
from engine.samples.items import fingerprint
from engine.samples.spelling import disguised, mistyped
from engine.samples.templates import fill
from engine.samples.words import BANKS

SCENARIOS = {one.name: one for one in (*FINE, *HARMFUL)}


def test_dice_of_one_purpose_do_not_disturb_another() -> None:
    """Drawing for one purpose changes nothing for the next."""
    alone = Dice(1, "b").share()
    Dice(1, "a").share()
    assert Dice(1, "b").share() == alone
    assert Dice(2, "b").share() != alone


def test_weighted_follows_the_weights() -> None:
    """What weighs three times as much comes about three times as often."""
    dice = Dice(1, "weights")
    drawn = [dice.weighted({"rare": 1, "often": 3}) for _ in range(4_000)]
    assert 0.72 < drawn.count("often") / len(drawn) < 0.78


def test_whole_reaches_both_ends() -> None:
    """Both ends of a range are possible, and nothing beyond."""
    dice = Dice(1, "whole")
    assert {dice.whole(2, 4) for _ in range(200)} == {2, 3, 4}


@pytest.mark.parametrize("language", sorted(BANKS))
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_template_can_be_filled(name: str, language: str) -> None:
    """No template asks for a word no bank has."""
    for template in SCENARIOS[name].lines.get(language, ()):
        assert fill(template, language, Dice(1, template))


def test_choices_and_slots() -> None:
    """A choice takes one of its parts, which may hold slots; gaps close."""
    texts = {fill("[a|b {n}|] , {n}", "en", Dice(seed, "fill")) for seed in range(60)}
    assert any(text.startswith("a, ") for text in texts)
    assert any(text.startswith("b ") for text in texts)
    assert any(text.startswith(", ") for text in texts)


def test_masked_words_are_disguised() -> None:
    """With a chance of one every telling word is spelled differently; others never."""
    for seed in range(20):
        assert fill("{slur}", "es", Dice(seed, "m"), masked=1.0) not in BANKS["es"]["slur"]
        assert fill("{time}", "de", Dice(seed, "m"), masked=1.0) in BANKS["de"]["time"]


def test_disguises_differ() -> None:
    """One word has many disguises."""
    found = {disguised("zorbling", Dice(seed, "d")) for seed in range(60)}
    assert "zorbling" not in found
    assert len(found) > 8


def test_a_slip_changes_little() -> None:
    """A mistyped text differs by one or two letters, and a short one stays whole."""
    text = "plum cake with my gran"
    for seed in range(30):
        assert len(text) - len(mistyped(text, Dice(seed, "s"))) in (0, 1)
    assert mistyped("hello", Dice(1, "s")) == "hello"


def test_fingerprint_ignores_dress() -> None:
    """Case, spaces and punctuation do not change a fingerprint; a letter does."""
    assert fingerprint("Sign now, only 3 days!") == fingerprint("sign NOW only 3 days")
    assert fingerprint("sign now") != fingerprint("sign how")
