"""What the machine may decide by itself: certificates that are earned, and sign-offs."""

from queues.certifying.bindings import bindings_of
from queues.certifying.drawing import reserved_items
from queues.certifying.licences import Licences
from queues.certifying.running import Certifier, Done
from queues.certifying.showing import Overview, Shown, overview, seconds_since_look
from queues.certifying.signing import Signed, Signing, Wanted
from queues.certifying.zones import Suggestion, suggest

__all__ = [
    "Certifier",
    "Done",
    "Licences",
    "Overview",
    "Shown",
    "Signed",
    "Signing",
    "Suggestion",
    "Wanted",
    "bindings_of",
    "overview",
    "reserved_items",
    "seconds_since_look",
    "suggest",
]
