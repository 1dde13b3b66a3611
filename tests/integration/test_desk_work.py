"""What the review desk fetches ahead and sends behind the page, over the real API."""

from collections.abc import Iterator

import pytest

from dashboard.desk.work import Work
from dashboard.gateway import Gateway
from dashboard.holding import Draft
from dashboard.showing.looking import Looking
from queues.access import Role
from tests.integration import policies
from tests.integration.apis import Platform, platform, services_for
from tests.services import Servers
from tests.waiting import until


@pytest.fixture(scope="module")
def here(servers: Servers, template: str) -> Iterator[Platform]:
    """An API with a release, where decisions can be taken back for a while."""
    with servers.database(template=template) as url:
        review = {"grace": 600, "blind_share": 0, "overlap": 0}
        services = services_for(url, servers.valkey.url, review=review)
        policies.activated(services.store)
        with platform(services) as running:
            yield running


def begun(here: Platform, name: str, cases: int) -> Work:
    """The work of somebody for whom so many cases wait."""
    items = [{"id": f"{name}-{n}", "text": f"zorblings {name} {n}"} for n in range(cases)]
    here.http.post("/v1/items", json={"items": items}).raise_for_status()
    here.open_cases()
    with here.signed_in(name, Role.MODERATOR) as http:
        token = http.headers["authorization"].removeprefix("Bearer ")
    work = Work(gateway=Gateway(token, here.url))
    work.resume()
    return work


def decide(work: Work, action: str = "keep") -> str:
    """Decide the case on the desk; which it was."""
    held = work.tray.take(work.tray.ids[0])
    assert held is not None
    work.decide(held, {"action": action}, drafted=False, text=action)
    return held.id


def at_rest(work: Work) -> None:
    """Wait until nothing is on its way."""
    until(lambda: not work.tray.is_working)


def test_the_next_is_there_before_the_answer(here: Platform) -> None:
    """Another one is fetched behind it; taken back, the first lies on top; a reload goes on."""
    work = begun(here, "ana", 6)
    first, second, *_ = work.tray.ids
    assert len(work.tray) == 4
    assert decide(work) == first
    assert work.tray.ids[0] == second
    at_rest(work)
    assert len(work.tray) == 4
    (sent,) = work.tray.undoable
    work.undo(sent)
    assert (work.tray.ids[0], work.tray.undoable, work.tray.refusals()) == (first, [], [])
    again = Work(gateway=work.gateway)
    again.resume()
    assert set(again.tray.ids) == set(work.tray.ids)


def test_what_is_refused_comes_back_where_it_is_still_theirs(here: Platform) -> None:
    """And is told, with why; a case that is somebody else's by now is only told."""
    work = begun(here, "bea", 3)
    case = decide(work, "no such action")
    at_rest(work)
    assert work.tray.ids[0] == case
    (told,) = work.tray.refusals()
    assert (told.what, told.is_back) == ("no such action", True)
    assert work.tray.undoable == []
    here.http.post("/v1/cases:release", json={"reviewer": "bea", "cases": [case]})
    decide(work)
    at_rest(work)
    (told,) = [each for each in work.tray.refusals() if each.what == "keep"]
    assert not told.is_back


def test_leases_are_kept_one_by_one(here: Platform) -> None:
    """One that is lost is let go of and told, and the others are kept."""
    work = begun(here, "cid", 3)
    lost, *kept = work.tray.ids
    here.http.post("/v1/cases:release", json={"reviewer": "cid", "cases": [lost]})
    work.renew()
    at_rest(work)
    assert work.tray.ids == kept
    assert [each.what for each in work.tray.refusals()] == ["Keeping the case"]


def test_notes_ratings_and_pictures(here: Platform) -> None:
    """Go to the service at once; what cannot be had is said."""
    work = begun(here, "dan", 1)
    held = work.tray.top
    assert held is not None
    work.rate(held, "bad")
    draft = Draft(text="a quot", choices="[7]")
    work.draft(held, draft)
    at_rest(work)
    assert work.comment(held, "a quotation")
    assert [each["text"] for each in held.desk["comments"]] == ["a quotation"]
    looking = Looking()
    pictured = {**held.desk, "pictures": [{"number": 0, "regions": []}]}
    looking.reveal(work.gateway, pictured, blur=False)
    assert (looking.shot, looking.refused) == (None, "there is no picture `0`")
    again = Work(gateway=work.gateway)
    again.resume()
    assert again.tray.top is not None
    assert again.tray.top.desk["rating"] == "bad"
    assert Draft.of(again.tray.top.desk) == draft
