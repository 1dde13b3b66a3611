"""Kinds of characters."""

import pytest

from engine.text.scripts import PARTICLES, is_hangul_syllable, is_no_space, is_sticky, is_word


@pytest.mark.parametrize("char", [*"aZ9éйΩ٣५", "Ⅳ", "²", "\u0301", "赌", "ก", "한"])
def test_word_characters(char: str) -> None:
    """Letters, numbers and combining marks are word characters."""
    assert is_word(char)


@pytest.mark.parametrize("char", [*" _-.$@!|+€", "\U0001f44d", "\u200b", "\u3000", "·"])
def test_no_word_characters(char: str) -> None:
    """Signs, spaces and the low line are none."""
    assert not is_word(char)


@pytest.mark.parametrize("char", [*"赌〇々のノーกຫខမར"])
def test_scripts_without_spaces(char: str) -> None:
    """A word may end next to a character of these scripts."""
    assert is_no_space(char)
    assert not is_sticky(char)


@pytest.mark.parametrize("char", [*"aй한अع", "\u3099"])
def test_scripts_with_spaces(char: str) -> None:
    """Next to one of these, a word goes on."""
    assert is_sticky(char)


def test_particles_are_hangul() -> None:
    """Every particle is of syllables alone, and none is listed twice."""
    assert all(is_hangul_syllable(char) for particle in PARTICLES for char in particle)
    assert len(set(PARTICLES)) == len(PARTICLES)
