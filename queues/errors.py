"""Every exception the service raises on purpose; all are a TierwiseError.

- ServiceError
  - NotFound: there is no such item, case, release, … (carries kind and name)
  - Conflict: the state of things does not allow it (carries what and why)
  - Refused: the request is understood and not allowed (carries field and reason)
    - KeyRefused: the key opens nothing
      - KeyMissing, KeyUnknown, KeyExpired, KeyRevoked
  - SignInRefused: name and password do not fit
  - ProviderRefused: somebody comes from a sign-in provider without a proof (carries why)
  - ScopeMissing: the key opens other doors (carries the scope)
  - PermissionMissing: none of the person's roles may do it (carries the operation)
  - PersonNeeded: a key asked for what belongs to a person
  - OtherPerson: a person named somebody else as themselves (carries the name)
  - RateLimited: the key was used more often than it may be (carries limit, retry_after)
  - TooManyAttempts: too many tries to sign in (carries retry_after)
  - Unavailable: something the service needs is down or busy (carries part, reason, retry)
- InvalidSettings: the configuration is wrong (carries the mistakes, each with its name)
"""

from collections.abc import Sequence

from engine.errors import TierwiseError


class ServiceError(TierwiseError):
    """The service refuses or cannot do what was asked."""


class NotFound(ServiceError):
    """There is nothing of that name."""

    def __init__(self, kind: str, name: str, *, meant: str | None = None) -> None:
        super().__init__(kind, name)
        self.kind = kind
        self.name = name
        self.meant = meant
        """What there is, and is called much the same."""

    def __str__(self) -> str:
        near = "" if self.meant is None else f"; did you mean `{self.meant}`?"
        return f"there is no {self.kind} `{self.name}`{near}"


class Conflict(ServiceError):
    """The state of things does not allow what was asked."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what = what
        self.why = why

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"


class Refused(ServiceError):
    """A value is understood and not acceptable."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(field, reason)
        self.field = field
        self.reason = reason

    def __str__(self) -> str:
        return f"`{self.field}`: {self.reason}"


class KeyRefused(Refused):
    """A key that opens nothing."""


class KeyMissing(KeyRefused):
    """No key came along."""


class KeyUnknown(KeyRefused):
    """Nobody was ever given such a key."""


class KeyExpired(KeyRefused):
    """The key was valid for a time, which is over."""


class KeyRevoked(KeyRefused):
    """The key was taken back."""


class ScopeMissing(ServiceError):
    """The key is valid, and not for this."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope

    def __str__(self) -> str:
        return f"the key lacks the scope `{self.scope}`"


class SignInRefused(ServiceError):
    """Name and password do not fit; which of them, nobody is told."""

    def __str__(self) -> str:
        return "name and password do not fit, or the account is not open"


class ProviderRefused(ServiceError):
    """Somebody comes from a sign-in provider, and not with what lets them in."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why

    def __str__(self) -> str:
        return self.why


class PermissionMissing(ServiceError):
    """A person is known, and none of their roles may do this."""

    def __init__(self, operation: str) -> None:
        super().__init__(operation)
        self.operation = operation

    def __str__(self) -> str:
        return f"none of your roles may do `{self.operation}`"


class PersonNeeded(ServiceError):
    """A program asked for what belongs to a person."""

    def __str__(self) -> str:
        return "keys of programs have no account; sign in (`POST /v1/sessions`)"


class OtherPerson(ServiceError):
    """A person named somebody else where they can only act for themselves."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"you cannot act for `{self.name}`; leave the name out, or give your own"


class RateLimited(ServiceError):
    """The key was used more often than it may be."""

    def __init__(self, limit: int, retry_after: float) -> None:
        super().__init__(limit, retry_after)
        self.limit = limit
        """Requests a minute."""
        self.retry_after = retry_after
        """Seconds after which there is room again."""

    def __str__(self) -> str:
        return f"the key may make {self.limit:,} requests a minute"


class TooManyAttempts(ServiceError):
    """Somebody tried too often to sign in."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
        """Seconds after which one more attempt is possible."""

    def __str__(self) -> str:
        return "too many attempts to sign in"


class Unavailable(ServiceError):
    """Something the service needs is down or has no room; trying again later may help."""

    def __init__(
        self, part: str, reason: str, retry_after: float = 1.0, *, inside: str | None = None
    ) -> None:
        super().__init__(part, reason, retry_after, inside)
        self.part = part
        self.reason = reason
        self.inside = inside
        """What the driver says, such as addresses: for operators, not for callers."""
        self.retry_after = retry_after
        """Seconds after which trying again makes sense."""

    @property
    def told(self) -> str:
        """What callers are told."""
        return f"{self.part}: {self.reason}"

    def __str__(self) -> str:
        return self.told if self.inside is None else f"{self.told} ({self.inside})"


class InvalidSettings(TierwiseError):
    """The configuration is wrong; nothing was started."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        super().__init__(tuple(mistakes))
        self.mistakes = tuple(mistakes)

    def __str__(self) -> str:
        return "\n".join(self.mistakes)
