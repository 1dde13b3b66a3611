"""Settings of the service: defaults, then `config/tierwise.toml`, then the environment.

This is the only module that reads the environment. `config/README.md` lists every setting.
"""

import os
import sys
import tomllib
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from engine import __file__ as engine_file
from queues.errors import InvalidSettings
from queues.learning_settings import Learning
from queues.rollouts import Releases
from queues.sections import (
    Certifying,
    Count,
    Dashboard,
    Drift,
    Oidc,
    Overrides,
    Pictures,
    Positive,
    Priority,
    Quality,
    Rates,
    Review,
    Seconds,
    Section,
    Wellness,
)

#: Environment variables are `TIERWISE_SECTION__NAME`, such as `TIERWISE_DATABASE__URL`.
PREFIX: Final = "TIERWISE_"
#: Names the file of settings; without it `config/tierwise.toml` is looked for.
FILE_VARIABLE: Final = "TIERWISE_CONFIG"


class Api(Section):
    """The HTTP server."""

    host: str = "127.0.0.1"
    """Address it listens on."""
    port: Annotated[int, Field(ge=0, le=65_535)] = 8080
    """Port it listens on; 0 takes a free one and says which."""
    processes: Count = 1
    """How many processes serve it."""
    max_body: Count = 16_777_216
    """Largest body of a request, in bytes."""
    max_items: Annotated[int, Field(ge=1, le=1_000)] = 1_000
    """Most items in one request."""
    max_text: Count = 200_000
    """Longest text of a field of an item, in characters."""
    max_waiting: Count = 4_000
    """Items that may wait to be judged in one process; more are answered 503."""
    rate: Count = 60_000
    """Requests a minute of one key, where the key has no rate of its own."""
    strict: bool = False
    """Refuse items with fields that the vocabulary does not have; else they are kept unread."""
    proxies: tuple[IPvAnyNetwork, ...] = (ip_network("127.0.0.1"), ip_network("::1"))
    """Who is believed where a request came from (`X-Forwarded-For`): the console, and proxies."""
    public_docs: bool = True
    """Whether `/docs` and the OpenAPI document are shown without a key."""

    @property
    def origin(self) -> str:
        """Where it is, as this machine reaches it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - not listened on
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.port}"


class Appeals(Section):
    """Second looks."""

    link: str = "https://example.org/appeals/{decision}"
    """Where an author appeals: `{{appeal.link}}` in messages, and in statements of reasons."""
    window: Seconds = 15_552_000.0
    """Seconds after a decision during which it can be appealed (180 days)."""
    most: Count = 2
    """How often an item can be appealed for a milder decision, and how often for a stricter one."""


class Counters(Section):
    """Velocity counters in Redis."""

    lateness: Annotated[float, Field(ge=0)] = 3_600.0
    """Seconds an item may come late and still be counted exactly."""
    timeout: Seconds = 0.25
    """Seconds to wait for Redis; after that counters are unknown for the items at hand."""


class Database(Section):
    """Postgres."""

    url: SecretStr | None = None
    """`postgresql://user:password@host:port/name`; none: `tierwise up` starts its own."""
    connections: Count = 8
    """Connections of one process at most."""


class Logging(Section):
    """What is logged, and how."""

    level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = "info"
    """Least level that is shown."""
    json_lines: bool = False
    """Write JSON lines instead of lines for people."""


class Outbox(Section):
    """From Postgres to Celery."""

    batch: Count = 500
    """Rows the relay takes at once."""
    group: Annotated[int, Field(ge=1, le=1_000)] = 100
    """Rows in one Celery message."""
    confirm_within: Seconds = 60.0
    """Seconds after which a message that no worker confirmed is sent again; twice as many each
    time after that."""
    attempts: Annotated[int, Field(ge=1, le=30)] = 8
    """How often a message is sent before it is left alone, as stuck."""


class Passwords(Section):
    """Passwords of people (argon2id); those of before are hashed anew when somebody signs in."""

    shortest: Annotated[int, Field(ge=8, le=128)] = 12
    """Fewest characters."""
    memory: Annotated[int, Field(ge=64)] = 65_536
    """KiB of memory that one hash takes."""
    passes: Count = 3
    """How often it goes over that memory."""
    lanes: Annotated[int, Field(ge=1, le=64)] = 4
    """Threads that work on one hash."""
    at_once: Count = 2
    """Passwords that one process looks at together; others wait."""


class People(Section):
    """Accounts of people."""

    link: Annotated[str, Field(pattern="[{]token[}]")] | None = None
    """Where a new person sets a password, with `{token}` in it; none: the page of the API."""
    invitation: Seconds = 259_200.0
    """Seconds for which such a link is good (3 days)."""


class Redis(Section):
    """The broker, and the home of counters and limits."""

    url: SecretStr | None = None
    """`redis://:password@host:port/0`, `rediss://…` for TLS, or Sentinels as
    `sentinel://:password@host:26379;sentinel://host:26379`; none: `tierwise up` starts its own.
    No cluster."""
    master: str | None = None
    """What Sentinels call the server; needed with `sentinel://` alone."""


class Reports(Section):
    """What users say about items, and how far it is relied on."""

    prior_right: Positive = 2.0
    """Somebody who never reported counts as if so many reports of theirs had been right."""
    prior_wrong: Positive = 2.0
    """And so many wrong."""


class Retention(Section):
    """How long things are kept."""

    items_days: Count = 365
    """Days that items are kept with their verdicts, from their receipt."""
    events_days: Count = 30
    """Days that events and their deliveries are kept, and reports of backtests by workers."""
    audit_days: Count = 1_825
    """Days that audit events are kept."""


class Sessions(Section):
    """How long people stay signed in."""

    idle: Annotated[float, Field(ge=60)] = 3_600.0
    """Seconds without a request after which a session is over."""
    lasts: Annotated[float, Field(ge=60)] = 43_200.0
    """Seconds after which it is over in any case."""


class SignIn(Section):
    """Attempts to sign in that fail."""

    attempts: Count = 10
    """How many in a row for one account."""
    attempts_of_address: Count = 100
    """How many in a row from one address; behind a proxy all people have one."""
    refill: Seconds = 30.0
    """Seconds after which one more is possible; of an address, ten more."""


class Signal(Section):
    """A source of slow signals, asked by workers."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    """What it is called."""
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    """The fields it fills, such as `score.nudity`."""
    url: str | None = None
    """Where items are posted to, to be scored; none: the platform posts the values itself."""
    kinds: tuple[str, ...] = ()
    """Kinds of items it is asked about; empty: all."""
    timeout: Seconds = 10.0
    """Seconds one request may take."""
    deadline: Seconds = 60.0
    """Seconds after which an item is judged without it."""
    token: SecretStr | None = None
    """Sent as a bearer token."""


class Standing(Section):
    """Strikes of authors."""

    strike_days: Count = 90
    """Days after which a strike expires."""


class Webhooks(Section):
    """Deliveries to receivers."""

    timeout: Seconds = 10.0
    """Seconds one delivery may take."""
    give_up_after: Seconds = 86_400.0
    """Seconds of retries, after which a delivery is dead until somebody sends it again."""
    first_retry: Seconds = 2.0
    """Seconds before the first retry; each later one waits about twice as long."""
    concurrency: Count = 32
    """Deliveries to one receiver at once, of each courier."""
    at_once: Count = 256
    """Deliveries of one courier at once, to all receivers together."""
    allowed_networks: tuple[IPvAnyNetwork, ...] = ()
    """Private networks that may be reached all the same, such as `10.1.0.0/16`."""
    tolerance: Seconds = 300.0
    """Seconds a receiver should let timestamps differ; told in the documentation."""


class Worker(Section):
    """Celery."""

    concurrency: Count = 1
    """Processes of one worker."""
    time_limit: Seconds = 120.0
    """Seconds one task may take."""
    shutdown_timeout: Seconds = 20.0
    """Seconds that tasks have to finish when a worker is told to quit at once."""


class Settings(BaseSettings):
    """All settings."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
    )

    api: Api = Api()
    appeals: Appeals = Appeals()
    certifying: Certifying = Certifying()
    counters: Counters = Counters()
    dashboard: Dashboard = Dashboard()
    database: Database = Database()
    drift: Drift = Drift()
    learning: Learning = Learning()
    logging: Logging = Logging()
    oidc: Oidc = Oidc()
    outbox: Outbox = Outbox()
    overrides: Overrides = Overrides()
    passwords: Passwords = Passwords()
    people: People = People()
    pictures: Pictures = Pictures()
    priority: Priority = Priority()
    quality: Quality = Quality()
    rates: Rates = Rates()
    redis: Redis = Redis()
    releases: Releases = Releases()
    reports: Reports = Reports()
    retention: Retention = Retention()
    review: Review = Review()
    sessions: Sessions = Sessions()
    sign_in: SignIn = SignIn()
    signals: tuple[Signal, ...] = ()
    standing: Standing = Standing()
    webhooks: Webhooks = Webhooks()
    wellness: Wellness = Wellness()
    worker: Worker = Worker()

    data: Path = Path("var")
    """Folder of the embedded servers."""
    rules: Path | None = None
    """Folder of the rules that `tierwise up` publishes first; by default as for `tierwise lint`."""
    roles: Path | None = None
    """File that says which role may do what; by default `roles.toml` in this folder."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library passes it
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the library passes it
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then environment, then the file."""
        file = TomlConfigSettingsSource(settings_cls, toml_file=_settings_file())
        return init_settings, env_settings, file


def load_settings(**given: Any) -> Settings:  # noqa: ANN401 - whatever sections hold
    """Read the settings.

    Args:
        given: Sections that beat file and environment.

    Raises:
        InvalidSettings: a file that is no TOML, a name that is not known, a value out of bounds.
    """
    try:
        return Settings(**given)
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings([f"{_settings_file()}: {error}"]) from error
    except ValidationError as error:
        raise InvalidSettings([_sentence(each) for each in error.errors()]) from error


def environment() -> Mapping[str, str]:
    """The environment of this process, to hand on to processes that it starts."""
    return dict(os.environ)


def hand_down(name: str, value: str) -> None:
    """Set a variable for processes that are started from here, in whatever way."""
    os.environ[name] = value


def config_folder() -> Path | None:
    """`./config`, that of the checkout, or that of the installation."""
    for folder in (
        Path("config"),
        Path(engine_file).parent.parent / "config",
        Path(sys.prefix) / "share" / "tierwise" / "config",
    ):
        if (folder / "tierwise.toml").is_file():
            return folder
    return None


def roles_file(settings: Settings) -> Path:
    """The table of roles; raises InvalidSettings where there is none."""
    if settings.roles is not None:
        return settings.roles
    folder = config_folder()
    if folder is None:
        raise InvalidSettings(["roles: there is no config/roles.toml (name one: TIERWISE_ROLES)"])
    return folder / "roles.toml"


def _settings_file() -> Path | None:
    named = os.environ.get(FILE_VARIABLE)
    if named:
        if not Path(named).is_file():
            raise InvalidSettings([f"{FILE_VARIABLE}: there is no file `{named}`"])
        return Path(named)
    folder = config_folder()
    return None if folder is None else folder / "tierwise.toml"


def _sentence(error: Mapping[str, Any]) -> str:
    place = [str(part) for part in error["loc"]]
    name = ".".join(place)
    variable = PREFIX + "__".join(place).upper()
    if error["type"] == "extra_forbidden":
        return f"{name}: there is no such setting (config/README.md lists them all)"
    message = error["msg"][:1].lower() + error["msg"][1:]
    return f"{name}: {message} (in config/tierwise.toml, or {variable} in the environment)"
