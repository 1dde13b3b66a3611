"""What can be permitted: operations, asked of people by role and of programs by scope."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Scope(StrEnum):
    """What a key is for."""

    #: Everything.
    ADMIN = "admin"
    #: Send items, signals of items, and erase items.
    ITEMS_WRITE = "items:write"
    #: Read items and decisions; each reading is an audit event.
    ITEMS_READ = "items:read"
    #: Hand on what users say about items.
    REPORTS_WRITE = "reports:write"
    #: Appeal against decisions.
    APPEALS_WRITE = "appeals:write"
    #: See what waits for people.
    CASES_READ = "cases:read"
    #: Claim cases, vote and decide.
    CASES_DECIDE = "cases:decide"
    #: See releases and models, explain items.
    RELEASES_READ = "releases:read"
    #: Publish, activate and roll back.
    RELEASES_WRITE = "releases:write"
    #: Register receivers of events.
    WEBHOOKS_MANAGE = "webhooks:manage"
    #: Make and revoke keys.
    KEYS_MANAGE = "keys:manage"
    #: See what happened, and statements of reasons.
    AUDIT_READ = "audit:read"
    #: Scrape metrics.
    METRICS_READ = "metrics:read"


class Permission(StrEnum):
    """An operation, as `config/roles.toml` names it."""

    #: Read items, their decisions and their verdicts; each reading is an audit event.
    ITEMS_READ = "items.read"
    #: Send items to be judged.
    ITEMS_SEND = "items.send"
    #: Erase items and authors.
    ITEMS_ERASE = "items.erase"
    #: Try an item without consequences.
    ITEMS_EXPLAIN = "items.explain"
    #: Send values that arrive later than their item.
    SIGNALS_SEND = "signals.send"
    #: Hand on what users say about items.
    REPORTS_SEND = "reports.send"
    #: Appeal against decisions.
    APPEALS_SEND = "appeals.send"
    #: See what waits for people.
    CASES_READ = "cases.read"
    #: Claim cases of one reviewer.
    CASES_CLAIM_SINGLE = "cases.claim.single"
    #: Claim cases of a panel.
    CASES_CLAIM_SENIOR = "cases.claim.senior"
    #: Keep, give back and decide what was claimed.
    CASES_DECIDE = "cases.decide"
    #: See releases and their files.
    RELEASES_READ = "releases.read"
    #: Store rules as a release; it is not in force yet.
    RELEASES_PUBLISH = "releases.publish"
    #: Stand behind a release that somebody else published.
    RELEASES_APPROVE = "releases.approve"
    #: Try a release beside the one in force, and end that.
    RELEASES_TRY = "releases.try"
    #: Bring a release into force that somebody else published.
    RELEASES_ACTIVATE = "releases.activate"
    #: Bring back the release before.
    RELEASES_ROLLBACK = "releases.rollback"
    #: Try releases on what came, and see what would be decided otherwise.
    BACKTESTS_RUN = "backtests.run"
    #: See what was decided about content, for whatever comes again.
    OVERRIDES_READ = "overrides.read"
    #: Decide about content, and take that back.
    OVERRIDES_WRITE = "overrides.write"
    #: Answer for a rule, so that it acts without a certificate.
    RULES_SIGN_OFF = "rules.sign_off"
    #: See classifiers.
    MODELS_READ = "models.read"
    #: Bring classifiers into force.
    MODELS_ACTIVATE = "models.activate"
    #: Have classifiers trained from decisions; the gate brings them into force.
    MODELS_TRAIN = "models.train"
    #: See what happened to an item.
    AUDIT_READ = "audit.read"
    #: Export statements of reasons.
    STATEMENTS_READ = "statements.read"
    #: See how well people and machine decide.
    QUALITY_READ = "quality.read"
    #: Choose gold items, and hold calibration sessions.
    QUALITY_MANAGE = "quality.manage"
    #: See who works here.
    PEOPLE_READ = "people.read"
    #: Change hours, time off, languages, policies and limits of people.
    PEOPLE_SCHEDULE = "people.schedule"
    #: Add, invite and disable people; change their roles and rates.
    PEOPLE_MANAGE = "people.manage"
    #: Make and revoke keys of programs.
    KEYS_MANAGE = "keys.manage"
    #: Register receivers of events, and send again what they missed.
    WEBHOOKS_MANAGE = "webhooks.manage"
    #: See the figures of the service.
    METRICS_READ = "metrics.read"
    #: See which processes run.
    PROCESSES_READ = "processes.read"


#: The scope that a key needs for each operation.
SCOPES: Final[Mapping[Permission, Scope]] = MappingProxyType(
    {
        Permission.ITEMS_READ: Scope.ITEMS_READ,
        Permission.ITEMS_SEND: Scope.ITEMS_WRITE,
        Permission.ITEMS_ERASE: Scope.ITEMS_WRITE,
        Permission.ITEMS_EXPLAIN: Scope.RELEASES_READ,
        Permission.SIGNALS_SEND: Scope.ITEMS_WRITE,
        Permission.REPORTS_SEND: Scope.REPORTS_WRITE,
        Permission.APPEALS_SEND: Scope.APPEALS_WRITE,
        Permission.CASES_READ: Scope.CASES_READ,
        Permission.CASES_CLAIM_SINGLE: Scope.CASES_DECIDE,
        Permission.CASES_CLAIM_SENIOR: Scope.CASES_DECIDE,
        Permission.CASES_DECIDE: Scope.CASES_DECIDE,
        Permission.RELEASES_READ: Scope.RELEASES_READ,
        Permission.RELEASES_PUBLISH: Scope.RELEASES_WRITE,
        Permission.RELEASES_APPROVE: Scope.RELEASES_WRITE,
        Permission.RELEASES_TRY: Scope.RELEASES_WRITE,
        Permission.RELEASES_ACTIVATE: Scope.RELEASES_WRITE,
        Permission.RELEASES_ROLLBACK: Scope.RELEASES_WRITE,
        Permission.BACKTESTS_RUN: Scope.RELEASES_WRITE,
        # It decides about items to come, as rules do.
        Permission.OVERRIDES_READ: Scope.RELEASES_READ,
        Permission.OVERRIDES_WRITE: Scope.RELEASES_WRITE,
        Permission.RULES_SIGN_OFF: Scope.RELEASES_WRITE,
        Permission.MODELS_READ: Scope.RELEASES_READ,
        Permission.MODELS_ACTIVATE: Scope.RELEASES_WRITE,
        Permission.MODELS_TRAIN: Scope.RELEASES_WRITE,
        Permission.AUDIT_READ: Scope.AUDIT_READ,
        Permission.STATEMENTS_READ: Scope.AUDIT_READ,
        Permission.QUALITY_READ: Scope.ADMIN,
        Permission.QUALITY_MANAGE: Scope.ADMIN,
        # Whoever hands out roles could hand out all of them: no smaller scope would hold.
        Permission.PEOPLE_READ: Scope.ADMIN,
        Permission.PEOPLE_SCHEDULE: Scope.ADMIN,
        Permission.PEOPLE_MANAGE: Scope.ADMIN,
        Permission.KEYS_MANAGE: Scope.KEYS_MANAGE,
        Permission.WEBHOOKS_MANAGE: Scope.WEBHOOKS_MANAGE,
        Permission.METRICS_READ: Scope.METRICS_READ,
        Permission.PROCESSES_READ: Scope.RELEASES_READ,
    }
)
