"""Releases that are tried, and items for them."""

from queues.policies import releases
from queues.store.session import Store
from queues.store.trials import Trial, TrialKind, Unit
from queues.storefront import Storefront
from tests.integration.apis import services_for
from tests.integration.policies import BY, sources

ANA, BEN, CLEO = (f"person:{name}" for name in ("ana", "ben", "cleo"))
VERDICTS = """
SELECT sender_id, input #>> '{raw,author,id}' AS author_id, verdicts.release, verdicts.action
FROM verdicts JOIN items ON items.id = verdicts.item_id ORDER BY verdicts.id
"""


def with_settings(store: Store, redis_url: str, **given: float) -> Storefront:
    """The services of a process, with other limits of `[releases]`."""
    return services_for(store.url, redis_url, releases=given)


def published_by(store: Store, author: str, files: dict[str, str]) -> str:
    """The name of a release that somebody published."""
    return releases.publish(store, files, by=author, message="a test").name


def changed_files(old: str, new: str, threshold: float = 0.8) -> dict[str, str]:
    """The files of a release, with one thing changed."""
    changed = {path: text.replace(old, new) for path, text in sources(threshold).items()}
    assert changed != sources(threshold)
    return changed


def send(
    here: Storefront, count: int, prefix: str = "a", authors: int = 10_000, score: float = 0.85
) -> None:
    """Items of which half are unkind."""
    here.in_force.refresh()
    raws = [
        {
            "id": f"{prefix}{number}",
            "author": {"id": f"u{number % authors}"},
            "text": "hello",
            "score": {"unkind": score if number % 2 else 0.0},
        }
        for number in range(count)
    ]
    here.intake.accept(raws, actor=BY)


def canary(here: Storefront, name: str, share: float = 0.2, unit: Unit = Unit.ITEM) -> Trial:
    """Begin to try a release on a share of the traffic."""
    return here.releasing.begin(name, TrialKind.CANARY, by=BEN, share=share, unit=unit)
