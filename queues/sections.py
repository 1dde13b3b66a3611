"""What sections of the settings are made of, and those about people's work."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    SecretStr,
    model_validator,
)

Seconds = Annotated[float, Field(gt=0)]
Count = Annotated[int, Field(gt=0)]
Positive = Annotated[float, Field(gt=0, le=1_000_000)]
Money = Annotated[float, Field(ge=0)]
Points = Annotated[int, Field(ge=0, lt=2**31)]
Weight = Annotated[float, Field(ge=0, le=1e9)]
Steps = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]


class Section(BaseModel):
    """A group of settings; a name that is not known is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Priority(Section):
    """What makes a case urgent beside the priority of its rule, by the formula above."""

    severity_low: Weight = 1.0
    """What a case of low severity weighs."""
    severity_medium: Weight = 10.0
    """Of medium severity."""
    severity_high: Weight = 100.0
    """Of high severity."""
    severity_critical: Weight = 1_000.0
    """Of critical severity."""
    reach: tuple[str, ...] = ("author.followers",)
    """Fields that tell how many people see an item; the largest counts."""
    reach_unknown: Annotated[float, Field(ge=1, le=1e10)] = 1.0
    """People that are assumed where no item tells."""
    probability_unknown: Annotated[float, Field(ge=0, le=1)] = 0.5
    """Probability that is assumed where no score tells."""
    risk_full: Annotated[float, Field(ge=1, le=1e20)] = 1e9
    """Severity times reach times probability that counts in full."""
    risk_steps: Steps = 1.0
    """Steps of priority that it is worth then."""
    deadline_share: Annotated[float, Field(ge=0, le=1)] = 0.25
    """Part of the time to its deadline after which a case should be looked at; 0: only its age
    counts, 1: only its deadline."""
    deadline_steps: Steps = 2.0
    """Steps of priority that deadlines count at most."""


class Dashboard(Section):
    """The pages for moderators, policy teams and managers."""

    host: str = "127.0.0.1"
    """Address they listen on."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8501
    """Port they listen on; 0 takes a free one and says which."""
    address: Annotated[str, Field(pattern=r"^https?://[^/?#]+$")] | None = None
    """Where browsers find them, such as `https://moderation.example.org`; none: on this machine
    alone. Cookies of an `https` address are never sent without TLS."""
    api: Annotated[str, Field(pattern=r"^https?://[^/?#]+$")] | None = None
    """Where they reach the API; none: where `api` says that it listens."""
    currency: Annotated[str, Field(max_length=5)] = "$"
    """Stands before amounts of money, which are in the currency of the rates."""


class Pictures(Section):
    """Pictures of items, fetched for whoever decides about them."""

    timeout: Seconds = 10.0
    """Seconds one may take."""
    largest: Count = 10_000_000
    """Bytes of one at most."""
    allowed_networks: tuple[IPvAnyNetwork, ...] = ()
    """Private networks that may be reached all the same, such as `10.2.0.0/16`."""


class Drift(Section):
    """What has moved between a reference window and the current one, and when that alarms."""

    current: Seconds = 86_400.0
    """Seconds of the current window, which ends now."""
    reference: Seconds = 1_209_600.0
    """Seconds of the reference (14 days), which ends where the current window begins."""
    reference_since: AwareDatetime | None = None
    """When a fixed reference begins; none: it goes along with the current window."""
    verdicts: Annotated[int, Field(ge=100, le=100_000)] = 2_000
    """Verdicts, decisions and samples of the current window that are read at most; of the reference
    `history` times as many (what items say: twice as many)."""
    least: Annotated[int, Field(ge=10)] = 100
    """Fewest of anything of which a figure is told; samples by their effective size."""
    moderate: Annotated[float, Field(gt=0)] = 0.1
    """PSI from which on scores and labels have moved; below `large`."""
    large: Annotated[float, Field(gt=0)] = 0.25
    """PSI from which on that alarms."""
    error: Share = 0.05
    """How often the machine may be wrong, by the quality sample."""
    windows: Annotated[int, Field(ge=1, le=100)] = 3
    """In so many windows in a row, each as long as the current one, the lower bound of that has to
    be above, until it alarms."""
    tolerance: Share = 0.05
    """How far errors may be from what scores say, as no calibration is perfect."""
    alpha: Annotated[float, Field(gt=0, lt=1)] = 0.01
    """Chance that any rule at all alarms when none has changed."""
    ratio: Annotated[float, Field(gt=1)] = 2.0
    """A rule alarms that passes so many times as often, or so many times less often."""
    effect: Annotated[float, Field(gt=0)] = 0.2
    """Or whose share has moved by so much (Cohen's h)."""
    history: Annotated[float, Field(ge=1, le=100)] = 10.0
    """So many times as many verdicts as now the history of a rule needs."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.moderate > self.large:
            message = "`moderate` is above `large`"
            raise ValueError(message)
        return self


class Overrides(Section):
    """Decisions about content, for whatever comes again."""

    longest: Seconds = 7_776_000.0
    """Seconds for which one can be made at most (90 days)."""


class Certifying(Section):
    """What it takes for the machine to decide by itself; off, every rule acts as it says."""

    on: bool = False
    """Whether a rule of tier `auto` acts only with a certificate or a sign-off, and else asks one
    reviewer. A new installation has no labels: sign off what has to act before switching it on."""
    error_limit: Annotated[float, Field(gt=0, lt=1)] = 0.05
    """Share of a rule's matches that it may get wrong, by the judgement of people."""
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    """How sure it has to be that it is below."""
    shared_by: Count = 1
    """Among how many rules the doubt, 1 less the confidence, is shared; 1: each has all of it."""
    least_labels: Annotated[int, Field(ge=0)] = 0
    """Labels a first test needs, where it does not take more anyway."""
    valid_days: Annotated[float, Field(gt=0, le=3_650)] = 90.0
    """Days after which a certificate has to be earned again."""
    blind_share: Share = 0.10
    """Share of cases of one reviewer that are decided without a suggestion, so that what people say
    of matches of uncertified rules counts."""
    patience: Seconds = 60.0
    """Seconds that a process goes on with what it knows of certificates while the database cannot
    tell; then no rule may act."""
    alarm_patience: Seconds = 900.0
    """Seconds without a look for alarms, made each minute, from which on no certificate counts."""
    alarm_labels: Annotated[int, Field(ge=10)] = 100
    """Quality samples of a certified rule that make a window."""
    alarm_windows: Count = 2
    """Windows in a row with an error surely above the limit that end a certificate."""
    sign_off_days: Annotated[float, Field(gt=0, le=3_650)] = 365.0
    """Days that a sign-off lasts at most."""


class Quality(Section):
    """How it is told how often people are right on gold items."""

    prior_mean: Annotated[float, Field(gt=0, lt=1)] = 0.92
    """What is expected of somebody of whom nothing is known."""
    prior_strength: Annotated[float, Field(gt=0)] = 40.0
    """How many answers it takes until their own weigh as much as that."""
    target: Annotated[float, Field(gt=0, lt=1)] = 0.95
    """What is wanted of everybody."""


def _safe(url: str) -> str:
    """Refuse an address at which others could read along."""
    parts = urlsplit(url)
    if parts.scheme == "http" and _is_local(parts.hostname or ""):
        return url
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        message = "needs an address that begins with https:// (http:// on this machine alone)"
        raise ValueError(message)
    return url


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


SafeUrl = Annotated[str, AfterValidator(_safe)]
RoleName = Literal[
    "policy_author", "policy_approver", "moderator", "senior", "manager", "admin", "auditor"
]


class Oidc(Section):
    """Signing in at a provider of OpenID Connect, beside passwords."""

    issuer: SafeUrl | None = None
    """The provider, as it calls itself: `https://login.example.org/realms/us`; none: passwords
    alone."""
    client_id: Annotated[str, Field(min_length=1)] | None = None
    """What it calls this service."""
    client_secret: SecretStr | None = None
    """What proves that to it; none: it wants no secret, as PKCE is used in any case."""
    callback: SafeUrl | None = None
    """Where it sends people back, ending in `/v1/sessions/oidc/callback`; none: at the address of
    the API, as this machine reaches it. The provider has to know it."""
    scopes: Annotated[tuple[str, ...], Field(min_length=1)] = ("openid", "email", "profile")
    """What it is asked for."""
    name_claim: Annotated[str, Field(min_length=1)] = "email"
    """The claim that is the name of an account, when somebody comes for the first time. An `email`
    has to be verified. Another one must be none that people can change."""
    roles_claim: str | None = None
    """The claim that lists their groups; none: roles are given here."""
    roles: dict[str, RoleName] = {}
    """Which group is which role, such as `moderators = "moderator"`. Where there is a claim, people
    have the roles of their groups from each sign-in on, and nobody comes in without one."""
    add_people: bool = False
    """Whether somebody without an account gets one; needs `roles_claim`."""
    passwords: bool = True
    """Whether people who came through the provider once may still sign in with a password."""
    tolerance: Annotated[float, Field(ge=0, le=600)] = 60.0
    """Seconds that its clock may differ from ours."""
    timeout: Seconds = 5.0
    """Seconds one answer of it may take."""
    keys_after: Annotated[float, Field(ge=1)] = 60.0
    """Least seconds between two looks for new keys, where a token names one that is not known."""
    within: Seconds = 600.0
    """Seconds that somebody has to come back."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.issuer is not None and self.client_id is None:
            message = "`issuer` needs a `client_id`"
            raise ValueError(message)
        if self.issuer is not None and "openid" not in self.scopes:
            message = "`scopes` needs `openid`"
            raise ValueError(message)
        if (self.roles_claim is None) != (not self.roles):
            message = "`roles_claim` and `roles` need each other"
            raise ValueError(message)
        if self.add_people and self.roles_claim is None:
            message = "`add_people` needs `roles_claim`: an account without a role can do nothing"
            raise ValueError(message)
        return self


class Rates(Section):
    """What an hour of work costs, by role, where a person has no rate of their own."""

    policy_author: Money = 40.0
    """Of a policy author."""
    policy_approver: Money = 45.0
    """Of a policy approver."""
    moderator: Money = 20.0
    """Of a moderator."""
    senior: Money = 28.0
    """Of a senior."""
    manager: Money = 40.0
    """Of a manager."""
    admin: Money = 40.0
    """Of an admin."""
    auditor: Money = 40.0
    """Of an auditor."""
    occupancy: Annotated[float, Field(gt=0, le=1)] = 0.85
    """Share of paid time in which people are at cases, by which cost with idle time is told."""
    platform_per_day: Money = 0.0
    """What the platform costs a day, as part of what decisions cost; 0: it is left out."""


class Review(Section):
    """Work for people."""

    lease: Seconds = 600.0
    """Seconds a claimed case stays with its reviewer without activity."""
    grace: Annotated[float, Field(ge=0, le=3_600)] = 10.0
    """Seconds in which a vote can be taken back: only then it counts. With 0 it counts at once."""
    patience: Seconds = 14_400.0
    """Seconds a panel that votes again waits for those who voted before; then others join it."""
    ageing: Seconds = 14_400.0
    """Seconds of waiting that weigh as much as one step of priority."""
    skip_reasons: Annotated[tuple[str, ...], Field(min_length=1)] = (
        *("not_my_language", "too_distressing", "conflict_of_interest", "technical", "other"),
    )
    """Why people may give a case back for good."""
    blind_share: Share = 0.10
    """Share of cases that are decided without the machine's suggestion, beside those that always
    are: gold, quality samples, second looks, calibration and first rounds of panels."""
    overlap: Share = 0.10
    """Share of cases of one reviewer that a second one looks at too; both are blind."""
    overlap_by_queue: Mapping[str, Share] = {}
    """The same, for queues that shall have another share."""
    validation: Share = 0.01
    """Share of final decisions, of machine and people, that one senior looks at once more."""
    validation_open: Annotated[int, Field(ge=1)] = 200
    """Most of these that wait at once; else fewer are drawn, and each stands for more."""


class Wellness(Section):
    """What protects people, where they have no limits of their own."""

    exposure: Annotated[int, Field(ge=0)] = 400
    """Most exposure in a shift, in points of the cases that somebody was handed."""
    points_low: Points = 1
    """Points of a case of low severity."""
    points_medium: Points = 2
    """Of medium severity."""
    points_high: Points = 4
    """Of high severity."""
    points_critical: Points = 8
    """Of critical severity, the highest."""
    severe_in_a_row: Annotated[int, Field(ge=0)] = 5
    """Most cases of the highest severity one after the other; then others come first, or a break
    is due."""
    pause: Seconds = 600.0
    """Seconds of that break, without a new case and without a vote."""
    blur: bool = True
    """Whether pictures are blurred until somebody wants to see them."""
