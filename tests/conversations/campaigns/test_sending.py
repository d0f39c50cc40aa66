"""A campaign's mail: each once, in batches, and nobody pretends to know what he does not."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from conversations.actions.campaigns import claiming, pieces, running, sending, settling, steering
from conversations.models import Campaign, Recipient
from conversations.tracking import tokens
from crm.models import TimelineEntry
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.campaigns import Sink, make_audience, make_campaign, make_policy, schedule
from tests.factories.tenants import Business

State = Recipient.State


def begun(count: int = 5, **fields: Any) -> Campaign:
    """A campaign that is frozen and about to go."""
    make_policy()
    segment, _people = make_audience(count)
    campaign = schedule(make_campaign(segment, **fields))
    found = running.look(campaign.pk)
    assert found is not None
    return found


def states(campaign: Campaign) -> list[str]:
    rows = Recipient.objects.filter(campaign=campaign).order_by("state")
    return list(rows.values_list("state", flat=True))


def test_everybody_gets_his_own_mail_once(scope: Business, sink: Sink) -> None:
    campaign = begun(3)

    running.advance(scope.tenant.id)
    running.advance(scope.tenant.id)

    assert states(campaign) == [State.SENT] * 3
    assert len(set(sink.ids)) == len(sink.ids) == 3
    letter = next(one for one in sink.taken if "clientas1@" in one["To"])
    recipient = Recipient.objects.get(address="clientas1@correo.example")
    assert letter["Message-ID"] == f"<{recipient.provider_id}>"
    assert letter["Subject"] == "Tu bici, Ana1"
    for kind in ("plain", "html"):
        body = letter.get_body((kind,))
        assert body is not None
        assert "Hola Ana1: la revisión está" in body.get_content()
        picture = f"/o/{tokens.token(scope.tenant.id, recipient.pk)}.gif"
        assert (picture in body.get_content()) == (kind == "html")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert recipient.values == {"customer.first_name": "Ana1"}
    assert TimelineEntry.objects.filter(object_id=recipient.pk, kind="message_out").count() == 1
    assert Campaign.objects.get(pk=campaign.pk).state == Campaign.State.DONE


def test_other_backends_get_the_same_mail(scope: Business) -> None:
    begun(1)
    running.advance(scope.tenant.id)
    [letter] = mail.outbox
    assert letter.subject == "Tu bici, Ana0"
    assert "List-Unsubscribe" in letter.extra_headers
    assert isinstance(letter, EmailMultiAlternatives)
    assert [one[1] for one in letter.alternatives] == ["text/html"]


def test_broken_connection_leaves_one_unknown_and_the_rest_waiting(scope: Business, sink: Sink) -> None:
    campaign = begun(4)
    sink.raises["clientas1@correo.example"] = smtplib.SMTPServerDisconnected("gone")
    order = Recipient.objects.filter(campaign=campaign).order_by("due_at", "id")
    at = list(order.values_list("address", flat=True)).index("clientas1@correo.example")

    with tenant_scope(scope.tenant.id):
        [batch] = claiming.claim(campaign, count=10, at=timezone.now()) or []
    sending.send_batch(scope.tenant.id, batch, campaign, pieces.Pieces())

    assert states(campaign).count(State.UNKNOWN) == 1
    assert states(campaign).count(State.SENT) == at
    assert states(campaign).count(State.WAITING) == 3 - at
    running.advance(scope.tenant.id)
    assert states(campaign) == [State.SENT] * 3 + [State.UNKNOWN]


def test_worker_that_died_leaves_the_marked_unknown_and_the_others_waiting(
    scope: Business, sink: Sink
) -> None:
    campaign = begun(4)
    [batch] = claiming.claim(campaign, count=2, at=timezone.now()) or []
    marked = batch.recipients[0].pk
    Recipient.objects.filter(pk=marked).update(calling_at=timezone.now())
    Recipient.objects.filter(attempt_id=batch.attempt).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )

    running.advance(scope.tenant.id)

    assert states(campaign) == [State.SENT] * 3 + [State.UNKNOWN]
    assert len(sink.taken) == 3
    assert Recipient.objects.get(pk=marked).state == State.UNKNOWN
    assert sending.send_batch(scope.tenant.id, batch, campaign, pieces.Pieces()) == 0


def test_pause_in_the_middle_stops_at_the_next_mark(
    scope: Business, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MARKED", 2)
    campaign = begun(6)

    def pause() -> None:
        if len(sink.taken) == 1:
            steering.pause(campaign=campaign, by=Actor.system())

    sink.before.append(pause)
    running.advance(scope.tenant.id)

    assert len(sink.taken) == 2
    assert states(campaign) == [State.SENT] * 2 + [State.WAITING] * 4
    steering.resume(campaign=campaign, by=Actor.system())
    running.advance(scope.tenant.id)
    assert states(campaign) == [State.SENT] * 6


def test_refused_address_fails_and_is_written_to_no_more(scope: Business, sink: Sink) -> None:
    campaign = begun(2)
    refusal = smtplib.SMTPRecipientsRefused({"x": (550, b"5.1.1 no such user")})
    sink.raises["clientas0@correo.example"] = refusal
    running.advance(scope.tenant.id)
    failed = Recipient.objects.get(address="clientas0@correo.example")
    assert (failed.state, failed.reason) == (State.FAILED, "refused")
    assert failed.bounced_at
    assert states(campaign) == [State.FAILED, State.SENT]


def test_cancelled_turns_the_waiting_into_left_out(scope: Business) -> None:
    campaign = begun(3)
    steering.cancel(campaign=campaign, by=Actor.system())
    rows = Recipient.objects.filter(campaign=campaign).values_list("state", "reason")
    assert list(rows) == [("left_out", "cancelled")] * 3


@pytest.mark.parametrize("arrived", [True, False])
def test_person_settles_the_unknown(scope: Business, sink: Sink, arrived: bool) -> None:
    campaign = begun(2)
    running.advance(scope.tenant.id)
    Recipient.objects.filter(address="clientas0@correo.example").update(state=State.UNKNOWN, reason="unknown")

    assert settling.settle(campaign=campaign, by=Actor.system(), arrived=arrived) == 1
    running.advance(scope.tenant.id)

    assert len(sink.taken) == (2 if arrived else 3)
    assert State.UNKNOWN not in states(campaign)
    assert Campaign.objects.get(pk=campaign.pk).state == Campaign.State.DONE
