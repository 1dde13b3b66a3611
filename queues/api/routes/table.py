"""All routes, in the order in which they are tried."""

from typing import Final

from fastapi import APIRouter
from fastapi.routing import APIRoute

from queues.api.routes import (
    agreement,
    appeals,
    audit,
    backtests,
    calibrations,
    cases,
    certificates,
    contested,
    deciding,
    deliveries,
    desks,
    drafts,
    drift,
    erasure,
    explain,
    feedback,
    items,
    keys,
    me,
    models,
    oidc,
    operation,
    overrides,
    people,
    quality,
    queues,
    releases,
    releasing,
    remarks,
    reporters,
    reports,
    reviewers,
    reviewing,
    rules,
    series,
    sessions,
    signals,
    statements,
    submitting,
    summary,
    targets,
    training,
    webhooks,
    workbook,
    workload,
)

ROUTERS: Final[tuple[APIRouter, ...]] = (
    operation.router,
    submitting.router,
    items.router,
    erasure.router,
    explain.router,
    audit.router,
    signals.router,
    reports.router,
    reporters.router,
    appeals.router,
    cases.router,
    queues.router,
    reviewing.router,
    deciding.router,
    remarks.router,
    desks.router,
    quality.router,
    calibrations.router,
    statements.router,
    summary.router,
    targets.router,
    agreement.router,
    reviewers.router,
    drift.router,
    overrides.router,
    series.router,
    workload.router,
    contested.router,
    feedback.router,
    releases.router,
    releasing.router,
    backtests.router,
    rules.router,
    certificates.router,
    models.router,
    training.router,
    webhooks.router,
    deliveries.router,
    keys.router,
    people.router,
    oidc.router,
    sessions.router,
    me.router,
    workbook.router,
    drafts.router,
)


def methods_at(path: str) -> list[str]:
    """What can be done at an address: the framework names the methods of one route alone."""
    found: set[str] = set()
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute) and route.path_regex.match(path):
                found |= route.methods or set()
    return sorted(found)
