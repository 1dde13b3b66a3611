"""Whether it is safe: targets, automation, agreement, reviewers, drift."""

from dashboard.quality import agreement, automation, drift, overview, reviewers

PAGES = (
    *overview.PAGES,
    *automation.PAGES,
    *agreement.PAGES,
    *reviewers.PAGES,
    *drift.PAGES,
)
