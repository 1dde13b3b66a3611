"""Values that examples in the document are made of."""

from typing import Any, Final

ID: Final = "019aba30-5c6e-7cc1-9f0a-0d6f0a3b9a51"
OTHER_ID: Final = "019aba30-5c6f-7a02-8b11-5a7c1f2e3d4b"
MOMENT: Final = "2026-03-01T12:00:00Z"
LATER: Final = "2026-03-02T12:00:00Z"
RELEASE: Final = "3f9a1c0b7d2e"

ITEM: Final = {
    "id": "post-17",
    "kind": "post",
    "text": "Buy followers now, limited offer!",
    "author": {"id": "u-42", "followers": 3},
    "score": {"spam": 0.82},
}

ACCEPTED: Final[dict[str, Any]] = {
    "id": "post-17",
    "item_id": ID,
    "state": "in_review",
    "tier": "single",
    "action": "hide",
    "reasons": ["spam.commercial"],
    "labels": [],
    "rules": ["spam-offers"],
    "inclusion_probability": 1.0,
    "release": RELEASE,
    "models": [],
    "verdict_id": OTHER_ID,
    "duplicate": False,
    "while_waiting": "hide",
    "case": {
        "id": OTHER_ID,
        "tier": "single",
        "queue": "spam",
        "due": LATER,
        "place": 4,
        "expected_wait": {"p50": 380.2, "p90": 561.7},
    },
}

REJECTED: Final = {
    "id": "post-18",
    "problem": {
        "type": "urn:tierwise:problem:invalid-item",
        "title": "The item is not valid",
        "status": 422,
        "detail": "`score.spam`: 1.2 is no score from 0 to 1",
        "errors": [{"field": "score.spam", "detail": "1.2 is no score from 0 to 1"}],
    },
}

DECISION: Final = {
    "id": OTHER_ID,
    "made_by": "person",
    "tier": "single",
    "action": "remove",
    "reasons": ["spam.commercial"],
    "policy": "spam",
    "at": MOMENT,
}

CASE: Final = {
    "id": OTHER_ID,
    "tier": "single",
    "queue": "spam",
    "place": 4,
    "due": LATER,
    "expected_wait": {"p50": 380.2, "p90": 561.7},
}

PERSON: Final[dict[str, Any]] = {
    "id": ID,
    "name": "ana",
    "state": "active",
    "display_name": "Ana",
    "roles": ["moderator"],
    "languages": ["de", "en"],
    "policies": [],
    "opted_out": ["graphic"],
    "time_zone": "Europe/Berlin",
    "shifts": [{"day": "mon", "start": "09:00", "end": "17:30"}],
    "time_off": [{"first": "2026-12-24", "last": "2026-12-31"}],
    "hourly_rate": None,
    "exposure": None,
    "severe_in_a_row": None,
    "blur": None,
    "created_by": "cli:ops",
    "created_at": MOMENT,
    "changed_at": MOMENT,
    "signed_in_at": MOMENT,
    "disabled_at": None,
    "paused_at": None,
}

SESSION: Final = {
    "id": ID,
    "address": "192.0.2.7",
    "created_at": MOMENT,
    "last_used_at": MOMENT,
    "expires_at": LATER,
}

SIGNED_IN: Final = {"token": "tws_Yk3vQz…", "session": SESSION, "person": PERSON}
