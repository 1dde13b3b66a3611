"""People who work here: accounts, how they sign in, when and on what they work. See the README."""

from queues.people.accounts import Account, Accounts, AccountState, account_at, accounts_of
from queues.people.attendance import Attendance, Attending, is_paused, paused_until
from queues.people.hours import (
    Hours,
    Shift,
    TimeOff,
    Weekday,
    began_at,
    next_begin,
    on_shift,
    shift_at,
)
from queues.people.identities import Identities, Identity
from queues.people.invitations import Invitation, Invitations, link_of
from queues.people.journal import Deed, note
from queues.people.passwords import Passwords
from queues.people.profiles import Profile
from queues.people.sessions import Opened, Session, Sessions
from queues.people.signing_in import SignedIn, SigningIn
from queues.people.simulated import PREFIX, is_simulated
from queues.people.subjects import Policies, policies_of
from queues.people.terms import Limits, Terms, limits_of, terms_of
from queues.people.throttling import Throttle

__all__ = [
    "PREFIX",
    "Account",
    "AccountState",
    "Accounts",
    "Attendance",
    "Attending",
    "Deed",
    "Hours",
    "Identities",
    "Identity",
    "Invitation",
    "Invitations",
    "Limits",
    "Opened",
    "Passwords",
    "Policies",
    "Profile",
    "Session",
    "Sessions",
    "Shift",
    "SignedIn",
    "SigningIn",
    "Terms",
    "Throttle",
    "TimeOff",
    "Weekday",
    "account_at",
    "accounts_of",
    "began_at",
    "is_paused",
    "is_simulated",
    "limits_of",
    "link_of",
    "next_begin",
    "note",
    "on_shift",
    "paused_until",
    "policies_of",
    "shift_at",
    "terms_of",
]
