"""What the engine says about single rules against what the naive interpreter says about them."""

from engine.item import Item
from engine.rules.explaining import Evidence
from engine.rules.model import Policy, Rule
from engine.rules.release import Release
from tests.generators.draws import seeded
from tests.generators.items import bait, item
from tests.generators.policies import policy
from tests.oracle.differences import shown
from tests.oracle.matches import rule_truth
from tests.oracle.verdicts import matching_spans

ITEMS = 20


def _check_evidence(
    made: Policy, judged: Item, rule: Rule, evidence: tuple[Evidence, ...], case: str
) -> None:
    places = matching_spans(made, judged, rule)
    for one in evidence:
        text = judged.fields.get(one.field, made.vocabulary.fields[one.field].missing)
        for piece in one.spans:
            assert isinstance(text, str)
            assert piece.text == text[piece.start : piece.end], case
            # What starts with, ends with or is something is shown as a whole.
            whole = (0, len(text)) if places[one.field] else None
            assert (piece.start, piece.end) in {*places[one.field], whole}, case


def test_rules_one_by_one(pairs: int, first_seed: int) -> None:
    """Both agree on the outcome of every rule; the evidence of a match is in its text."""
    for seed in range(first_seed, first_seed + max(1, pairs // (ITEMS * 10))):
        draws = seeded(seed, 1)
        made = policy(draws)
        found = bait(made)
        release = Release.of(made)
        for judged in [item(draws, made, found) for _ in range(ITEMS)]:
            reports = {report.rule: report for report in release.explain(judged)}
            assert reports.keys() == made.rules.keys()
            for name, rule in made.rules.items():
                outcome = rule_truth(rule, judged, made)
                case = f"seed {seed}, {shown(rule)}, {judged!a}: {outcome}"
                assert release.outcome(name, judged) is outcome, case
                assert reports[name].outcome is outcome, case
                assert not (reports[name].near_miss and outcome), case
                if outcome:
                    evidence = release.evidence(judged, name)
                    _check_evidence(made, judged, rule, evidence, case)
