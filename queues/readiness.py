"""Says whether everything is there that the service needs, and names what is not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.errors import TierwiseError
from queues.errors import Unavailable

#: Raises if something is away.
Check = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What has to be there, by name."""

    checks: Mapping[str, Check]

    def trouble(self) -> dict[str, str]:
        """Why each part that is away is away; none: all is well."""
        found: dict[str, str] = {}
        for name, check in self.checks.items():
            try:
                check()
            except Unavailable as problem:
                found[name] = problem.told
            except TierwiseError as problem:
                found[name] = str(problem)
        return found
