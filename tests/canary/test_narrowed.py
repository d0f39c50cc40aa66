"""Members who see only their teams' or their own conversations: the rest of their business is hidden."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from tenants.models import Membership
from tenants.permissions import Role, Sees
from tests import servers
from tests.canary import driver
from tests.canary.conftest import OURS, SEARCHED
from tests.canary.driver import ask
from tests.canary.world import Side, Watch, make_side, person
from tests.guards.addresses import Address, addresses

HIDDEN = "zarapito-oculto"
# What follows the visibility of conversations; everything else is the whole business's.
FOLLOWING = frozenset(
    {
        "crm.Activity",
        "crm.Appointment",
        "crm.Consent",
        "crm.ConsentEvent",
        "crm.Customer",
        "crm.CustomerArchive",
        "crm.CustomerLabel",
        "crm.CustomerMerge",
        "crm.CustomerNote",
        "crm.Identity",
        "crm.CustomerRunItem",
        "crm.Erasure",
        "crm.Order",
        "crm.Payment",
        "crm.Preference",
        "crm.PrivacyRequest",
        "crm.RelationEnd",
        "crm.SegmentChange",
        "crm.SegmentMember",
        "crm.Case",
        "crm.FollowUp",
        "crm.TimelineEntry",
        "conversations.Attachment",
        "conversations.Conversation",
        "conversations.ConversationLabel",
        "conversations.ConversationMerge",
        "conversations.Delivery",
        "conversations.Draft",
        "conversations.Episode",
        "conversations.Message",
        "conversations.MessageChange",
        "conversations.ScheduledFile",
        "conversations.ScheduledReply",
        "conversations.ThreadReference",
        "feedback.Invitation",
        "feedback.Response",
    }
)
INSIDE = [address for address in addresses() if address.is_inside]
OF_HIDDEN = [a for a in INSIDE if FOLLOWING & set(driver.row_parameters(a).values())]
PEOPLE = {
    "supervisor": (Role.SUPERVISOR, Sees.TEAMS),
    "admin": (Role.ADMIN, Sees.OWN),
}
Narrowed = tuple[Side, Side, Watch, dict[str, Membership]]


@pytest.fixture(scope="module")
def narrowed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Narrowed]:
    """A business, the rows that its narrowed members may not see, and those members."""
    with django_db_blocker.unblock():
        servers.empty_tables()
        side = make_side("Nuestra Tienda", OURS)
        hidden = side.beside(HIDDEN, FOLLOWING)
        ids = {str(row.pk) for label in FOLLOWING for row in hidden.rows[label]}
        people = {name: person(side, role, sees, f"Persona {name}") for name, (role, sees) in PEOPLE.items()}
        yield side, hidden, Watch(frozenset({HIDDEN}), frozenset(ids)), people
        servers.empty_tables()


def label(value: Any) -> str:
    return value.label if isinstance(value, Address) else str(value)


def by_turns(doors: list[Address]) -> list[Any]:
    """Every door with one of the people in turn; with the others in the slow suite."""
    return [
        pytest.param(door, who, marks=[] if (place + turn) % len(PEOPLE) == 0 else [pytest.mark.slow])
        for place, door in enumerate(doors)
        for turn, who in enumerate(PEOPLE)
    ]


@pytest.mark.parametrize(("address", "who"), by_turns(INSIDE), ids=label)
def test_page_tells_nothing_hidden(narrowed: Narrowed, who: str, address: Address) -> None:
    side, hidden, watch, people = narrowed
    path, _ = next(driver.paths(address, side, None))
    hints = {**driver.loose_fields(hidden), "q": SEARCHED}
    client = side.client(people[who])
    answers = [ask(client, "get", path), ask(client, "get", path, hints)]
    if driver.is_searched(answers[0]):
        answers.append(ask(client, "get", path, {"q": SEARCHED, "view": "all"}))
    assert [leak for answer in answers for leak in driver.leaks(watch, answer, hints.values())] == []


@pytest.mark.parametrize(("address", "who"), by_turns(OF_HIDDEN), ids=label)
def test_hidden_row_is_404(narrowed: Narrowed, who: str, address: Address) -> None:
    """For those with the permission; without it the page says 403 whatever is asked for."""
    side, hidden, watch, people = narrowed
    client, wrong = side.client(people[who]), []
    for path, ids in driver.paths(address, side, hidden):
        if not ids & watch.needles:
            continue
        get = ask(client, "get", path)
        post, _rows = driver.undone(
            side, lambda path=path: ask(client, "post", path, {"name": "x", "text": "x"})
        )
        allowed = (
            (404, 405)
            if address.view.requires in side.business.actor(people[who]).permissions
            else (403, 405)
        )
        wrong += [f"{a.what}: {a.status}" for a in (get, post) if a.status not in allowed]
        wrong += [leak for answer in (get, post) for leak in driver.leaks(watch, answer, ids)]
    assert wrong == []


def test_owner_sees_what_is_hidden_from_them(narrowed: Narrowed) -> None:
    """Were it shown to nobody, hiding it would prove nothing."""
    side, hidden, _watch, _people = narrowed
    client = side.client()
    texts = [ask(client, "get", next(driver.paths(a, hidden, None))[0]).text for a in OF_HIDDEN]
    assert not OF_HIDDEN or any(re.search(HIDDEN, text) for text in texts)
