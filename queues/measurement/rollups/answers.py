"""What people answered about what was decided before: statements of which `sources` makes sums."""

from typing import Final

# The first votes of people on cases that come from traffic: what is gold or asked for in a
# calibration was chosen by somebody, a second look is at an item that has a first, and what a
# sample finds wrong is looked at once more, as is what was chosen to be learnt from. What people
# decide is sampled, too, and such an answer may come first: it says nothing of what the machine
# does alone.
_SEEN: Final = """
SELECT rollup_hour(cases.id) AS hour, cases.tier, cases.policy, cases.queue,
    coalesce(cases.language, '') AS language,
    cases.purpose = 'sample' AND verdicts.tier IN ('auto', 'none') AS sampled,
    verdicts.action <> 'publish' AS acted, votes.action <> 'publish' AS found,
    votes.blind, verdicts.inclusion_probability AS inclusion{more}
FROM cases JOIN verdicts ON verdicts.id = cases.verdict_id
CROSS JOIN LATERAL (SELECT action, blind FROM votes WHERE votes.case_id = cases.id
    AND votes.round = 1 ORDER BY votes.id LIMIT 1) AS votes
WHERE cases.id >= :floor AND cases.id < :ceiling
    AND cases.purpose IN ('review', 'sample') AND verdicts.inclusion_probability > 0
    AND NOT EXISTS (SELECT FROM cases AS before JOIN votes ON votes.case_id = before.id
        WHERE before.item_id = cases.item_id AND before.verdict_id = cases.verdict_id
            AND before.purpose IN ('review', 'sample', 'learning') AND before.id < cases.id)
"""
_ALIKE: Final = "hour, tier, policy, queue, language, sampled, acted, found, blind, inclusion"
LOOKS: Final = f"""
SELECT {_ALIKE}, count(*) AS times FROM ({_SEEN.format(more="")}) AS seen GROUP BY {_ALIKE}
"""  # noqa: S608 - parts of ours
# Of blind answers the rules that matched, whatever became of the match, but for those that an
# exemption keeps from it and those that could not tell; and the models by which it was judged.
# Rules are many, so there is no more of the key than the share of blind looks is told by.
_FLAGGED: Final = "hour, tier, queue, sampled, acted, found, inclusion, kind, name"
FLAGS: Final = f"""
SELECT hour, tier, '' AS policy, queue, '' AS language, sampled, acted, found, inclusion, kind,
    name, count(*) AS times
FROM ({_SEEN.format(more=", verdicts.models, verdicts.trace")}) AS seen
CROSS JOIN LATERAL (
    SELECT 'rule' AS kind, rule ->> 'name' AS name
    FROM json_array_elements(trace -> 'rules') AS rule
    WHERE rule ->> 'status' NOT IN ('missing', 'exempt')
    UNION SELECT 'model', model FROM unnest(models) AS model
) AS flags WHERE blind GROUP BY {_FLAGGED}
"""  # noqa: S608 - parts of ours
# Panels that decided, by themselves, what one reviewer had decided; samples are drawn when an item
# comes, so a panel's may be decided first. By the hour of the item, as one case may be hours later.
PANELS: Final = """
SELECT rollup_hour(cases.item_id) AS hour, cases.tier, cases.policy, cases.queue,
    coalesce(cases.language, '') AS language, count(*) AS looked,
    count(*) FILTER (WHERE panel.action <> single.action) AS overturned
FROM cases
CROSS JOIN LATERAL (SELECT decisions.action FROM decisions
    WHERE decisions.id = cases.decision_id AND decisions.id >= :floor
        AND decisions.twin_of IS NULL LIMIT 1) AS panel
CROSS JOIN LATERAL (SELECT other.decision_id FROM cases AS other
    WHERE other.item_id = cases.item_id AND other.tier = 'single' AND other.purpose = 'review'
        AND other.state = 'decided' AND (cases.purpose = 'sample' OR other.id < cases.id)
    ORDER BY other.id DESC LIMIT 1) AS before
CROSS JOIN LATERAL (SELECT decisions.action FROM decisions
    WHERE decisions.id = before.decision_id AND decisions.id >= :floor LIMIT 1) AS single
WHERE cases.item_id >= :floor AND cases.item_id < :ceiling AND cases.tier = 'senior'
    AND cases.purpose IN ('review', 'sample') AND cases.state = 'decided'
GROUP BY 1, 2, 3, 4, 5
"""
# What seniors said of final decisions, by the tier that had decided; a decision is upheld where it
# would be the same. By the hour in which it was drawn, as all of them are drawn soon.
VALIDATIONS: Final = """
SELECT rollup_hour(cases.id) AS hour, validations.tier, '' AS policy, '' AS queue, '' AS language,
    votes.action = validations.action AS upheld, validations.inclusion, count(*) AS times
FROM cases JOIN validations ON validations.case_id = cases.id
JOIN votes ON votes.case_id = cases.id AND votes.round = 1
WHERE cases.id >= :floor AND cases.id < :ceiling AND cases.purpose = 'validation'
    AND cases.state = 'decided'
GROUP BY 1, 2, 6, 7
"""
