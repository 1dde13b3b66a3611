"""Files of AutoModerator as files of rules, with a report."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from engine.errors import CannotImport, InvalidPolicy
from engine.importing.automoderator.files import Common, Options, file_report
from engine.importing.automoderator.marks import slug
from engine.importing.automoderator.settling import Drafts, settled
from engine.importing.automoderator.vocabulary import Words
from engine.importing.reports import Fate, FileReport, Remark, Report, RuleReport, Topic
from engine.importing.writing import Bare, Data
from engine.rules.model import Policy
from engine.rules.reading import read_policy
from engine.rules.vocabulary import Reason, Vocabulary
from engine.verdict import Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What is written, and what became of each rule."""

    files: Mapping[str, str]
    """Name → content; a file `vocabulary.yaml` where something had to be declared."""
    report: Report


def import_files(
    sources: Mapping[str, bytes], options: Options, around: Mapping[str, bytes] | None = None
) -> Imported:
    """Bring the rules of these files over.

    Args:
        sources: What stands in each file, by the name that the report calls it.
        options: What all rules have in common.
        around: The rule files whose vocabulary is used, if there are some.

    Raises:
        InvalidPolicy: The rule files around have mistakes.
        CannotImport: There is no such reason, and none may be declared.
    """
    policy = _policy(around or {})
    words = Words(policy.vocabulary if policy is not None else Vocabulary(), options.declares)
    reason = words.known.reasons.get(options.reason)
    if reason is None and not options.declares:
        message = f"there is no reason `{options.reason}` in the vocabulary"
        raise CannotImport(message, "name one with `--reason`, or add `--declare`")
    common = Common(options, words, _policy_name(options, reason))
    taken = {name.split("/")[0] for name in (policy.rules if policy is not None else ())}
    drafts = Drafts()
    reports = [
        file_report(common, file, content, _prefix(file, taken), drafts)
        for file, content in sources.items()
    ]
    drafts.vocabulary = _vocabulary(common, reason)
    texts, refused = settled(drafts, around or {})
    return Imported(
        files=texts,
        report=Report(
            files=tuple(_with_refused(one, refused) for one in reports),
            missing=tuple(sorted(words.missing.items(), key=lambda each: (-each[1], each[0]))),
        ),
    )


def _policy(around: Mapping[str, bytes]) -> Policy | None:
    if not around:
        return None
    policy, found = read_policy(around)
    if policy is None:
        raise InvalidPolicy(found)
    return policy


def _policy_name(options: Options, reason: Reason | None) -> str:
    return options.policy or (reason.policy if reason is not None else "imported")


def _prefix(file: str, taken: set[str]) -> str:
    """How the names of a file's rules begin: as the file is called, unless something else is."""
    wanted = slug(PurePath(file).stem) or "imported"
    number, found = 1, wanted
    while found in taken or found == "vocabulary":
        number += 1
        found = f"{wanted}-{number}"
    taken.add(found)
    return found


def _vocabulary(common: Common, reason: Reason | None) -> list[Mapping[str, Data]]:
    """The documents that rules need besides their fields, if they may be declared."""
    if not common.options.declares:
        return []
    found: list[Mapping[str, Data]] = []
    if reason is None:
        title = "Against the rules of this community"
        found.append({"reason": common.options.reason, "title": title, "policy": common.policy})
    queues = common.words.known.queues.values()
    if not any(queue.tier is Tier.SINGLE for queue in queues):
        queue: dict[str, Data] = {"queue": "imported", "tier": "single", "sla": Bare("24 hours")}
        found.append({**queue, "default": Bare("yes")})
    return [*found, *common.words.documents()]


def _with_refused(report: FileReport, refused: Mapping[str, str]) -> FileReport:
    """The report with rules that turned out not to load."""
    rules = []
    for rule in report.rules:
        why = refused.get(rule.name or "")
        if why is None:
            rules.append(rule)
            continue
        remark = Remark(rule.line, Topic.BY_HAND, f"its translation does not load: {why}")
        rules.append(
            RuleReport(
                file=rule.file,
                line=rule.line,
                title=rule.title,
                name=None,
                fate=Fate.BY_HAND,
                remarks=(*rule.remarks, remark),
            )
        )
    return FileReport(file=report.file, rules=tuple(rules), remarks=report.remarks)
