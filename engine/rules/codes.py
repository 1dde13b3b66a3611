"""Every code a diagnostic may bear, and what it means in a sentence."""

from collections.abc import Mapping
from types import MappingProxyType

#: Files, and YAML as it is accepted here.
_FILES = {
    "anchor": "Anchors, aliases, merges and tags of YAML are not accepted; what is shared goes "
    "into `list:`, `condition:` or settings, and a word that begins with such a sign needs quotes.",
    "comment": "Everything after `#` is a comment, so the value is missing; put it in quotes.",
    "control-character": "There is an invisible character, or an escape in double quotes (such as "
    "`\\b`) has become one.",
    "empty-file": "A file has no document in it.",
    "empty-folder": "A folder has no rule file in it.",
    "encoding": "A file is not UTF-8.",
    "escape": "A backslash in double quotes begins an escape YAML does not know; use single "
    "quotes.",
    "quotes": "A value begins with a sign that YAML keeps for itself; put it in quotes.",
    "syntax": "The text is not YAML: a bracket, a quote, a colon or the indentation is wrong.",
    "tab": "Lines are indented with spaces, not with tabs.",
    "too-deep": "Mappings and lists stand inside each other more deeply than any rule needs.",
    "too-large": "A file, a document, a condition or a word is larger than the limits allow.",
    "too-many-mistakes": "A file has so many mistakes that the rest is not shown.",
    "unreadable": "A file or folder is not there, or may not be read.",
}

#: Documents and their keys.
_DOCUMENTS = {
    "duplicate-id": "Two documents of one kind have the same name.",
    "duplicate-key": "A key is given twice; nothing is overwritten silently.",
    "empty": "A value is missing where there has to be one.",
    "empty-list": "A list has nothing in it.",
    "first-document": "`file:` stands once in a file, as its first document.",
    "missing-key": "A key that a document needs is not there.",
    "name": "A name is made of lower-case letters, digits, `-`, `_`, `.` and `/`.",
    "not-supported": "The language will have this, but has it not yet.",
    "separator": "A new document begins without a line `---` above it.",
    "shape": "A list stands where a value should, or the other way round.",
    "two-answers": "Two messages tell the same people of the same outcome.",
    "unknown-key": "A key has no meaning where it stands.",
    "unknown-kind": "The first key of a document does not say what the document is.",
}

#: Single values.
_VALUES = {
    "between": "`between` takes two values, the smaller one first.",
    "choice": "A word is none of those that are possible here.",
    "comparison-sign": "A threshold is written with a word: `{ at_least: 0.9 }`, not `> 0.9`.",
    "date": "A date is written `2026-12-31`, or with a time and a zone.",
    "domain": "A domain is written `example.org`, without a path or a wildcard.",
    "duplicate-entry": "A list names the same thing twice.",
    "duration": "A duration is a number and a unit: `12 hours`.",
    "language": "A language is written `en` or `pt-BR`.",
    "looks-like-pattern": "A word looks like a regular expression, but would be looked for letter "
    "by letter; use `matches:`.",
    "number": "A number cannot be read.",
    "operator": "An operator does not work on a field of this type.",
    "pattern": "A regular expression uses what cannot be matched in linear time, or is damaged.",
    "portion": "A share of items is written `2% of items` or `10% of authors`.",
    "range": "A value lies outside what is possible, so the condition always or never holds.",
    "spelling": "`spelling` or `except` stands where it does nothing.",
    "wildcard": "`*` stands at the beginning or the end of a word, nowhere else.",
    "yes-no": "A yes/no field is `yes` or `no`.",
}

#: Names that other documents declare.
_REFERENCES = {
    "circle": "Things need or outrank each other in a circle.",
    "list-type": "A list of this kind does not fit the field.",
    "placeholder": "A message names something that is not there, or that its reader may not see.",
    "unknown-condition": "No document declares this condition.",
    "unknown-counter": "No document declares this counter.",
    "unknown-field": "No document declares this field; fields are declared one by one.",
    "unknown-fixture": "No document declares this fixture.",
    "unknown-list": "No document declares this list.",
    "unknown-message": "No document declares this message.",
    "unknown-points": "No document declares this table of points.",
    "unknown-queue": "No document declares this queue.",
    "unknown-reason": "No document declares this reason.",
    "unknown-rule": "No document declares this rule.",
    "unknown-setting": "Neither the rule nor its file declares this setting.",
    "unused-setting": "A setting is declared and nothing uses it.",
}

#: Rules as a whole.
_RULES = {
    "default-queue": "A rule names no queue, and its tier has no default queue, or has two.",
    "missing-language": "A message lacks a language in which its rule holds.",
    "no-effect": "A key does nothing where it stands.",
    "protected": "A protected rule cannot be exempted, outranked or sampled.",
    "queue-tier": "A rule sends items to a queue of another tier.",
    "shadow-without-end": "A shadow rule has no `ends:`, so nobody ever decides about it.",
    "stage": "Only a rule with `stage: after` sees the decision, and it can only add a review.",
    "tier": "A key of `then:` does not fit who decides.",
    "untested": "A rule acts without a person and has no tests.",
    "variant": "A variant changes what it may not, or meets another variant of its rule.",
}

#: Lints: found on a policy that loads.
_LINTS = {
    "always-true": "A condition is false for no item.",
    "band-gap": "Between two bands of a field lies a stretch that no rule decides.",
    "band-overlap": "Two rules ask for different tiers on the same stretch of a field.",
    "can-never-win": "Whenever the rule matches, another overrides all it asks for.",
    "contradictory": "`unless` holds whenever `when` does, so the rule never matches.",
    "different-tiers": "Two rules have the same scope and condition, but another tier decides.",
    "duplicate-rule": "Two rules have the same scope, condition and outcome.",
    "exempts-nothing": "An exemption covers no rule that acts.",
    "expired": "`ends:` lies in the past.",
    "list-drift": "Two lists are nearly the same and will differ by accident.",
    "no-quality-sample": "The machine decides alone and nobody ever looks at what it did.",
    "reason-policy": "The author is told a reason of another policy than the rule's.",
    "short-word": "So loosely spelled, a word this short is found in innocent text.",
    "unreachable": "No item can meet a condition, or an alternative in it.",
    "unused": "Nothing names a list, condition, counter, table of points, message or reason.",
}

#: code → what it means.
CODES: Mapping[str, str] = MappingProxyType(
    {**_FILES, **_DOCUMENTS, **_VALUES, **_REFERENCES, **_RULES, **_LINTS}
)
