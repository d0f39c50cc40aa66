"""What the demo's customers allow, and whom the business may not write to."""

from datetime import datetime, timedelta
from random import Random

from config.demo.stage import Stage
from crm.models import (
    Consent,
    ConsentEvent,
    ConsentPolicy,
    Covers,
    Customer,
    ExclusionEntry,
    ExclusionList,
    ExclusionVersion,
    Identity,
    Medium,
    Purpose,
    Suppression,
    TimelineEntry,
)
from tenants.models import Membership

State, Source = Consent.State, ConsentEvent.Source
MONTHS = 24
AGREED = 0.55  # of the customers with an address
REGRETTED = 0.08  # of those who agreed
LISTED = 240  # numbers on the exclusion list
WORDS = {
    "es": {
        Medium.WHATSAPP: "Sí, quiero recibir ofertas de {business} por WhatsApp.",
        Medium.EMAIL: "Sí, quiero recibir ofertas de {business} por correo.",
    },
    "pt-br": {
        Medium.WHATSAPP: "Sim, quero receber ofertas de {business} por WhatsApp.",
        Medium.EMAIL: "Sim, quero receber ofertas de {business} por e-mail.",
    },
}
NOTES = {"es": "Formulario de la tienda", "pt-br": "Formulário da loja"}
OUT = {"es": "BAJA", "pt-br": "SAIR"}


def furnish(stage: Stage, owner: Membership) -> None:
    """What the business wants, what customers said over the months, and a list read last week."""
    ConsentPolicy.objects.create(months=MONTHS, confirmed_media=[Medium.EMAIL])
    random = Random("consents")
    known = [one for one in stage.customers.values() if stage.clock.days_since(one.pk) > 8]
    addresses: dict[object, list[Identity]] = {}
    for identity in Identity.objects.filter(customer__in=known, is_claimed=False).order_by("id"):
        addresses.setdefault(identity.customer_id, []).append(identity)
    words: list[ConsentEvent] = []
    for customer in known:
        for identity in addresses.get(customer.pk, []):
            words += _said(stage, random, customer, identity)
    _keep(words)
    _suppress(stage, random, addresses, owner)
    if stage.tenant.country == "MX":
        _exclude(random, owner)


def _said(stage: Stage, random: Random, customer: Customer, identity: Identity) -> list[ConsentEvent]:
    """What somebody said of offers to one of his addresses."""
    media = {"email": Medium.EMAIL, "phone": Medium.WHATSAPP}
    medium = media.get(identity.kind)
    if medium is None or random.random() > AGREED:
        return []
    language = stage.tenant.language
    days = stage.clock.days_since(customer.pk)
    agreed = stage.clock.opening(1 + random.random() * (days - 4))
    text = WORDS[language][medium].format(business=stage.tenant.name)
    given = ConsentEvent(
        customer=customer,
        medium=medium,
        purpose=Purpose.PROMOTION,
        state=State.GIVEN,
        happened_at=agreed,
        source=Source.CONFIRMATION if medium == Medium.EMAIL else Source.FORM,
        text_shown=text,
        address=identity.value,
        note=NOTES[language],
        expires_at=agreed + timedelta(days=MONTHS * 30),
    )
    if random.random() > REGRETTED:
        return [given]
    return [given, *_regretted(customer, medium, identity, agreed, language, stage.clock.now)]


def _regretted(
    customer: Customer, medium: str, identity: Identity, agreed: datetime, language: str, now: datetime
) -> list[ConsentEvent]:
    at = agreed + (now - agreed) / 2
    return [
        ConsentEvent(
            customer=customer,
            medium=medium,
            purpose=purpose,
            state=State.WITHDRAWN,
            happened_at=at,
            source=Source.STOP_WORD,
            text_shown=OUT[language],
            address=identity.value,
        )
        for purpose in (Purpose.PROMOTION, Purpose.SURVEY)
    ]


def _keep(words: list[ConsentEvent]) -> None:
    """The words, what they left, and the lines of the histories."""
    last: dict[tuple[object, str, str], ConsentEvent] = {}
    for word in words:
        place = (word.customer_id, word.medium, word.purpose)
        if place not in last or last[place].happened_at <= word.happened_at:
            last[place] = word
    ConsentEvent.objects.bulk_create(words)
    Consent.objects.bulk_create(
        [
            Consent(
                customer=one.customer,
                medium=one.medium,
                purpose=one.purpose,
                state=one.state,
                since=one.happened_at,
                expires_at=one.expires_at,
            )
            for one in last.values()
        ]
    )
    TimelineEntry.objects.bulk_create(
        [
            TimelineEntry(
                customer=one.customer,
                kind=TimelineEntry.Kind.CONSENT,
                happened_at=one.happened_at,
                object_id=one.pk,
                data={
                    "medium": one.medium,
                    "purpose": one.purpose,
                    "state": one.state,
                    "source": one.source,
                },
            )
            for one in words
        ]
    )


def _suppress(
    stage: Stage, random: Random, addresses: dict[object, list[Identity]], owner: Membership
) -> None:
    """A few whose mail comes back, one who complained, one put there by hand; nobody of the stories."""
    mails = [
        one
        for identities in addresses.values()
        for one in identities
        if one.kind == "email" and stage.clock.days_since(one.customer_id) > 40
    ]
    reasons = [
        (Suppression.Reason.BOUNCE, Covers.ALL, "5.1.1 user unknown"),
        (Suppression.Reason.BOUNCE, Covers.ALL, "5.1.1 mailbox does not exist"),
        (Suppression.Reason.COMPLAINT, Covers.UNASKED, ""),
        (Suppression.Reason.UNSUBSCRIBED, Covers.UNASKED, ""),
    ]
    for number, (reason, covers, note) in enumerate(reasons):
        value = f"antiguo{number}@example.com" if number < 2 or not mails else random.choice(mails).value
        Suppression.objects.get_or_create(
            kind="email",
            value=value,
            reason=reason,
            defaults={
                "tenant": stage.tenant,
                "covers": covers,
                "note": note,
                "added_at": stage.clock.opening(2 + number * 5),
                "added_by_label": "Puente",
            },
        )


def _exclude(random: Random, owner: Membership) -> None:
    """A list of numbers that ask for no advertising."""
    listed = ExclusionList.objects.create(name="REPEP", covers=Covers.PROMOTION)
    version = ExclusionVersion.objects.create(
        exclusion_list=listed,
        file_name="repep-2026.csv",
        size=LISTED * 11,
        state=ExclusionVersion.State.DONE,
        is_current=True,
        layout={"encoding": "utf-8", "delimiter": "", "column": None},
        lines=LISTED + 3,
        bytes_read=LISTED * 11,
        taken=LISTED,
        refused=2,
        refused_lines=[[17, "33 12 34"], [88, "sin número"]],
        due_at=None,
        uploaded_by_label=owner.name,
    )
    numbers = random.sample(range(10_000_000), LISTED)
    ExclusionEntry.objects.bulk_create(
        [ExclusionEntry(version=version, value=f"+52331{number:07d}") for number in numbers]
    )
