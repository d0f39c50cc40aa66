"""What the law asks of the demo's shop: a notice in two versions, a request that is nearly due, an archive."""

from datetime import timedelta

from config.demo.stage import Stage
from crm import privacy_clocks
from crm.actions import privacy, privacy_archive
from crm.models import PrivacyNotice, PrivacyRequest
from tenants import audit
from tenants.actors import Actor
from tenants.models import Membership

LEFT = 5  # working days of the request
ASKER = "Kenji Nakamura Ruiz"
CONTACT = "kenji.nakamura@correo.example"
PLACE = ", Av. Juárez 120, Guadalajara,"
BRACKETS = (" [nombre legal y domicilio]", " [legal name and address]", " [razão social, CNPJ e endereço]")
NEWS = """

Novedad de esta versión
También puedes escribirnos por Telegram; lo que nos escribes ahí lo guardamos igual que en los demás canales."""


def furnish(stage: Stage, owner: Membership) -> None:
    """Written by the owner; the first version held for most of the year."""
    by = Actor.of_membership(owner)
    first = {code: _filled(text) for code, text in privacy.first_words(stage.tenant).items()}
    for version, (days, texts) in enumerate(
        ((300, first), (40, {**first, "es": first["es"] + NEWS})), start=1
    ):
        PrivacyNotice.objects.create(
            version=version,
            texts=texts,
            published_at=stage.clock.now - timedelta(days=days),
            published_by_label=by.label,
        )
    _ask(stage, owner)
    privacy_archive.request_archive(customer=stage.customers[ASKER], by=by)


def _filled(text: str) -> str:
    for bracket in BRACKETS:
        text = text.replace(bracket, PLACE)
    return text.replace(" Encarregado: [nome e contato].", "")


def _ask(stage: Stage, owner: Membership) -> None:
    """So long ago that five of the law's days are left."""
    tenant, today = stage.tenant, stage.clock.now.astimezone(stage.tenant.zone).date()
    place = {"country": tenant.country, "region": tenant.region}
    clock = privacy_clocks.clock_of(tenant.country, PrivacyRequest.Right.ACCESS, today)
    ago, left, until = 0, clock.days, today
    while left > LEFT:
        ago += 1
        until = privacy_clocks.last_day(
            today - timedelta(days=ago), clock.days, working=clock.working, **place
        )
        left = privacy_clocks.days_left(today, until, working=clock.working, **place)
    received_at = stage.clock.now - timedelta(days=ago)
    request = PrivacyRequest.objects.create(
        id=stage.clock.id_at(received_at),
        right=PrivacyRequest.Right.ACCESS,
        name=ASKER,
        contact=CONTACT,
        text="Quisiera saber qué datos míos tienen y a quién se los dan. Gracias.",
        source=PrivacyRequest.Source.FORM,
        country=tenant.country,
        received_at=received_at,
        answer_by=until,
        responsible=owner,
    )
    audit.record(
        "privacy_request.received",
        target=request,
        by=Actor.system(),
        right=request.right,
        source=request.source,
    )
