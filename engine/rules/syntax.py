"""Why a text is not YAML as it is accepted here, said so that a policy author knows what to do."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import yaml
from yaml._yaml import CParser

from engine.diagnostics import Diagnostic, Level, Span
from engine.rules.limits import DOCUMENT_DEPTH
from engine.rules.suggestions import shown

_REFUSED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]"
)
_SUSPICIOUS = re.compile(r"(?:^|[\s\[\]{},:])[&*!]")
_COMPARISON = re.compile(r"(>=?|<=?)\s*(-?[\d.][^\s,}\]#]*|\$[\w-]+)")
_WORD = re.compile(r"[^\s,\[\]{}]+")
_MOST_FEATURES = 20


@dataclass(frozen=True, slots=True)
class _Fault:
    """What is wrong in the text of one document; `index` counts its characters."""

    code: str
    message: str
    index: int
    hint: str | None = None
    length: int = 1


@dataclass(frozen=True, slots=True)
class _Problem:
    """What the YAML parser said."""

    text: str
    problem: str
    index: int
    context: str
    context_index: int

    @property
    def sign(self) -> str:
        """The character where what it was reading began."""
        return self.text[self.context_index : self.context_index + 1]

    @property
    def char(self) -> str:
        """The character it stopped at."""
        return self.text[self.index : self.index + 1]

    @property
    def line_start(self) -> int:
        """Where the line it stopped in begins."""
        return self.text.rfind("\n", 0, self.index) + 1


def refused_character(file: str, line: int, text: str) -> list[Diagnostic]:
    """The first invisible character of a document that no rule file may contain."""
    found = _REFUSED.search(text)
    if found is None:
        return []
    code_point = f"U+{ord(found[0]):04X}"
    message = f"there is an invisible character here ({code_point})"
    fault = _Fault("control-character", message, found.start(), "delete it")
    return [_diagnostic(file, line, text, fault)]


def yaml_features(file: str, line: int, text: str) -> list[Diagnostic]:
    """Anchors, aliases and tags of a document, found before anything is expanded."""
    if not ("&" in text or "*" in text or "!" in text) or not _SUSPICIOUS.search(text):
        return []
    return [_diagnostic(file, line, text, fault) for fault in _features(text)]


def _features(text: str) -> list[_Fault]:
    faults: list[_Fault] = []
    depth = 0
    parser = CParser(text)
    try:
        while parser.check_event():
            event = parser.get_event()
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            fault = _feature(text, event)
            if fault is not None:
                faults.append(fault)
            if depth > DOCUMENT_DEPTH or len(faults) >= _MOST_FEATURES:
                break
    except yaml.MarkedYAMLError as problem:
        if (problem.context or "").startswith(("while scanning an a", "while scanning a tag")):
            faults.append(_sign(text, _index(problem.context_mark)))
    return faults


def _feature(text: str, event: yaml.Event | None) -> _Fault | None:
    if event is None or (
        getattr(event, "anchor", None) is None and getattr(event, "tag", None) is None
    ):
        return None
    return _sign(text, _index(event.start_mark))


def _sign(text: str, index: int) -> _Fault:
    word = _WORD.match(text, index)
    written = word[0] if word else text[index : index + 1]
    what = {"*": "an alias", "&": "an anchor"}.get(written[0], "a tag")
    message = f"a word that begins with `{written[0]}` needs quotes: here YAML sees {what}"
    hint = f"write `'{shown(written)}'`; what is shared goes into `list:` or `condition:`"
    return _Fault("anchor", message, index, hint, len(written))


def _index(mark: object) -> int:
    return int(getattr(mark, "index", 0))


def syntax_mistake(file: str, line: int, text: str, error: yaml.MarkedYAMLError) -> Diagnostic:
    """The parser's complaint, as the mistake a person has probably made."""
    problem = _Problem(
        text,
        error.problem or "",
        min(_index(error.problem_mark), len(text)),
        error.context or "",
        _index(error.context_mark),
    )
    for explain in _EXPLANATIONS:
        fault = explain(problem)
        if fault is not None:
            return _diagnostic(file, line, text, fault)
    message = f"this is not valid YAML: {shown(problem.problem.lower())}"
    return _diagnostic(file, line, text, _Fault("syntax", message, problem.index))


def _diagnostic(file: str, line: int, text: str, fault: _Fault) -> Diagnostic:
    index = min(fault.index, len(text))
    column = index - (text.rfind("\n", 0, index) + 1)
    span = Span(file, line + text.count("\n", 0, index) + 1, column + 1, fault.length)
    return Diagnostic(
        code=fault.code, level=Level.ERROR, message=fault.message, span=span, hint=fault.hint
    )


def _separator(problem: _Problem) -> _Fault | None:
    text = problem.text
    start = re.search(r"^---[ \t]", text, re.MULTILINE)
    if start is not None:
        hint = "put `---` on a line of its own"
        return _Fault("syntax", "nothing may follow `---` on its line", start.start(), hint, 3)
    if problem.problem != "did not find expected <document start>":
        return None
    if text.lstrip().startswith("%"):
        index = len(text) - len(text.lstrip())
        hint = "leave the line out"
        return _Fault("syntax", "directives such as `%YAML` are not accepted", index, hint)
    end = re.search(r"^\.\.\.", text, re.MULTILINE)
    if end is not None:
        hint = "put `---` between documents"
        return _Fault("syntax", "`...` is not accepted", end.start(), hint, 3)
    return None


def _depth(problem: _Problem) -> _Fault | None:
    """The parser has a limit of its own, far beyond ours."""
    if problem.problem != "exceeded maximum nesting depth":
        return None
    message = f"nothing may stand more than {DOCUMENT_DEPTH} levels deep"
    return _Fault("too-deep", message, problem.index)


def _first_character(problem: _Problem) -> _Fault | None:
    if problem.char == "\t" and not problem.text[problem.line_start : problem.index].strip():
        return _Fault("tab", "there is a tab here", problem.index, "use spaces")
    if not problem.problem.startswith("found character that cannot start any token"):
        return None
    message = f"a value that begins with `{shown(problem.char)}` needs quotes"
    return _Fault("quotes", message, problem.index, "put it in single quotes")


def _comparison(problem: _Problem) -> _Fault | None:
    if problem.context != "while scanning a block scalar":
        return None
    found = _COMPARISON.match(problem.text, problem.context_index)
    if found is not None:
        return _comparison_fault(found[1], found[2], problem.context_index, len(found[0]))
    sign = problem.sign
    message = f"nothing but a comment may follow `{sign}` on its line"
    hint = f"begin the text on the next line, or put it in quotes if the `{sign}` belongs to it"
    return _Fault("syntax", message, problem.context_index, hint)


def _comparison_fault(sign: str, constant: str, index: int, length: int) -> _Fault:
    """A threshold written with a bare sign, such as `> 0.9`."""
    number = shown(constant)
    words = ("at_least", "above") if sign[0] == ">" else ("at_most", "below")
    first, second = words if sign[0] == ">" else words[::-1]
    message = f"`{sign} {number}` is no constant"
    if sign[0] == ">":
        hint = f"write `{{ {first}: {number} }}`, or `{{ {second}: {number} }}` to leave it out"
    else:
        hint = f"write `{{ {first}: {number} }}`, or `{{ {second}: {number} }}` to include it"
    return _Fault("comparison-sign", message, index, hint, length)


def _escape(problem: _Problem) -> _Fault | None:
    if problem.context != "while parsing a quoted scalar":
        return None
    start = problem.index - 1 if problem.text[problem.index - 1 : problem.index] == "\\" else None
    index = problem.index if start is None else start
    written = problem.text[index : index + 2]
    message = f"`{shown(written)}` means nothing inside double quotes"
    return _Fault("escape", message, index, "use single quotes", 2)


def _open_quote(problem: _Problem) -> _Fault | None:
    if problem.context != "while scanning a quoted scalar":
        return None
    sign = problem.sign
    hint = f"close it with another `{sign}`"
    if sign == "'":
        hint += "; an apostrophe inside single quotes is written twice"
    return _Fault("syntax", "this quote is never closed", problem.context_index, hint)


def _after_quote(problem: _Problem) -> _Fault | None:
    before = problem.text[: problem.index].rstrip()
    if problem.problem != "did not find expected key" or before[-1:] not in ("'", '"'):
        return None
    if "\n" in problem.text[len(before) : problem.index]:
        return None
    message = "text goes on after the closing quote"
    sign = before[-1]
    hint = (
        "an apostrophe inside single quotes is written twice: `''`"
        if sign == "'"
        else "put the whole value in single quotes"
    )
    return _Fault("syntax", message, problem.index, hint)


def _bracket(problem: _Problem) -> _Fault | None:
    if not problem.context.startswith("while parsing a flow "):
        return None
    if problem.sign not in ("[", "{"):
        return _unclosed(problem)
    sign = problem.sign
    close = "]" if sign == "[" else "}"
    until = problem.text[problem.context_index : problem.index]
    if "\n" not in until.strip() and problem.text[problem.index :].strip():
        message = f"a `,` or `{close}` is missing here"
        hint = "a value with `,`, `:` or a bracket in it needs quotes"
        return _Fault("syntax", message, problem.index, hint)
    swallowed = re.search(r"\s#", until)
    hint = f"close it with `{close}`"
    if swallowed is not None:
        hint = "everything after `#` is a comment: put a value with `#` in quotes"
    return _Fault("syntax", f"this `{sign}` is never closed", problem.context_index, hint)


def _unclosed(problem: _Problem) -> _Fault | None:
    """The last bracket before the place that has no partner."""
    open_at: list[int] = []
    for bracket in re.finditer(r"[\[\]{}]", problem.text[: problem.index]):
        if bracket[0] in "[{":
            open_at.append(bracket.start())
        elif open_at:
            open_at.pop()
    if not open_at:
        return None
    sign = problem.text[open_at[-1]]
    hint = f"close it with `{']' if sign == '[' else '}'}`"
    return _Fault("syntax", f"this `{sign}` is never closed", open_at[-1], hint)


def _colon(problem: _Problem) -> _Fault | None:
    if not problem.problem.startswith("mapping values are not allowed"):
        return None
    line = problem.text[problem.line_start : problem.index]
    if re.search(r":\s", line):
        message = "there is a second `: ` on this line"
        hint = "put a value that contains `: ` in quotes"
        return _Fault("syntax", message, problem.index, hint)
    key = line.strip().lstrip("- ")
    message = f"`{shown(key)}:` does not fit under the line above"
    hint = "align it with the other keys, or see whether the line above lacks a `:`"
    indent = len(line) - len(line.lstrip())
    return _Fault("syntax", message, problem.line_start + indent, hint, max(len(line.strip()), 1))


def _no_colon(problem: _Problem) -> _Fault | None:
    if problem.problem != "could not find expected ':'":
        return None
    end = problem.text.find("\n", problem.context_index)
    line = problem.text[problem.context_index : end if end >= 0 else len(problem.text)].rstrip()
    message = f"`{shown(line)}` is not a `key: value` line"
    hint = "a `:` is missing, or a longer text needs quotes"
    return _Fault("syntax", message, problem.context_index, hint, max(len(line), 1))


def _indentation(problem: _Problem) -> _Fault | None:
    if problem.problem == "block sequence entries are not allowed in this context":
        message = "a list with `-` begins on a line of its own"
        hint = "put it on the next line, or write `[one, two]`"
        return _Fault("syntax", message, problem.index, hint)
    if problem.problem == "did not find expected '-' indicator":
        message = "keys and a list stand side by side here"
        return _Fault("syntax", message, problem.index, "begin every line of a list with `-`")
    if problem.problem == "did not find expected node content":
        message = f"there is a `{shown(problem.char)}` where a value should stand"
        hint = "a value that begins with this sign needs quotes"
        return _Fault("syntax", message, problem.index, hint)
    if problem.problem == "did not find expected key":
        message = "this line stands at no level of the lines above"
        hint = "begin keys of one level with the same number of spaces"
        return _Fault("syntax", message, problem.index, hint)
    return None


_EXPLANATIONS: tuple[Callable[[_Problem], _Fault | None], ...] = (
    _depth,
    _separator,
    _first_character,
    _comparison,
    _escape,
    _open_quote,
    _after_quote,
    _bracket,
    _colon,
    _no_colon,
    _indentation,
)
