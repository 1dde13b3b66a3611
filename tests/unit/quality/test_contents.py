"""A blind reviewer reads what somebody wrote, and not what was found in it."""

import pytest

from queues.quality.contents import blind_content


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        ({"id": "p", "text": "x", "score": {"hate": 0.9}}, {"text": "x"}),
        ({"item.id": "p", "text": "x", "score.hate": 0.9, "reports.count": 3}, {"text": "x"}),
        (
            {"item": {"id": "p", "kind": "post", "created_at": "2026-01-01"}, "text": "x"},
            {"item": {"kind": "post"}, "text": "x"},
        ),
        (
            {"created_at": "2026-01-01", "counter.posts_1h": 3, "points": {"spam": 1}, "text": "x"},
            {"text": "x"},
        ),
        (
            {"author": {"id": "u", "created_at": "2020-01-01"}, "scoreboard": 1},
            {"author": {"id": "u", "created_at": "2020-01-01"}, "scoreboard": 1},
        ),
    ],
)
def test_scores_ids_and_dates_are_left_out(raw: dict[str, object], left: dict[str, object]) -> None:
    """Nested or with dots; what belongs to the author or was written stays."""
    assert blind_content(raw) == left
