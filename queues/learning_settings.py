"""The section of the settings about learning from what people decide."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from queues.sections import Count, Seconds, Section


class Suite(Section):
    """A file of challenges: cases that probe one behaviour of a classifier each."""

    score: Annotated[str, Field(min_length=1)]
    """The score that is challenged, such as `score.hate`."""
    file: Path
    """JSON lines, also `.gz`."""
    label: Annotated[str, Field(min_length=1)] | None = None
    """In a file of HateCheck's form: which of its labels the score tells; by default the score."""


class Learning(Section):
    """Learning from what people decide; without `scores` nothing is learnt."""

    scores: Mapping[str, Annotated[tuple[str, ...], Field(min_length=1)]] = {}
    """Which score learns from which policies: `"score.hate" = ["hate"]`. Yes is what people acted
    on under one of them; no is what they published, or acted on under another."""
    labels: Count = 500
    """New decisions of people that start it."""
    every: Annotated[float, Field(ge=0)] = 0.0
    """Seconds after which it is started with fewer, if there is any; 0: never."""
    days: Annotated[int, Field(gt=0, le=3_650)] = 365
    """Days whose decisions are learnt from."""
    most: Count = 100_000
    """Decisions that are learnt from at most, the newest first."""
    held_out: Annotated[float, Field(gt=0, le=0.5)] = 0.2
    """Share of decisions, the newest, that a model is judged by and does not learn from."""
    least: Count = 50
    """Distinct ones of those with each answer that a judgement takes, and sampled ones with each
    answer that a weighted calibration takes."""
    folds: Annotated[int, Field(ge=2, le=20)] = 5
    """Parts of the others that are held out in turn, for calibration."""
    margin: Annotated[float, Field(ge=0, le=10)] = 0.01
    """Log loss by which a new model may be worse than the one in force, with 95 % confidence."""
    calibration: Annotated[float, Field(gt=0, le=1)] = 0.1
    """Calibration error of a new model that is too much."""
    fall: Annotated[float, Field(ge=0, lt=1)] = 0.05
    """Share of the cases of a function of a challenge suite that a new model may lose."""
    suggestions: Annotated[int, Field(ge=0, le=10_000)] = 20
    """Items a day that the machine decided and one reviewer labels, as a model learns most from
    them; 0: none."""
    strategy: Literal[
        "entropy", "least_confident", "margin", "diversity", "committee", "adaptive"
    ] = "margin"
    """How they are chosen: `entropy`, `least_confident` or `margin` (what the model is unsure of),
    `diversity` (what differs), `committee` (what this model and the ones before it differ about) or
    `adaptive` (what is unsure and differs)."""
    replays: Annotated[int, Field(ge=0, le=1_000)] = 20
    """How often each training replays its labels in random order and in that of the strategy, to
    tell what choosing saves; 0: it is not told."""
    suites: tuple[Suite, ...] = ()
    """Files of challenges beside those in `challenges/` of the rules, such as
    `[{ score = "score.hate", file = "hatecheck.jsonl.gz", label = "toxic" }]`."""
    mlflow: str | None = None
    """Address of an MLflow server, to show trainings there too; needs the extra `mlflow`."""
    time_limit: Seconds = 3_600.0
    """Seconds one training may take in a worker."""
