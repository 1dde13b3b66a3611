"""Who carries an action out, by its name.

The built-in actions say what becomes of an item; Tierwise keeps what is in force and tells the
platform. Actions that a policy declares for its host (`lock_thread`, `suspend_account`) mean
nothing here: they go out in the same event, marked, and the platform does them.
"""

from collections.abc import Callable, Mapping
from typing import Final

from engine.rules.vocabulary import BUILT_IN_ACTIONS, Vocabulary
from queues.enforcement.carried import Carried

#: What an action adds to the data of the event `action.applied`. It may not wait for anything:
#: it runs in the transaction of the decision.
Handler = Callable[[Carried], Mapping[str, object]]


def built_in(carried: Carried) -> Mapping[str, object]:
    """The item is shown differently, or no more, or as before."""
    return {"host": False, "restores": carried.action == "publish" and carried.changes}


def handlers_for(vocabulary: Vocabulary) -> Mapping[str, Handler]:
    """The handler of every action of a policy."""
    return {
        name: BUILT_IN.get(name) or _by_host(action.about)
        for name, action in vocabulary.actions.items()
    }


def handler_of(handlers: Mapping[str, Handler], action: str) -> Handler:
    """The handler of an action; one that the policy no longer knows is the host's."""
    return handlers.get(action) or _by_host(None)


def _by_host(about: str | None) -> Handler:
    def handle(_: Carried) -> Mapping[str, object]:
        return {"host": True, "about": about}

    return handle


BUILT_IN: Final[Mapping[str, Handler]] = dict.fromkeys(BUILT_IN_ACTIONS, built_in)
