"""The report of an import, for people, for programs and for a page."""

import json
from collections.abc import Iterator

from engine.importing.reports import Fate, FileReport, Remark, Report, RuleReport


def as_text(report: Report) -> str:
    """For people at a terminal."""
    lines = [line for file in report.files for line in _file(file)]
    lines += [f"missing from the vocabulary: {_missing(*each)}" for each in report.missing]
    return "\n".join([*lines, summary(report)]) + "\n"


def as_json(report: Report) -> str:
    """For programs: one object."""
    return (
        json.dumps(
            {
                "rules": [_as_values(rule) for rule in report.rules],
                "files": [
                    {"file": file.file, "remarks": [_remark(one) for one in file.remarks]}
                    for file in report.files
                ],
                "missing": [{"name": name, "rules": count} for name, count in report.missing],
                "counts": {fate.value: report.counts[fate] for fate in Fate},
                "share": report.share,
            },
            ensure_ascii=False,
            indent=2,
        )
        + "\n"
    )


def as_markdown(report: Report) -> str:
    """For a page: a table of totals, then one of rules."""
    lines = ["# Imported rules", "", summary(report), "", "| fate | rules |", "|---|---|"]
    lines += [f"| {fate.value} | {report.counts[fate]} |" for fate in Fate]
    lines += ["", "| where | rule | fate | remarks |", "|---|---|---|---|"]
    for rule in report.rules:
        remarks = "<br>".join(_told(one) for one in rule.remarks)
        cells = (f"{rule.file}:{rule.line}", rule.name or rule.title, rule.fate.value, remarks)
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    for file in report.files:
        lines += [f"- {file.file}:{one.line}: {_told(one)}" for one in file.remarks]
    lines += [f"- missing from the vocabulary: {_missing(*each)}" for each in report.missing]
    return "\n".join(lines) + "\n"


def summary(report: Report) -> str:
    """How many rules had which fate, in one line."""
    total = len(report.rules)
    if report.share is None:
        return "no rules found"
    counts = ", ".join(f"{report.counts[fate]} {fate.value}" for fate in Fate)
    noun = "rule" if total == 1 else "rules"
    return f"{total} {noun}: {counts}; {report.share * 100:.1f} % are here now"


def _file(file: FileReport) -> Iterator[str]:
    for remark in file.remarks:
        yield f"{file.file}:{remark.line}: {_told(remark)}"
    for rule in file.rules:
        name = f" → {rule.name}" if rule.name is not None else ""
        yield f"{rule.file}:{rule.line}: {rule.fate.value}: {rule.title}{name}"
        for remark in rule.remarks:
            yield f"  line {remark.line}: {_told(remark)}"


def _told(remark: Remark) -> str:
    return f"{remark.topic.value}: {remark.message}"


def _missing(name: str, count: int) -> str:
    return f"`{name}` ({count} {'rule' if count == 1 else 'rules'})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _as_values(rule: RuleReport) -> dict[str, object]:
    return {
        "file": rule.file,
        "line": rule.line,
        "title": rule.title,
        "name": rule.name,
        "fate": rule.fate.value,
        "remarks": [_remark(one) for one in rule.remarks],
    }


def _remark(remark: Remark) -> dict[str, object]:
    return {"line": remark.line, "topic": remark.topic.value, "message": remark.message}
