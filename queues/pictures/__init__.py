"""Fetches pictures for people who decide about them, and nothing that is no picture."""

from queues.pictures.fetching import Fetched, Gallery

__all__ = ["Fetched", "Gallery"]
