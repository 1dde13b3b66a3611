"""All routes, in the order in which they are tried."""

from typing import Final

from fastapi import APIRouter

from queues.api.routes import (
    appeals,
    audit,
    cases,
    explain,
    items,
    keys,
    models,
    operation,
    releases,
    reports,
    reviewing,
    signals,
    statements,
    submitting,
    webhooks,
)

#: Served before all others, and without what the framework does around a route.
STRAIGHT: Final = ((submitting.PATH, submitting.submit),)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    operation.router,
    submitting.router,
    items.router,
    explain.router,
    audit.router,
    signals.router,
    reports.router,
    appeals.router,
    cases.router,
    reviewing.router,
    statements.router,
    releases.router,
    models.router,
    webhooks.router,
    keys.router,
)
