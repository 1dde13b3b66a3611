"""What tests of reports and of answers share: a policy that listens to reporters and answers."""

from typing import Final

from queues.reports import Report
from tests.integration.desks import POLICY, Desk
from tests.integration.intakes import reports_over

_RULE: Final = """\
rule: reported
status: live
when: { reports.count: { at_least: 1 } }
then: { tier: auto, action: hide, reason: hate.attack }
tests:
  - { given: { text: x, reports.count: 1 }, expect: match }
"""
#: One report brings an item to a person, so that people decide about it.
ASKING: Final = (
    POLICY.replace(
        _RULE,
        """\
rule: reported
status: live
when: { reports.count: { at_least: 1 } }
then: { tier: single, reason: hate.attack }
""",
    )
    + """\
---
field: reports.reasons
type: set
missing: none
---
field: reports.reliability
type: score
missing: 0
---
field: reports.weight
type: number
missing: 0
"""
)
#: The same, with an answer for everybody.
ANSWERING: Final = (
    ASKING
    + """\
---
message: appeal-lost
to: author
outcome: upheld
text: { en: 'Your {{item.kind}} stays as it is ({{reason.title}}).', de: Es bleibt dabei. }
---
message: appeal-won
to: author
outcome: overturned
text: { en: 'Your {{item.kind}} is back.' }
---
message: left-up
to: reporter
outcome: upheld
text: { en: We leave it up. }
---
message: taken-down
to: reporter
outcome: overturned
text: { en: 'You were right about the {{item.kind}}: {{reason.title}}.' }
---
message: thanks
to: reporter
outcome: acted
text: { en: 'We did something about the {{item.kind}} ({{reason.title}}).' }
---
message: no-thanks
to: reporter
outcome: not_acted
text: { en: We left it up. }
"""
)


def says(desk: Desk, item: str, *reporters: str, reasons: tuple[str, ...] = ()) -> None:
    """Some people report an item, one after the other, and what follows is done."""
    reports = reports_over(desk.store, desk.judge)
    for reporter in reporters:
        reports.report([Report(item=item, reporter=reporter, reasons=reasons)], actor="key:k")
    desk.work()
