"""Whether it is safe: targets, automation, agreement, reviewers, drift."""

from dashboard.quality import overview

PAGES = (*overview.PAGES,)
