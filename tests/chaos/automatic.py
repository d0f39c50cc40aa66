"""What a business says by itself, all at once: a campaign, reminders, and a journey of two letters."""

from bench.stack import wait_for
from tests.chaos.outcome import Outcome
from tests.chaos.world import Broken, World

EACH = 20  # people of each
LETTERS = {"campana": 1, "cita": 1, "viaje": 2}  # how many each of them gets
LIMIT = 180.0  # seconds until nobody waits any more
MOVING = """
SELECT (SELECT count(*) FROM conversations_campaign WHERE tenant_id = %(tenant)s AND state <> 'done')
    + (SELECT count(*) FROM conversations_confirmation WHERE tenant_id = %(tenant)s AND state = 'waiting')
    + (SELECT count(*) FROM conversations_confirmationstep
       WHERE tenant_id = %(tenant)s AND plan_at IS NOT NULL)
    + (SELECT count(*) FROM conversations_journeyplace WHERE tenant_id = %(tenant)s AND state = 'waiting')
    + (SELECT count(*) FROM conversations_delivery
       WHERE tenant_id = %(tenant)s AND status IN ('pending', 'sending') AND priority > 0)
"""


def begin(world: World) -> None:
    """Everything is due at once, for other people each."""
    from datetime import timedelta

    from django.db import connection
    from django.utils import timezone

    from conversations.actions.confirmation_steps import switch_step
    from conversations.journeys import content, entering
    from conversations.models import ConfirmationStep, Happening, Journey, JourneyVersion, MessageTemplate
    from crm.models import Appointment
    from tenants.actors import Actor
    from tenants.scoping import tenant_scope
    from tests.factories.campaigns import make_audience, make_campaign, make_policy, make_template, schedule

    world.forget_taken()
    now = timezone.now()
    with tenant_scope(world.business["tenant_id"]):
        make_policy()
        segment, _people = make_audience(EACH, "campana")
        schedule(make_campaign(segment))
        service = make_template("Aviso", "Hola {{ customer.first_name | default: 'amiga' }}")
        MessageTemplate.objects.filter(pk=service.pk).update(purpose="service")
        booked = [
            Appointment(
                customer=one, source="before", external_id=f"C-{number}", service="Revisión",
                starts_at=now + timedelta(days=1, minutes=1), changed_at=now,
            )
            for number, one in enumerate(make_audience(EACH, "cita")[1])
        ]  # fmt: skip
        Appointment.objects.bulk_create(booked)
        reminder = ConfirmationStep.objects.create(
            happening=Happening.APPOINTMENT_STARTS, minutes=-24 * 60, template=service, can_wait=False
        )
        switch_step(step=reminder, is_on=True, by=Actor.system())
        letter = {"do": "send", "template": str(service.pk)}
        kept = content.tidy({"entry": {"on": "order_delivered"}, "steps": [letter, letter], "stops": []})
        journey = Journey.objects.create(name="Gracias", is_on=True)
        version = JourneyVersion.objects.create(journey=journey, number=1, content=kept)
        for one in make_audience(EACH, "viaje")[1]:
            entering.enter(version, one.pk, key="A-1", due_at=now)
    connection.close()


def ring(world: World) -> None:
    """Ring for all of it though others rang already, and let every clock look."""
    from conversations.campaign_tasks import advance_campaigns, sweep_campaigns
    from conversations.confirmation_tasks import plan_ahead, send_confirmations, sweep_confirmations
    from conversations.journey_tasks import advance_journeys, sweep_journeys

    for task in (plan_ahead, advance_campaigns, send_confirmations, advance_journeys):
        for _twice in range(2):
            task.apply_async((world.business["tenant_id"],), retry=False)
    for sweep in (sweep_campaigns, sweep_confirmations, sweep_journeys):
        sweep.apply_async(retry=False)


def rest(world: World) -> None:
    """Wait until nobody waits for a letter any more. Raises `Broken`."""
    query = MOVING % {"tenant": f"'{world.business['tenant_id']}'"}
    try:
        wait_for(lambda: world.rows(query) == [(0,)], LIMIT, "campaign, reminders and journey to end")
    except TimeoutError as error:
        raise Broken(str(error)) from None


def outcome(world: World, recovery_s: float) -> Outcome:
    """What everybody of them got, by the mail server's word."""
    lost = doubled = 0
    for name, letters in LETTERS.items():
        for number in range(EACH):
            got = world.mail.reached[f"{name}{number}@correo.example"]
            lost += max(letters - got, 0)
            doubled += max(got - letters, 0)
    return Outcome(EACH * sum(LETTERS.values()), lost, doubled, 0, recovery_s)
