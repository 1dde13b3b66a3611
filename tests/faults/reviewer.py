"""`python -m tests.faults.reviewer`: somebody's program, which does a step for each line it reads.

It says `{"step": …}` for each that is done, with what it was answered, and ends with its input.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

import httpx


def main() -> int:
    """Do steps until there are no more."""
    url, key, name, tier = sys.argv[1:]
    headers = {"authorization": f"Bearer {key}"}
    with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
        cases: list[dict[str, Any]] = []
        for line in sys.stdin:
            step = line.strip()
            if step == "claim":
                wish = {"reviewer": name, "tier": tier}
                cases = client.post("/v1/cases:claim", json=wish).json()["cases"]
                _say(step, {"cases": cases})
            else:
                asked = "decision" if tier == "single" else "vote"
                vote = {"reviewer": name, "action": step}
                answer = client.post(f"/v1/cases/{cases[0]['id']}/{asked}", json=vote)
                _say(step, {"status": answer.status_code, "body": answer.json()})
    return 0


def _say(step: str, told: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps({"step": step, **told}) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
