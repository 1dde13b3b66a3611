"""The workbench of the policy team: rules in force, drafts of others, releases."""

from typing import Final

from dashboard.pages import Page
from dashboard.workbench import drafting, releases, rules

PAGES: Final[tuple[Page, ...]] = (*rules.PAGES, *drafting.PAGES, *releases.PAGES)
