"""Releases with rules of all kinds, for tests of reports about rules."""

from datetime import timedelta
from typing import Final

from engine.rules.reading import read_policy
from engine.rules.release import Release
from queues.measurement.rules import Bounds, Changes, RuleReports
from queues.policies.differences import stored_policy
from queues.sections import Rates, Wellness
from queues.store.session import Store
from tests.integration import desks

RATES: Final = Rates(moderator=18.0, senior=36.0)
ALWAYS: Final = timedelta(days=60)

#: The rules that made-up histories name, and one that nothing matches.
HISTORY: Final = """\
file: rules
owner: o@example.org
policy: hate
---
field: text
type: text
---
queue: general
tier: single
sla: 24 hours
default: yes
---
reason: hate.slur
title: Slur
policy: hate
---
rule: insults
status: live
when: { text: { has_any: [vile] } }
then: { tier: single, reason: hate.slur }
---
rule: links
status: shadow
ends: 2999-01-01
when: { text: { has_any: [wares] } }
then: { tier: single, reason: hate.slur }
---
rule: trusted
status: live
when: { text: { has_any: [hello] } }
then: { tier: auto, action: publish, reason: hate.slur }
tests:
  - { given: { text: hello }, expect: match }
---
rule: r
status: live
when: { text: { has_any: [odd] } }
then: { tier: single, reason: hate.slur }
---
rule: over
status: live
ends: 2020-01-01
when: { text: { has_any: [old] } }
then: { tier: single, reason: hate.slur }
---
rule: written
status: draft
when: { text: { has_any: [new] } }
then: { tier: single, reason: hate.slur }
"""
#: Beside the rules of desks: lists, and shadows with and without a rule beside them.
POLICY: Final = f"""\
{desks.POLICY}---
list: bad
of: words
entries: [slimy]
---
list: worse
of: words
entries: [unheard]
---
list: fine
of: words
entries: [quoted]
---
rule: slimy
title: Slimy words
status: live
when: {{ text: {{ has_any_in: [bad] }} }}
unless: {{ text: {{ has_any_in: [fine] }} }}
then: {{ tier: single, reason: hate.slur }}
---
rule: worst
status: live
when: {{ text: {{ has_any_in: [worse] }} }}
then: {{ tier: single, reason: hate.slur }}
---
rule: look-more
status: shadow
compare_with: look
ends: 2999-01-01
when: {{ text: {{ has_any: [odd, strange] }} }}
unless: {{ text: {{ has_any: [vile] }} }}
then: {{ tier: single, reason: hate.slur }}
---
rule: remove-more
status: shadow
ends: 2999-01-01
when: {{ text: {{ has_any: [vile, strange, odd] }} }}
then: {{ tier: auto, action: remove, reason: hate.attack }}
tests:
  - {{ given: {{ text: vile }}, expect: match }}
"""


def changed(**changes: str) -> str:
    """The policy; `changes`, by any name: what stands in place of what, with ` => ` between."""
    told = POLICY
    for change in changes.values():
        old, new = change.split(" => ")
        assert old in told
        told = told.replace(old, new)
    return told


def release_of(policy: str) -> Release:
    """A release of one file."""
    found, diagnostics = read_policy({"all.yaml": policy})
    assert found is not None, diagnostics
    return Release.of(found)


def reports(store: Store, release: Release, **bounds: int) -> RuleReports:
    """Told of one release."""
    return RuleReports(
        store=store,
        release=lambda: release,
        changes=Changes.by(lambda name: stored_policy(store, name)),
        rates=RATES,
        wellness=Wellness(),
        bounds=Bounds(**bounds),
    )
