"""An answer to a campaign: in a conversation with what it answers, and then silence from the machine."""

from datetime import timedelta
from email.utils import parseaddr

import pytest
from django.db.models import F
from django.utils import timezone

from conversations import gate
from conversations.actions.campaigns import marks, running
from conversations.channels.email import reply_address
from conversations.channels.email.incoming import signing_keys
from conversations.left_out import ANSWERED
from conversations.models import Conversation, Message, Pause, Recipient, SendingPolicy
from crm.models import Purpose, Segment
from tests.conversations.campaigns.test_sending import begun
from tests.factories.campaigns import Sink, make_campaign, schedule
from tests.factories.conversations import make_inbound
from tests.factories.tenants import Business


@pytest.mark.parametrize("by_reference", [False, True])
def test_answer_stands_below_the_mail_it_answers(
    scope: Business,
    sink: Sink,
    by_reference: bool,
) -> None:
    begun(2)
    running.advance(scope.tenant.id)
    letter = next(one for one in sink.taken if "clientas1@" in one["To"])
    recipient = Recipient.objects.get(address="clientas1@correo.example")
    named = reply_address.read(parseaddr(letter["Reply-To"])[1], signing_keys())
    assert named == recipient.pk
    how = {"references": [letter["Message-ID"]]} if by_reference else {"conversation_id": named}

    answer = make_inbound(
        "¿Y hasta cuándo?", address="clientas1@correo.example", subject="Re: Tu bici", **how
    )
    again = make_inbound("¿Hola?", address="clientas1@correo.example", **how)

    conversation = answer.conversation
    assert conversation.pk == recipient.pk == again.conversation.pk
    said = list(Message.objects.filter(conversation=conversation).in_order().values_list("kind", "text"))
    assert [kind for kind, _text in said] == ["outbound", "inbound", "inbound"]
    assert said[0][1].startswith("Hola Ana1: la revisión está a mitad de precio.")
    assert conversation.status == Conversation.Status.OPEN
    assert conversation.waiting_since
    recipient.refresh_from_db()
    assert recipient.replied_at
    judged = gate.judge(
        Recipient.objects.values_list("customer_id", flat=True), purpose=Purpose.PROMOTION, at=timezone.now()
    )
    assert judged == {recipient.customer_id: ANSWERED}


def test_each_answer_renews_the_pause_and_a_wish_for_a_person_counts_without_a_bot(
    scope: Business, sink: Sink
) -> None:
    begun(1)
    running.advance(scope.tenant.id)
    row = Recipient.objects.get()
    days = SendingPolicy.objects.get().pause_days

    def is_paused_in(**since: int) -> bool:
        at = timezone.now() + timedelta(**since)
        people = [row.customer_id]
        return gate.judge(people, purpose=Purpose.PROMOTION, at=at) == {row.customer_id: ANSWERED}

    make_inbound("¿Hasta cuándo?", address=row.address)
    Pause.objects.update(wrote_at=F("wrote_at") - timedelta(days=days - 1))
    assert [is_paused_in(hours=23), is_paused_in(hours=25)] == [True, False]
    make_inbound("¿Y los sábados?", address=row.address)
    row.refresh_from_db()
    first = row.replied_at
    again = schedule(make_campaign(Segment.objects.get()))
    running.look(again.pk)
    assert Recipient.objects.get(campaign=again).reason == ANSWERED
    assert (row.wished_at, is_paused_in(hours=25), is_paused_in(days=days, hours=1)) == (None, True, False)
    make_inbound("Quiero hablar con una persona, por favor", address=row.address)
    row.refresh_from_db()
    assert row.wished_at
    assert (row.replied_at, Pause.objects.count()) == (first, 1)


def test_marks_count_the_first_time_and_settle_the_unknown(scope: Business, sink: Sink) -> None:
    begun(1)
    running.advance(scope.tenant.id)
    row = Recipient.objects.get()
    Recipient.objects.update(state=Recipient.State.UNKNOWN, reason="unknown")
    now = timezone.now()

    assert [marks.clicked(row.pk, now), marks.clicked(row.pk, now)] == [True, False]
    assert marks.opted_out(row.customer_id, now)

    row.refresh_from_db()
    assert (row.state, row.reason) == (Recipient.State.DELIVERED, "")
    assert row.opened_at == row.clicked_at == row.opted_out_at == now
