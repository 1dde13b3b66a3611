"""How unsure a classifier is of each item, from 0 (sure) to 1 (all classes alike).

Settles, *Active Learning Literature Survey* (2009), 3.1. With two classes all three rank alike;
they differ in which of several classes count.
"""

import numpy as np

from engine.learning.selection.candidates import Floats


def entropy(chances: Floats) -> Floats:
    """Entropy of the chances, by that of as many classes alike."""
    logs = np.log(np.where(chances > 0, chances, 1.0))
    return _within(-(chances * logs).sum(axis=1) / np.log(chances.shape[1]))


def least_confident(chances: Floats) -> Floats:
    """How far the likeliest class is from certain, by how far it can be."""
    classes = chances.shape[1]
    return _within((1 - chances.max(axis=1)) * classes / (classes - 1))


def margin(chances: Floats) -> Floats:
    """How near the second likeliest class is to the likeliest."""
    first_two = np.sort(chances, axis=1)[:, -2:]
    return _within(1 - (first_two[:, 1] - first_two[:, 0]))


def dispute(committee: Floats) -> Floats:
    """How much members differ: entropy of their mean less the mean of their entropies.

    This is the mean Kullback-Leibler divergence from the consensus (McCallum and Nigam, *ICML*
    (1998), 350-358). Members that are all unsure alike do not differ.
    """
    apart = np.mean([entropy(member) for member in committee], axis=0)
    return _within(entropy(committee.mean(axis=0)) - apart)


def _within(scores: Floats) -> Floats:
    """Without what the last digits bring beyond 0 and 1, or apart from each other.

    Scores that are equal by definition have to be ties, for the seed to break.
    """
    return np.clip(np.round(scores, 12), 0.0, 1.0)
