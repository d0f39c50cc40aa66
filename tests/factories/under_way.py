"""A business about to send: a campaign, confirmations, a journey and answers; and what its workers do."""

from datetime import timedelta

from django.utils import timezone

from conversations.actions.campaigns import running
from conversations.actions.scheduled import schedule as schedule_reply
from conversations.campaign_tasks import advance_campaigns
from conversations.confirmation_tasks import send_confirmations
from conversations.journey_tasks import advance_journeys
from conversations.journeys import content
from conversations.models import (
    ConfirmationStep,
    Delivery,
    Happening,
    Journey,
    JourneyPlace,
    JourneyVersion,
    MessageTemplate,
    ScheduledReply,
)
from conversations.tasks import deliver, send_scheduled
from crm import identities
from crm.actions.appointments import record_appointment
from tenants.actors import Actor
from tenants.scoping import tenant_scope
from tests.factories.campaigns import make_audience, make_campaign, make_policy, make_template
from tests.factories.campaigns import schedule as schedule_campaign
from tests.factories.conversations import make_conversation, make_message
from tests.factories.crm import make_customer
from tests.factories.tenants import Business

TASKS = (advance_campaigns, send_confirmations, advance_journeys)


def under_way(business: Business) -> None:
    """In its scope: a campaign and a later one, two confirmations, a journey, an answer and one for later."""
    make_policy()
    segment, _people = make_audience(3)
    campaign = schedule_campaign(make_campaign(segment))
    running.look(campaign.pk)
    schedule_campaign(make_campaign(segment, name="Mañana", starts_at=timezone.now() + timedelta(days=2)))
    ana = make_customer("Ana Flores")
    identities.attach(ana, kind="email", raw="ana@ejemplo.mx", country="MX", verified=True)
    template = make_template("Aviso", "Hola {{ customer.first_name | default: 'amiga' }}")
    MessageTemplate.objects.filter(pk=template.pk).update(purpose="service")
    for happening, minutes in ((Happening.APPOINTMENT_BOOKED, 0), (Happening.APPOINTMENT_STARTS, -1440)):
        step = {"happening": happening, "minutes": minutes, "template": template, "is_on": True}
        ConfirmationStep.objects.create(**step, can_wait=False)
    record_appointment(
        external_id="C-1", customer=ana, service="Servicio", by=Actor.system(),
        starts_at=timezone.now() + timedelta(days=5),
    )  # fmt: skip
    journey = Journey.objects.create(name="Gracias", is_on=True, looked_at=timezone.now() - timedelta(days=1))
    steps = [{"do": "send", "template": str(template.pk)}, {"do": "wait", "minutes": 60}]
    kept = content.tidy({"entry": {"on": "order_delivered"}, "steps": steps, "stops": []})
    version = JourneyVersion.objects.create(journey=journey, number=1, content=kept)
    JourneyPlace.objects.create(
        journey=journey, version=version, customer=ana, key="A-1", due_at=timezone.now()
    )
    conversation = make_conversation(address="beto@ejemplo.mx")
    make_message(conversation, "Ya está tu bici", by=business.actor())
    later = timezone.now() + timedelta(hours=1)
    schedule_reply(conversation=conversation, text="¿La recogiste?", send_at=later, by=business.actor())
    ScheduledReply.objects.update(send_at=timezone.now())


def work_of(tenant_id: str) -> None:
    """What the workers of a business do by themselves, twice."""
    for _twice in range(2):
        for task in TASKS:
            task(tenant_id)
        with tenant_scope(tenant_id):
            replies = list(ScheduledReply.objects.values_list("pk", flat=True))
            pending = list(Delivery.objects.due().values_list("pk", flat=True))
        for pk in replies:
            send_scheduled(tenant_id, str(pk))
        for pk in pending:
            deliver(tenant_id, str(pk))
