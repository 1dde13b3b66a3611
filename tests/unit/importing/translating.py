"""Translates a few rules for tests, and judges items with them."""

from collections.abc import Mapping
from textwrap import dedent

from engine.importing.automoderator import Imported, Options, import_files
from engine.importing.reports import RuleReport
from engine.rules.items import ItemReader
from engine.rules.model import Policy
from engine.rules.reading import read_policy
from engine.rules.release import Release

OPTIONS = Options(owner="mods@example.org", ends="2027-04-30", declares=True)


def imported(source: str | bytes, options: Options = OPTIONS) -> Imported:
    """What becomes of a file `a.yaml`."""
    content = dedent(source).encode() if isinstance(source, str) else source
    return import_files({"a.yaml": content}, options)


def only_rule(source: str | bytes) -> RuleReport:
    """The report about the only rule of a file."""
    (rule,) = imported(source).report.rules
    return rule


def policy_of(found: Imported) -> Policy:
    """The policy that the written files make by themselves."""
    policy, diagnostics = read_policy(dict(found.files))
    assert policy is not None, [one.message for one in diagnostics]
    return policy


def matches(source: str, item: Mapping[str, object], rule: int = 0) -> bool | None:
    """What the translation of a rule says of an item; None: it cannot tell."""
    found = imported(source)
    name = found.report.rules[rule].name
    assert name is not None, found.report.rules[rule].remarks
    policy = policy_of(found)
    reader = ItemReader(policy.vocabulary)
    return Release.of(policy).outcome(name, reader.read({"id": "1", **item}))


def post(title: str, body: str = "", **more: object) -> dict[str, object]:
    """A post with everything that rules about texts look at."""
    item: dict[str, object] = {"title": title, "body": body, "kind": "post", **more}
    return {"item": item, "text": f"{title}\n{body}", "author": {"is_staff": False}}


def comment(body: str, **more: object) -> dict[str, object]:
    """A comment."""
    return {"item": {"kind": "comment", "body": body, **more}, "text": body}
