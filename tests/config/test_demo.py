"""The demo: alive on every screen, true to every invariant; the shop that carries its chat.

Loaded once, on a Tuesday morning; test_demo_hours.py loads it at other hours.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import product
from random import Random
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Q
from django.test import Client
from django.utils import timezone

from config.demo import doubles, imports, load, people
from config.demo.clock import Clock, uuid7_at
from config.demo.files import receipt, wheel
from config.shop import demo_door
from conversations import knowledge, queries, unanswered
from conversations.models import (
    Attachment,
    Bot,
    Conversation,
    Decision,
    Delivery,
    Draft,
    Episode,
    Handoff,
    InboundEvent,
    Message,
    Turn,
    UnansweredRun,
)
from conversations.right_now import right_now
from crm.actions import imports as actions
from crm.actions.merging import undoable
from crm.imports import taking_back
from crm.models import (
    Case,
    Customer,
    CustomerMerge,
    FollowUp,
    Identity,
    Import,
    Likeness,
    Order,
    TimelineEntry,
)
from feedback.models import Invitation, Response
from feedback.queries import invitation_by_token
from tenants import doors
from tenants.actors import Actor
from tenants.hours import Calendar, calendar_of, is_open_at
from tenants.models import AuditEvent, Membership, SpecialDay, Tenant
from tenants.scoping import tenant_scope
from tests import servers

TUESDAY = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)  # half past eleven in Guadalajara


@pytest.fixture(scope="module", autouse=True)
def tuesday() -> Iterator[None]:
    """The clock of this file begins there and goes on, so that no day and no hour is lucky."""
    with time_machine.travel(TUESDAY):
        yield


@pytest.fixture(scope="module")
def demo(tuesday: None, django_db_setup: None, django_db_blocker: Any) -> Iterator[list[str]]:
    """The demo, loaded once for this file; what the command said."""
    said = StringIO()
    with django_db_blocker.unblock():
        call_command("demo", readers=0, stdout=said)
        yield said.getvalue().splitlines()
        servers.empty_tables()


@pytest.fixture
def mirasol(demo: list[str], django_db_blocker: Any) -> Iterator[Tenant]:
    """Inside the bicycle shop, for reading."""
    door = demo_door()
    assert door is not None
    with tenant_scope(door.tenant_id):
        yield Tenant.objects.get()


def member(key: str) -> Membership:
    email = next(colleague.email for colleague in people.COLLEAGUES if colleague.key == key)
    return Membership.objects.get(user__email=email)


def logged_in(email: str) -> tuple[Client, str]:
    """A browser in which somebody gave the password of the demo, and where it was led."""
    browser = Client()
    response = browser.post("/login/", {"login": email, "password": people.PASSWORD})
    return browser, response.headers.get("Location", "")


# --- the command ---


def test_command_says_where_and_who(demo: list[str]) -> None:
    assert [line.split()[0] for line in demo] == ["Demo", "Demo's", "owner", "supervisor", *["agent"] * 3]
    assert [line.split()[-2:] for line in demo[2:]] == [[c.email, people.PASSWORD] for c in people.COLLEAGUES]


def test_command_leaves_a_loaded_demo_alone(demo: list[str], mirasol: Tenant) -> None:
    before, said = Customer.objects.count(), StringIO()
    call_command("demo", stdout=said)
    first, *rest = said.getvalue().splitlines()
    assert (first.split(maxsplit=1)[1], rest) == ("is here already and was left as it is", demo)
    assert Customer.objects.count() == before


def test_everybody_of_the_demo_can_log_in(demo: list[str]) -> None:
    assert {logged_in(colleague.email)[1] for colleague in people.COLLEAGUES} == {"/b/"}


def test_owner_can_switch_between_both(demo: list[str]) -> None:
    owner = doors.user_by_email("rocio@mirasol.example")
    assert owner is not None
    assert [(b.slug, b.role) for b in doors.businesses_of(owner.pk)] == [
        ("bicis-mirasol", "owner"),
        ("cafe-ipe-amarelo", "owner"),
    ]


# --- alive ---


def test_counts(mirasol: Tenant) -> None:
    statuses = Counter(Conversation.objects.values_list("status", flat=True))
    known = load.CUSTOMERS + len(doubles.NAMES) + len(imports.NAMES)
    assert (mirasol.is_demo, Customer.objects.count()) == (True, known)
    assert statuses == {"open": 35, "waiting": 19, "snoozed": 4, "closed": 97}
    assert set(Order.objects.values_list("status", flat=True)) == set(Order.Status.values)
    assert set(Response.objects.values_list("score", flat=True)) == {1, 2, 3, 4, 5}
    assert set(Message.objects.values_list("kind", flat=True)) == set(Message.Kind.values)


def test_bot_is_on_and_has_answered_and_stepped_aside(mirasol: Tenant) -> None:
    bot = Bot.objects.get()
    assert (bot.is_on, len(bot.channel_ids), Conversation.objects.filter(with_bot=True).count()) == (
        True,
        2,
        4,
    )
    assert set(Handoff.objects.values_list("reason", flat=True)) == {"asked", "words", "unsure"}
    assert Decision.objects.filter(action="answer", version=None).count() == 0
    assert Turn.objects.filter(ended_at=None, holder="bot").count() == 4


def test_doubts_wait_to_be_reviewed_and_what_came_up_three_times_is_gathered(mirasol: Tenant) -> None:
    due = Counter(Decision.objects.filter(review="due").values_list("doubt", flat=True))
    assert due == {"unsure": 6, "contradicted": 1}
    (group,) = unanswered.open_groups(UnansweredRun.objects.get(), Actor.of_membership(member("rocio")))
    assert (group.count, group.members.count(), group.reply is None) == (3, 3, False)


def test_queue_of_an_agent(mirasol: Tenant) -> None:
    counted = queries.counts(Actor.of_membership(member("diego")))
    assert counted == queries.Counts(mine=10, unassigned=11, team=17, all=35)


def test_narrowed_agent_sees_his_team_only(mirasol: Tenant) -> None:
    rows = Conversation.objects.visible_to(Actor.of_membership(member("tono")))
    assert 0 < rows.count() < Conversation.objects.count()


def test_what_waits_for_somebody(mirasol: Tenant) -> None:
    now = timezone.now()
    assert {
        "parked": InboundEvent.objects.parked().count(),
        "failed": Delivery.objects.filter(status="failed").count(),
        "unknown": Delivery.objects.filter(status="unknown").count(),
        "pending": Delivery.objects.filter(status__in=["pending", "sending"]).count(),
        "complaints": Case.objects.open().filter(kind="complaint").count(),
        "warranties": Case.objects.open().filter(kind="warranty").count(),
        "bad ratings": FollowUp.objects.open().filter(reason="bad_rating").count(),
        "overdue": FollowUp.objects.open().filter(due_at__lt=now).exists(),
        "drafts": Draft.objects.count(),
        "episodes": Conversation.objects.filter(episode_count__gt=1).exists(),
        "reopened": Episode.objects.filter(reopened_count__gt=0).exists(),
    } == {
        "parked": 2, "failed": 1, "unknown": 1, "pending": 0, "complaints": 2, "warranties": 1,
        "bad ratings": 1, "overdue": True, "drafts": 1, "episodes": True, "reopened": True,
    }  # fmt: skip


def test_facts_of_one_who_writes_on_both_channels(mirasol: Tenant) -> None:
    customer = Customer.objects.get(name="Lucía Herrera Ponce")
    chat = Conversation.objects.get(customer=customer, channel__kind="web")
    facts = right_now(customer, Actor.of_membership(member("diego")), chat)
    assert [fact.kind for fact in facts] == [
        "unanswered_elsewhere",
        "unanswered",
        "last_contact",
        "last_order",
    ]


PAGES = [
    "inbox/", "inbox/?view=all", "inbox/?view=closed", "customers/", "cases/", "appointments/", "payments/",
    "feedback/?days=365", "parked/", "settings/people/", "settings/audit/", "settings/channels/",
]  # fmt: skip


def test_pages_show_it(demo: list[str]) -> None:
    browser, _where = logged_in("rocio@mirasol.example")
    assert {page: browser.get(f"/b/bicis-mirasol/{page}").status_code for page in PAGES} == dict.fromkeys(
        PAGES, 200
    )


def test_every_conversation_can_be_read(demo: list[str], mirasol: Tenant) -> None:
    browser, _where = logged_in("rocio@mirasol.example")
    found = Conversation.objects.filter(~Q(status="closed") | Q(episode_count__gt=1))
    pages = [f"/b/bicis-mirasol/inbox/{pk}/" for pk in found.values_list("pk", flat=True)]
    assert {browser.get(page).status_code for page in pages} == {200}


# --- true ---


def test_nothing_is_of_the_future(mirasol: Tenant) -> None:
    now = timezone.now()
    assert [
        Message.objects.filter(created_at__gt=now).count(),
        TimelineEntry.objects.filter(happened_at__gt=now).count(),
        Customer.objects.filter(Q(created_at__gt=now) | Q(last_contact_at__gt=now)).count(),
        Order.objects.filter(Q(placed_at__gt=now) | Q(changed_at__gt=now)).count(),
        Episode.objects.filter(closed_at__gt=now).count(),
        FollowUp.objects.filter(done_at__gt=now).count(),
        Conversation.objects.filter(snoozed_until__lte=now).count(),
    ] == [0] * 7


def test_nothing_is_older_than_its_customer(mirasol: Tenant) -> None:
    early = TimelineEntry.objects.filter(happened_at__lt=F("customer__created_at") - timedelta(seconds=1))
    assert list(early.values_list("customer__name", "kind")) == []


def test_rows_are_as_old_as_their_identifiers(mirasol: Tenant) -> None:
    for model in (Customer, Identity, Order, Conversation, Delivery, FollowUp, Response, AuditEvent):
        for row in model.objects.all():
            assert abs(row.created_at.timestamp() - (row.pk.int >> 80) / 1000) < 0.001, model


def test_most_answers_are_given_in_opening_hours(mirasol: Tenant) -> None:
    calendar = calendar_of(mirasol, SpecialDay.objects.all())
    since = timezone.now() - timedelta(days=7)
    answers = Message.objects.filter(kind="outbound", author_kind="member", created_at__lt=since)
    assert all(is_open_at(calendar, at) for at in answers.values_list("created_at", flat=True))


def test_conversations_say_what_their_messages_say(mirasol: Tenant) -> None:
    for conversation in Conversation.objects.select_related("identity"):
        said = [
            m
            for m in conversation.messages.in_order()
            if m.kind in {"inbound", "outbound"} and m.author_kind != "system"
        ]
        last, inbound = said[-1], [m for m in said if m.kind == "inbound"]
        if "call" not in last.data:  # a call says in the queue what it was
            assert conversation.preview == " ".join(last.text.split())[:160].rstrip() or last.text
        assert conversation.preview_is_ours == (last.kind == "outbound")
        assert conversation.last_message_at == last.created_at
        assert conversation.last_inbound_at == (inbound[-1].created_at if inbound else None)
        assert conversation.identity is not None
        assert conversation.identity.customer_id == conversation.customer_id


def test_who_waits_waits_since_his_first_unanswered_message(mirasol: Tenant) -> None:
    spoken = Message.objects.filter(data__call__state="ended").values("conversation_id")
    conversations = Conversation.objects.exclude(status="closed").exclude(pk__in=spoken)
    for conversation in conversations.filter(turns=None):  # the bot answers too
        last_answer = (
            conversation.messages.filter(kind="outbound", author_kind="member").order_by("id").last()
        )
        unanswered = conversation.messages.filter(kind="inbound")
        if last_answer:
            unanswered = unanswered.filter(id__gt=last_answer.pk)
        first = unanswered.order_by("id").first()
        assert conversation.waiting_since == (first.created_at if first else None)


def test_episodes_match_their_conversations(mirasol: Tenant) -> None:
    for conversation in Conversation.objects.all():
        episodes = list(Episode.objects.filter(conversation=conversation).order_by("number"))
        assert [episode.number for episode in episodes] == list(range(1, conversation.episode_count + 1))
        assert [episode.closed_at is None for episode in episodes[:-1]] == [False] * (len(episodes) - 1)
        assert (episodes[-1].closed_at, conversation.is_closed) == (
            conversation.closed_at,
            conversation.closed_at is not None,
        )


def test_every_answer_went_out_and_every_message_is_in_the_history(mirasol: Tenant) -> None:
    outbound = Message.objects.filter(kind="outbound").exclude(data__has_key="call")
    assert Delivery.objects.count() == outbound.count()
    shown = Message.objects.filter(kind__in=["inbound", "outbound"]).exclude(author_kind="system")
    entries = TimelineEntry.objects.filter(kind__in=["message_in", "message_out"])
    assert Counter(entries.values_list("object_id", flat=True)) == Counter(shown.values_list("pk", flat=True))


def test_every_status_of_an_order_is_in_the_history(mirasol: Tenant) -> None:
    entries = defaultdict(list)
    for entry in TimelineEntry.objects.filter(kind="order").order_by("happened_at"):
        entries[entry.object_id].append(entry)
    for order in Order.objects.all():
        told = entries[order.pk]
        assert (told[-1].data["status"], told[-1].happened_at) == (order.status, order.changed_at)
        assert told[0].happened_at == order.placed_at
        assert order.total == sum(float(item["price"]) * item["quantity"] for item in order.items)


def test_rating_links_of_the_last_days_work(mirasol: Tenant) -> None:
    asked = Message.objects.filter(data__has_key="rating")
    tokens = {m.data["rating"]["invitation"]: m.data["rating"]["token"] for m in asked}
    for invitation in Invitation.objects.all():
        found = invitation_by_token(tokens[str(invitation.pk)])
        assert (found.pk if found else None) == (
            invitation.pk if invitation.expires_at > timezone.now() else None
        )


def test_attachments_can_be_read(mirasol: Tenant) -> None:
    heads = {}
    for attachment in Attachment.objects.all():
        with attachment.file.open() as file:
            heads[attachment.content_type] = file.read(8)
    assert heads == {"image/png": b"\x89PNG\r\n\x1a\n", "application/pdf": b"%PDF-1.4"}


def test_customers_are_alike_at_every_load(mirasol: Tenant) -> None:
    names = [shopper.name for shopper in people.customers(300, Random("mirasol"))]
    assert names == [shopper.name for shopper in people.customers(300, Random("mirasol"))]
    assert len(set(names)) == 300
    assert set(Customer.objects.values_list("name", flat=True)) == {*names, *doubles.NAMES, *imports.NAMES}


def test_import_lies_days_back_and_can_be_taken_back(mirasol: Tenant) -> None:
    job, known = Import.objects.get(), Customer.objects.count()
    assert (job.state, job.counts["created"], job.counts["refused"]) == ("done", len(imports.NAMES), 3)
    assert job.finished_at < timezone.now() - timedelta(days=imports.DAYS_AGO)
    told = TimelineEntry.objects.filter(data__import=str(job.pk))
    assert {line.customer.name for line in told if line.object_id == line.customer_id} == {*imports.NAMES}
    assert list(job.chunks.filter(is_trial=False).values_list("job_id", flat=True)) == [job.pk]
    with transaction.atomic():
        actions.undo(job=job, by=Actor.of_membership(member("rocio")))
        while taking_back.step(job):
            pass
        assert (job.state, known - Customer.objects.count()) == ("undone", len(imports.NAMES))
        transaction.set_rollback(True)


# --- its clock ---


def test_answers_are_published_with_three_wordings_each(mirasol: Tenant) -> None:
    answers = knowledge.published("es")
    assert (len(answers), min(len(one.phrasings) for one in answers)) == (12, 3)
    assert len(knowledge.page(knowledge.Narrow(state="draft")).items) == 1


def test_identifier_of_a_moment() -> None:
    moment = datetime(2026, 3, 9, 17, 4, 5, 678_901, tzinfo=UTC)
    made, later = (uuid7_at(moment + timedelta(microseconds=n), Random(1)) for n in (0, 1))
    assert (made.version, made.variant, made < later) == (7, "specified in RFC 4122", True)
    assert made.int >> 80 == int(moment.timestamp() * 1000)


def test_clock_finds_open_moments_of_the_past() -> None:
    weekday = [["10:00", "14:00"], ["16:00", "19:00"]]
    week = {"mon": weekday, "tue": weekday, "wed": weekday, "thu": weekday, "fri": weekday}
    week |= {"sat": [["10:00", "15:00"]], "sun": []}
    calendar = Calendar(zone=Tenant(timezone="America/Mexico_City").zone, week=week, country="MX",
                        keeps_holidays=True)  # fmt: skip
    for day, hour, days in product((1, 2, 21, 22), range(0, 24, 3), (0.1, 1, 2.5, 40, 350)):
        now = datetime(2026, 11, day, hour, 30, tzinfo=UTC)
        moment = Clock(now, calendar, Random(7)).opening(days)
        assert moment <= now - timedelta(days=days), (now, days)
        assert is_open_at(calendar, moment), (now, days)


def test_files_are_what_they_say() -> None:
    png, pdf = wheel("rin.png", 1), receipt("pago.pdf", "Importe (MXN)")
    assert (png.content_type, png.content[-8:-4]) == ("image/png", b"IEND")
    assert (pdf.content_type, rb"Importe \(MXN\)" in pdf.content) == ("application/pdf", True)
    assert (len(png.content) < 40_000, len(pdf.content) < 2_000) == (True, True)


# --- the shop and the widget's script ---


def test_shop_carries_the_chat_of_the_demo(demo: list[str], client: Client) -> None:
    response = client.get("/demo/shop/")
    door = demo_door()
    assert door is not None
    assert (response.status_code, f'data-channel="{door.target_id}"' in response.text) == (200, True)
    assert ("$13,900" in response.text, 'lang="es"' in response.text) == (True, True)


def test_shop_is_absent_without_the_demo(client: Client, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(load, "DOOR", "demo:nowhere")
    assert client.get("/demo/shop/").status_code == 404
    assert client.post("/demo/shop/").status_code == 405


def test_widget_script_is_for_every_site(client: Client) -> None:
    response = client.get("/widget.js")
    headers = {name: response.headers.get(name) for name in ("Content-Type", "Cache-Control")}
    assert headers == {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "public, max-age=300",
    }
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.cookies == {}
    again = client.get("/widget.js", headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content, client.post("/widget.js").status_code) == (304, b"", 405)


# --- twice in the register ---


def test_three_pairs_are_asked_about_and_one_merge_can_be_undone(mirasol: Tenant) -> None:
    mine = Likeness.objects.filter(first__name__in=doubles.NAMES).order_by("-score")
    reasons = {pair.reasons[0]["why"] for pair in mine}
    assert (mine.count(), reasons) == (3, {"near_email", "document", "phone"})
    made = CustomerMerge.objects.get()
    assert undoable(made.target).get() == made
