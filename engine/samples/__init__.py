"""Invented items to try a policy on: mild, seeded, with the truth beside them."""

from engine.samples.generator import generate, write_sample, write_split

__all__ = ["generate", "write_sample", "write_split"]
