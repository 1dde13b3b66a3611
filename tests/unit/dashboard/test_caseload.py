"""What pages of cases say in words."""

from dashboard.caseload.case import chosen


def test_a_case_says_why_it_was_chosen() -> None:
    """By what, how much it is worth, and for which score of which model."""
    told = {
        "strategy": "least_confident",
        "worth": 0.987,
        "score": "score.hate",
        "model": "3b1f0c9d2a77" + 52 * "0",
    }
    assert chosen(told) == (
        "Chosen to be learnt from: of worth 0.99 (0 to 1) by least confident, for score.hate of"
        " model 3b1f0c9d2a77."
    )
