"""What the machine may decide by itself: thresholds and rules that earn it. See the README."""

from engine.certifying.binomial import errors_allowed, labels_needed, p_values, upper_limit
from engine.certifying.boundaries import (
    WAYS,
    Effect,
    Losses,
    Piece,
    Review,
    Way,
    Zones,
    choose,
    effect_of,
    pieces,
)
from engine.certifying.certificate import (
    Certificate,
    Hashes,
    Outcome,
    Period,
    Standing,
    State,
    certify,
    covers,
    state_of,
)
from engine.certifying.looks import Look, look
from engine.certifying.panel import panel_accuracy
from engine.certifying.parts import Part, parts
from engine.certifying.progress import Progress, progress, progress_by_looks
from engine.certifying.rules import (
    Basis,
    Ground,
    Permission,
    SignOff,
    certify_rule,
    permission,
)
from engine.certifying.sample import Sample, digest, refuse_reused
from engine.certifying.strata import Direction, Stratum, share_doubt
from engine.certifying.thresholds import candidates
from engine.certifying.walk import Step, Terms, Walk, walk

__all__ = [
    "WAYS",
    "Basis",
    "Certificate",
    "Direction",
    "Effect",
    "Ground",
    "Hashes",
    "Look",
    "Losses",
    "Outcome",
    "Part",
    "Period",
    "Permission",
    "Piece",
    "Progress",
    "Review",
    "Sample",
    "SignOff",
    "Standing",
    "State",
    "Step",
    "Stratum",
    "Terms",
    "Walk",
    "Way",
    "Zones",
    "candidates",
    "certify",
    "certify_rule",
    "choose",
    "covers",
    "digest",
    "effect_of",
    "errors_allowed",
    "labels_needed",
    "look",
    "p_values",
    "panel_accuracy",
    "parts",
    "permission",
    "pieces",
    "progress",
    "progress_by_looks",
    "refuse_reused",
    "share_doubt",
    "state_of",
    "upper_limit",
    "walk",
]
