"""Which decisions of people something can be learnt from."""

from typing import Final

#: A condition on `cases` joined with its `items`. Gold items and their duplicates are somebody's
#: choice, and their answers must stay unknown. What certificates are earned with shows nothing of a
#: model that has learnt from it. What is erased is gone.
TEACHES: Final = """
    items.state <> 'erased'
    AND NOT EXISTS (SELECT FROM golds WHERE golds.item_id = items.id)
    AND NOT EXISTS (SELECT FROM cases AS alike JOIN golds ON golds.item_id = alike.item_id
        WHERE alike.content = cases.content)
    AND NOT EXISTS (SELECT FROM certifying_labels AS kept WHERE kept.item_id = items.id)
    AND NOT EXISTS (SELECT FROM certifying_labels AS kept WHERE kept.content = cases.content)
"""
