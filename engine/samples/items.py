"""Writes one planned item as a platform would send it."""

import re
from collections import deque
from datetime import UTC, datetime
from hashlib import blake2b

from engine.samples import pictures, truth
from engine.samples.dice import Dice
from engine.samples.fine import FINE
from engine.samples.people import Author
from engine.samples.plan import SCENARIOS, Planned
from engine.samples.spelling import casual, mistyped
from engine.samples.templates import fill

#: 2026-03-02 08:00 UTC, a Monday.
START = 1_772_438_400
#: How many texts back somebody may repeat.
_MEMORY = 150

_LINK = re.compile(r"(?:https?://|www\.)([^/\s]+)")
_MENTION = re.compile(r"@\w+")
_WORD = re.compile(r"\w+")
_REPORTS = {
    "hate": "hate",
    "harassment": "harassment",
    "spam": "spam",
    "self-harm": "self_harm",
    "child-safety": "child_safety",
    "scam": "scam",
    "privacy": "privacy",
    "legal": "defamation",
}

Json = dict[str, object]


class Writer:
    """Writes items in order of time; it remembers the last texts, as people copy each other."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._written = 0
        self._recent: deque[tuple[str, Planned]] = deque(maxlen=_MEMORY)

    def write(self, plan: Planned) -> Json:
        """The next item."""
        self._written += 1
        name = f"s{self._seed}-{self._written:06d}"
        dice = Dice(self._seed, name)
        plan = self._copied(plan, dice)
        kind = plan.kind or dice.weighted(plan.scenario.kinds)
        language = _language(plan)
        text = plan.text if plan.text and "{" not in plan.text else _written(plan, language, dice)
        if not plan.text:
            self._recent.append((text, plan))
        item = _frame(name, plan, kind, language, text)
        item |= _around(plan, kind, dice)
        item |= _picture(plan, kind, dice)
        item.setdefault("truth", truth.of_text(plan.scenario, dice))
        item |= _reports(plan, dice)
        return item

    def _copied(self, plan: Planned, dice: Dice) -> Planned:
        """Now and then somebody repeats a text, word for word or nearly."""
        if plan.text or plan.kind or not self._recent or not dice.happens(0.025):
            return plan
        text, original = dice.pick(tuple(self._recent))
        if original.scenario.policy in ("appeal", "child-safety", "self-harm"):
            return plan
        again = text if dice.happens(0.5) else mistyped(text, dice)
        return Planned(
            at=plan.at,
            scenario=original.scenario,
            author=plan.author,
            target=plan.target,
            text=again,
        )


def _language(plan: Planned) -> str:
    return plan.author.language if plan.author.language in plan.scenario.lines else "en"


def _written(plan: Planned, language: str, dice: Dice) -> str:
    scenario = plan.scenario
    template = plan.text or dice.pick(scenario.lines[language])
    text = fill(template, language, dice, masked=scenario.masked)
    if dice.happens(scenario.padded):
        aside = fill(dice.pick(FINE[0].lines[language]), language, dice)
        text = f"{aside}. {text}" if dice.happens(0.5) else f"{text}. {aside}"
    if language == "en" and dice.happens(0.12):
        text = fill("{opener} ", "en", dice) + " " + text
    if dice.happens(0.06):
        text = mistyped(text, dice)
    return text if plan.text else casual(text, dice)


def _frame(name: str, plan: Planned, kind: str, language: str, text: str) -> Json:
    """What every item has."""
    domains = [found.removeprefix("www.") for found in _LINK.findall(text)]
    mentions = _MENTION.findall(text)
    moment = datetime.fromtimestamp(START + int(plan.at), UTC)
    item: Json = {
        "id": name,
        "kind": kind,
        "created_at": moment.isoformat().replace("+00:00", "Z"),
        "language": language,
        "market": plan.author.country,
        "text": text,
        "text.fingerprint": fingerprint(text),
        "author": _author(plan.author, int(plan.at)),
    }
    if domains:
        item["links"] = {"count": len(domains), "domain": sorted({_site(one) for one in domains})}
    if mentions:
        item["mentions"] = {"count": len(mentions)}
    if plan.scenario.quoted:
        item["text.quoted_share"] = plan.scenario.quoted
    return item


def _author(author: Author, later: int) -> Json:
    return {
        "id": author.id,
        "display_name": author.display_name,
        "account_age": author.account_age + later,
        "country": author.country,
        "followers": author.followers,
        "verified": author.verified,
        "is_minor": author.is_minor,
        "prior_removals_90d": author.prior_removals_90d,
    }


def _around(plan: Planned, kind: str, dice: Dice) -> Json:
    """What depends on the kind: who is answered, whether they know each other, what is appealed."""
    if kind == "appeal":
        policies = [
            one.policy for one in SCENARIOS.values() if one.policy not in ("none", "appeal")
        ]
        tier = dice.weighted({"auto": 0.75, "single": 0.2, "senior": 0.05})
        number = 2 if dice.happens(0.1) else 1
        return {"appeal": {"of_tier": tier, "of_policy": dice.pick(policies), "number": number}}
    if plan.target is None or kind not in ("comment", "message"):
        return {}
    around: Json = {
        "target": {
            "id": plan.target.id,
            "is_minor": plan.target.is_minor,
            "is_public_figure": plan.target.verified,
        }
    }
    if kind == "message":
        around["message"] = {"is_first_contact": plan.first_contact}
    return around


def _picture(plan: Planned, kind: str, dice: Dice) -> Json:
    """An image, for one post in six of ordinary life."""
    ordinary = plan.scenario.policy == "none" and kind == "post" and not plan.text
    if not ordinary or not dice.happens(0.16):
        return {}
    alone = dice.happens(0.5)
    picture = pictures.taken(dice, alone=alone)
    changed: Json = {"image": pictures.described(picture, dice)}
    if alone:
        changed["kind"] = "image"
    if picture.policy != "none" or picture.difficulty > plan.scenario.difficulty:
        changed["truth"] = truth.of_picture(picture, dice)
    return changed


def _reports(plan: Planned, dice: Dice) -> Json:
    if not dice.happens(plan.scenario.reported):
        return {}
    usual = dice.pick(("hate", "harassment", "spam"))
    reason = _REPORTS.get(plan.scenario.policy, usual)
    return {"reports": {"count": 1 + int(dice.waiting(1.5)), "reasons": [reason]}}


def fingerprint(text: str) -> str:
    """The same for texts that differ only in spaces, case or punctuation."""
    words = "".join(_WORD.findall(text.casefold()))
    return blake2b(words.encode(), digest_size=8).hexdigest()


def _site(host: str) -> str:
    """The registrable domain of a host; the sample's hosts all end in one label."""
    return ".".join(host.split(".")[-2:])
