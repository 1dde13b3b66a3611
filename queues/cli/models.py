"""What is known of a classifier, as lines for people."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from queues.policies.registry import Learnt, ShownModel

_ESTIMATES: Final = ("accuracy", "macro_f1", "auroc", "calibration_error")


def lines_of(shown: ShownModel) -> Iterator[str]:
    """All of it."""
    model = shown.model
    yield f"model {model.name} {model.version}"
    aliases = f" ({', '.join(model.aliases)})" if model.aliases else ""
    yield f"{model.state.replace('_', ' ')}{aliases}"
    yield f"published {model.published_at:%Y-%m-%d %H:%M} by {model.published_by}"
    yield ""
    if model.figures is None:
        yield "its figures are not known: it was published by an older version of this program"
    for score, its in (model.figures or {}).items():
        yield f"{score}: {its['rows']} rows, {its['positives']} of them yes, held out in turn"
        for name in _ESTIMATES:
            yield f"  {name:<18} {its[name]['mean']:.3f} ± {its[name]['deviation']:.3f}"
    yield ""
    if shown.learnt is None:
        yield "it came as a file; nothing is known of how it was made"
    else:
        yield from _learnt(shown.learnt)


def _learnt(learnt: Learnt) -> Iterator[str]:
    before = learnt.champion[:12] if learnt.champion else "the base rate"
    yield f"{learnt.state}, compared with {before}:"
    yield from (f"  {reason}" for reason in learnt.reasons)
    yield from (f"  (remark) {remark}" for remark in learnt.remarks)
    yield ""
    yield f"learnt from {learnt.rows} decisions"
    for score, policies in learnt.scores.items():
        yield f"  {score} from {', '.join(policies)}"
    yield from _manifest(learnt.manifest)


def _manifest(manifest: Mapping[str, Any]) -> Iterator[str]:
    for part in ("training", "calibration", "held_out"):
        yield f"  {part.replace('_', ' ')}: {manifest[part]} rows"
    yield f"  hash of the training rows {manifest['training_hash']}"
    yield f"  hash of the held-out rows {manifest['held_out_hash']}"
