"""A line about what was measured on."""

import os
import platform
from pathlib import Path


def about(texts: int, kind: str) -> str:
    """Processor, Python and texts."""
    return (
        f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}; "
        f"{texts:,} {kind} short texts, none judged twice in a timing. "
        "Tierwise folds the text as it came; the others are given its lower case. "
        "All find the same rules."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
