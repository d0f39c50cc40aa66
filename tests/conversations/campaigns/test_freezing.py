"""Who gets a campaign, and why everybody else does not."""

from django.utils import timezone

from conversations.actions.campaigns import running
from conversations.models import Campaign, Recipient
from crm.models import Case, Consent, Segment
from tests.factories.campaigns import (
    agree,
    make_audience,
    make_campaign,
    make_policy,
    put_in,
    schedule,
)
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

State = Recipient.State


def frozen(campaign: Campaign) -> dict[str, int]:
    """Freeze it; how many are in which state for which reason."""
    campaign = schedule(campaign)
    found = running.look(campaign.pk)
    assert found is not None, Campaign.objects.get(pk=campaign.pk).braked
    return sums(campaign)


def sums(campaign: Campaign) -> dict[str, int]:
    counted: dict[str, int] = {}
    for state, reason in Recipient.objects.filter(campaign=campaign).values_list("state", "reason"):
        key = f"{state} {reason}".strip()
        counted[key] = counted.get(key, 0) + 1
    return counted


def test_everybody_of_the_audience_has_one_line_with_its_reason(scope: Business) -> None:
    make_policy()
    segment, people = make_audience(4)
    nobody, refusing, expired, complaining, elsewhere = (
        make_customer(name, **fields)
        for name, fields in {
            "Sin": {},
            "No": {"email": "no@correo.example"},
            "Antes": {"email": "antes@correo.example"},
            "Queja": {"email": "queja@correo.example"},
            "Fuera": {"email": "fuera@correo.example"},
        }.items()
    )
    agree(refusing, state=Consent.State.WITHDRAWN)
    agree(expired, state=Consent.State.EXPIRED)
    agree(complaining)
    agree(elsewhere)
    Case.objects.create(customer=complaining, subject="Rota", opened_at=timezone.now())
    put_in(segment, [nobody, refusing, expired, complaining, elsewhere])
    out = Segment.objects.create(name="Fuera", is_list=True)
    put_in(out, [elsewhere])

    counted = frozen(make_campaign(segment, exclude=[out.pk]))

    assert counted == {
        "waiting": 4,
        "left_out no_address": 1,
        "left_out withdrawn": 1,
        "left_out expired": 1,
        "left_out complaint_open": 1,
    }
    assert {one.address for one in Recipient.objects.waiting()} == {
        f"clientas{number}@correo.example" for number in range(len(people))
    }
