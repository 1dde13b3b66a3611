"""What other people wrote is harmless in a terminal."""

import pytest

from engine.cli.terminal import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Grüße, 你好 · ok", "Grüße, 你好 · ok"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202eabc", "\\u202eabc"),
        ("", ""),
    ],
)
def test_only_what_can_be_seen_is_shown(text: str, shown: str) -> None:
    """Letters of all scripts stay; what moves the cursor or turns the writing is spelled out."""
    assert printable(text) == shown
