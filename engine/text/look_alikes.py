"""Which characters look the same: the skeletons of Unicode Technical Standard 39.

The table is `look_alikes.txt`, read when a tolerant entry first needs it.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files

_WIDTH = 96
#: Characters that look like others only as the parts they decompose into do.
_COMPOSED = "∤῍῎῏῝῞῟べベぺペ"


@lru_cache(maxsize=20_000)
def skeleton(char: str) -> str:
    """What a character looks like, ignoring case; equal skeletons look alike."""
    # Looked up again after folding the case: 𝐌 looks like M, and m like rn.
    return _looks(_looks(char).casefold())


def _looks(chars: str) -> str:
    prototypes = _prototypes()
    looks = "".join(prototypes.get(part, part) for part in unicodedata.normalize("NFD", chars))
    return unicodedata.normalize("NFD", looks)


@cache
def groups() -> Mapping[str, tuple[str, ...]]:
    """For each skeleton that several characters have: these characters, in order."""
    prototypes = _prototypes()
    members: dict[str, list[str]] = {}
    looks = {unicodedata.normalize("NFC", skeleton(char)) for char in prototypes}
    candidates = {*prototypes, *prototypes.values(), *looks, *_COMPOSED}
    for char in sorted(candidate for candidate in candidates if len(candidate) == 1):
        members.setdefault(skeleton(char), []).append(char)
    return {look: tuple(chars) for look, chars in members.items() if len(chars) > 1}


@cache
def _prototypes() -> Mapping[str, str]:
    """For each character that looks like others: the characters that stand for its looks."""
    table = files("engine.text").joinpath("look_alikes.txt").read_text(encoding="ascii")
    found: dict[str, str] = {}
    prototype = ""
    for line in table.splitlines():
        if line.startswith("#"):
            continue
        before, _, sources = line.rpartition(":")
        prototype = _characters(before) or prototype
        found.update((chr(int(code, 16)), prototype) for code in sources.split())
    return found


def compact(confusables: Iterable[str]) -> Iterator[str]:
    """The lines of `look_alikes.txt`, from those of `confusables.txt` as Unicode publishes it."""
    sources: dict[str, list[str]] = {}
    for line in confusables:
        fields = line.partition("#")[0].split(";")
        if len(fields) > 1:
            sources.setdefault(fields[1].strip(), []).append(fields[0].strip())
    for prototype, codes in sorted(sources.items()):
        line = f"{prototype}:"
        for code in sorted(codes, key=lambda code: int(code, 16)):
            if len(line) + len(code) >= _WIDTH:
                yield line
                line = ":"
            line += f" {code}"
        yield line


def _characters(codes: str) -> str:
    return "".join(chr(int(code, 16)) for code in codes.split())
