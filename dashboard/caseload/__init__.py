"""Cases: lists that figures open, a case with all that was said in it, and queues as they stand."""

from dashboard.caseload import case, cases, live

PAGES = (*live.PAGES, *cases.PAGES, *case.PAGES)
