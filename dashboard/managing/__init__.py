"""What to change: queues and people, rules, models, boundaries of cost, what fails on appeal."""

from dashboard.managing import cost, models, rules, staffing, transparency

PAGES = (
    *staffing.PAGES,
    *rules.PAGES,
    *models.PAGES,
    *cost.PAGES,
    *transparency.PAGES,
)
