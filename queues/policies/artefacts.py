"""Makes the engine's releases and classifiers from what is stored of them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import structlog
from sqlalchemy import Connection, select

from engine.classify.artefact import load_model
from engine.classify.ensemble import Ensemble
from engine.classify.scorer import TextClassifier
from engine.diagnostics import Level
from engine.errors import InvalidModel, InvalidPolicy, InvalidRelease
from engine.rules.model import Policy
from engine.rules.reading import read_policy
from engine.rules.release import Release
from queues.errors import NotFound
from queues.store.tables.policies import models, releases

#: What decoding raises if a compiled release was written by another version of the engine.
_OTHER_VERSION: Final = (
    InvalidRelease,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
_RELEASE: Final = "release"
_MODEL: Final = "model"
_log = structlog.get_logger(__name__)


def compiled_form(release: Release) -> bytes:
    """A release as one piece of bytes, which `opened_release` starts from quickly."""
    with _scratch() as file:
        release.save(file)
        return file.read_bytes()


def policy_of(sources: Mapping[str, str | bytes]) -> Policy:
    """The policy of rule files, by path.

    Raises:
        InvalidPolicy: the files have mistakes; all of them, with their places.
    """
    policy, found = read_policy(sources)
    if policy is None:
        raise InvalidPolicy([one for one in found if one.level is Level.ERROR])
    return policy


def opened_release(name: str, compiled: bytes, sources: Mapping[str, str]) -> Release:
    """A release from its compiled form, or from its sources if another version compiled it.

    Raises:
        InvalidPolicy: neither can be used: this version finds mistakes in the sources.
        InvalidRelease: the sources are not those that the name stands for.
    """
    try:
        with _scratch() as file:
            file.write_bytes(compiled)
            release = Release.open(file)
    except _OTHER_VERSION as problem:
        # not the message: it would name a scratch file
        _log.warning("compiling anew", release=name, problem=type(problem).__name__)
        release = Release.of(policy_of(sources))
    if release.name != name:
        raise InvalidRelease(name, f"what is stored is release `{release.name}`")
    return release


def opened_model(version: str, artefact: bytes) -> TextClassifier:
    """A classifier from its bytes.

    Raises:
        InvalidModel: the bytes are no model, or a damaged one.
    """
    with _scratch(version) as file:
        file.write_bytes(artefact)
        return load_model(file)


def stored_release(connection: Connection, name: str) -> Release:
    """The release of a name; raises NotFound, and as `opened_release`."""
    row = connection.execute(
        select(releases.c.compiled, releases.c.sources).where(releases.c.name == name)
    ).one_or_none()
    if row is None:
        raise NotFound(_RELEASE, name)
    return opened_release(name, row.compiled, row.sources)


def stored_ensemble(connection: Connection, versions: Sequence[str]) -> Ensemble | None:
    """The classifiers of these versions, in this order; None if there are none.

    Raises:
        NotFound: no model has such a version.
        InvalidModel: a model cannot be read.
        ValueError: two models have one name, or fill one field.
    """
    if not versions:
        return None
    question = select(models.c.version, models.c.artefact)
    rows = connection.execute(question.where(models.c.version.in_(versions)))
    found = {row.version: row.artefact for row in rows}
    for version in versions:
        if version not in found:
            raise NotFound(_MODEL, version)
    return Ensemble([stored_model(version, found[version]) for version in versions])


def stored_model(version: str, artefact: bytes) -> TextClassifier:
    """As `opened_model`, of bytes that are stored under a version; raises InvalidModel."""
    classifier = opened_model(version, artefact)
    if classifier.version != version:
        raise InvalidModel(version, f"what is stored is model `{classifier.version}`")
    return classifier


@contextmanager
def _scratch(name: str = "release") -> Iterator[Path]:
    """A file of its own: the engine reads and writes files."""
    with TemporaryDirectory(prefix="tierwise-") as folder:
        yield Path(folder, name)
