"""Where the next cases are found: at the front of all that wait, else lane by lane.

A lane is what lies together in an index: a language, a queue and a policy. Most people find what
fits them among the first of all cases (`ix_cases_next`), whatever lane it is in. Where too little
of that fits, only the lanes that do are looked into (`ix_cases_lane`), however much lies in others:
what is for others costs nothing. Both give the same cases in the same order.
"""

from typing import Final

from queues.store.ranking import LANGUAGE, NEXT_FIRST

#: So many of all that wait are looked at first, in the index alone: for whoever nothing there fits,
#: about as quick as looking into a hundred lanes. More than people have in hand.
_FRONT: Final = 4_000

#: What is asked for, known, not spared, and read.
FITS: Final = """
(CAST(:queues AS text[]) IS NULL OR cases.queue = ANY(CAST(:queues AS text[])))
AND (CAST(:policies AS text[]) IS NULL OR cases.policy = ANY(CAST(:policies AS text[])))
AND cases.policy <> ALL(CAST(:opted_out AS text[]))
AND (CAST(:languages AS text[]) IS NULL OR cases.language IS NULL
    OR lower(cases.language) LIKE ANY(CAST(:languages AS text[])) OR cases.language = '')
"""
_SPOKEN: Final = """
CAST(:languages AS text[]) IS NULL OR language = ''
OR language LIKE ANY(CAST(:languages AS text[]))
"""
# Where the front had enough, nothing of this is run.
_NOT_ENOUGH: Final = "(SELECT count(*) FROM front) < :least"


def _step(name: str, before: str, keys: tuple[str, ...], column: str, asked: str) -> str:
    """Each value of a column there is below those of the columns before it, or those asked for.

    One look at the index finds the next one, however many rows have the same.
    """
    outer = ", ".join(f"{before}.{key}" for key in keys)
    again = ", ".join(f"{name}_found.{key}" for key in keys)
    values = {"language": LANGUAGE}

    def first(of: str, more: str) -> str:
        same = "".join(f" AND {values.get(key, 'cases.' + key)} = {of}.{key}" for key in keys)
        return (
            f"CROSS JOIN LATERAL (SELECT cases.{column} FROM cases WHERE cases.state = 'open'"  # noqa: S608 - names of ours
            f"{same}{more} ORDER BY cases.{column} LIMIT 1) AS next"
        )

    columns = ", ".join((*keys, column))
    return f"""
{name}_found ({columns}) AS (
    SELECT {outer}, next.{column} FROM {before} {first(before, "")}
    WHERE CAST(:{asked} AS text[]) IS NULL
    UNION ALL SELECT {again}, next.{column} FROM {name}_found
    {first(f"{name}_found", f" AND cases.{column} > {name}_found.{column}")}
), {name} AS (
    SELECT {columns} FROM {name}_found UNION ALL
    SELECT {outer}, asked.value FROM {before} CROSS JOIN unnest(CAST(:{asked} AS text[]))
        AS asked (value)
)"""  # noqa: S608 - names of ours


_LANES: Final = f"""
languages_found (language) AS (
    (SELECT {LANGUAGE} FROM cases WHERE cases.state = 'open' AND {_NOT_ENOUGH}
        ORDER BY {LANGUAGE} LIMIT 1)
    UNION ALL SELECT next.language FROM languages_found CROSS JOIN LATERAL (
        SELECT {LANGUAGE} AS language FROM cases WHERE cases.state = 'open'
            AND {LANGUAGE} > languages_found.language
        ORDER BY {LANGUAGE} LIMIT 1) AS next
), spoken AS (SELECT language FROM languages_found WHERE {_SPOKEN}),
{_step("in_queues", "spoken", ("language",), "queue", "queues")},
{_step("in_policies", "in_queues", ("language", "queue"), "policy", "policies")},
lanes AS (SELECT * FROM in_policies WHERE policy <> ALL(CAST(:opted_out AS text[])))
"""  # noqa: S608 - made of constants


def found(may_claim: str) -> str:
    """The common table expression `candidates` (id, severity): the first `:most` in rank.

    Args:
        may_claim: What a row of `cases` has to be beside that it fits.

    Where the front has `:least` of them, lanes are not looked into.
    """
    in_lane = f"""
        cases.queue = %s.queue AND cases.policy = %s.policy AND {LANGUAGE} = %s.language
        AND {may_claim} ORDER BY {NEXT_FIRST}
    """

    def of(lane: str) -> str:
        return in_lane.replace("%s", lane)

    # The first of all lanes are each the first of its own: only so many lanes have to be looked
    # into further.
    return f"""
front AS MATERIALIZED (
    SELECT it.id, it.severity FROM (
        SELECT queue, policy, language, rank, due_at, id FROM cases
        WHERE cases.state = 'open' AND cases.tier = :tier ORDER BY {NEXT_FIRST} LIMIT {_FRONT}
    ) AS first CROSS JOIN LATERAL (
        SELECT cases.id, cases.severity FROM cases
        WHERE cases.id = first.id AND {may_claim} LIMIT 1
    ) AS it
    WHERE {FITS.replace("cases.", "first.")}
    ORDER BY first.rank, first.due_at, first.id LIMIT :most
), {_LANES}, firsts AS MATERIALIZED (
    SELECT lanes.* FROM lanes CROSS JOIN LATERAL (
        SELECT cases.rank, cases.due_at, cases.id FROM cases WHERE {of("lanes")} LIMIT 1
    ) AS next ORDER BY next.rank, next.due_at, next.id LIMIT :most
), candidates AS MATERIALIZED (
    SELECT id, severity FROM front WHERE NOT {_NOT_ENOUGH}
    UNION ALL (SELECT next.id, next.severity FROM firsts CROSS JOIN LATERAL (
        SELECT cases.id, cases.severity, cases.rank, cases.due_at FROM cases
        WHERE {of("firsts")} LIMIT :most
    ) AS next ORDER BY next.rank, next.due_at, next.id LIMIT :most)
)"""  # noqa: S608 - made of constants
