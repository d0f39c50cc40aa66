"""What the demo's businesses want to know of every customer, and what they remember of some."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from config.demo.people import SIZES
from config.demo.stage import Stage
from crm.actions import attributes, learning, preferences
from crm.models import Attribute, Customer, Preference
from crm.preferences import CHANNEL
from tenants.actors import Actor
from tenants.models import Membership

Kind, Source = Attribute.Kind, Preference.Source
BIKES = ("Urbana", "Ruta", "Gravel", "Montaña", "Eléctrica", "Infantil")
INTERESTS = ("Rodadas en grupo", "Taller propio", "Viajes", "Ofertas de llantas")
HEARD = timedelta(days=16)  # ago


class Fact(NamedTuple):
    """A fact to define, and what some customers get of it."""

    name: str
    kind: str
    options: tuple[str, ...] = ()
    hint: str = ""
    value: Callable[[Random], Any] | None = None
    share: float = 0.0


def _birthday(random: Random) -> str:
    return date.fromordinal(
        random.randint(date(1955, 1, 1).toordinal(), date(2006, 12, 31).toordinal())
    ).isoformat()


def _interests(random: Random) -> list[str]:
    chosen = set(random.sample(INTERESTS, random.choice((1, 1, 2, 3))))
    return [one for one in INTERESTS if one in chosen]


SHOP = [
    Fact("Talla", Kind.CHOICE, tuple(SIZES), "De cuadro, no de ropa."),
    Fact("Tipo de bici", Kind.CHOICE, BIKES, "La que más usa."),
    Fact("Estatura", Kind.NUMBER, hint="En centímetros."),
    Fact("Cumpleaños", Kind.DATE, hint="Ese día el servicio básico es gratis.", value=_birthday, share=0.3),
    Fact("Le interesa", Kind.CHOICES, INTERESTS, value=_interests, share=0.25),
    Fact("Flotilla", Kind.NUMBER, hint="Cuántas bicis tiene la empresa."),
    Fact("Crédito", Kind.MONEY, hint="Hasta cuánto puede llevarse fiado."),
    Fact("Plan de servicio", Kind.YES_NO, value=lambda random: random.random() < 0.4, share=0.15),
    Fact("Strava", Kind.LINK),
]
OWN: dict[str, dict[str, Any]] = {
    "Rubén Preciado": {"Crédito": "25000.00", "Plan de servicio": True},
    "Kenji Nakamura Ruiz": {
        "Strava": "https://www.strava.example/athletes/kenji",
        "Cumpleaños": "1991-03-14",
    },
    "Lucía Herrera Ponce": {"Plan de servicio": True, "Le interesa": ["Rodadas en grupo", "Viajes"]},
}
TOLD = [  # of whom, about what, what, who says so, whether somebody confirmed it
    ("Lucía Herrera Ponce", "Horario", "Contestarle antes de las 9, sale en la bici", Source.CUSTOMER, True),
    ("Lucía Herrera Ponce", "Talla", "S", Source.AGENT, True),
    ("Kenji Nakamura Ruiz", "Talla", "M", Source.CUSTOMER, True),
    ("Kenji Nakamura Ruiz", "Alergias", "Látex: guantes de nitrilo en el taller", Source.CUSTOMER, False),
    ("Soledad Camarena Uribe", "channel", "phone", Source.CUSTOMER, True),
    ("Soledad Camarena Uribe", "daytime", "afternoon", Source.CUSTOMER, True),
    ("Don Chuy Medina", "channel", "phone", Source.AGENT, False),
    ("Ernesto Barragán Topete", "Vendedor favorito", "Diego", Source.AGENT, True),
]
CAFE = [
    Fact("Moagem", Kind.CHOICE, ("Em grãos", "Coador", "Prensa", "Espresso")),
    Fact("Assina desde", Kind.DATE),
    Fact("Sem lactose", Kind.YES_NO),
]
CAFE_TOLD = [
    ("Larissa Okamoto", "Alergias", "Sem lactose", Source.CUSTOMER, True),
    ("Seu Antônio Barbosa", "daytime", "morning", Source.AGENT, True),
]


def furnish(stage: Stage, owner: Membership) -> None:
    """Facts are defined, what was free is brought into their form, and what behaviour shows is learned."""
    is_shop = stage.tenant.country == "MX"
    by = Actor.of_membership(owner)
    for fact in SHOP if is_shop else CAFE:
        made = attributes.define_attribute(
            name=fact.name, kind=fact.kind, options=fact.options, hint=fact.hint, by=by
        )
        if made.work["ready"]:
            attributes.convert_values(attribute=made, by=by)
    if is_shop:
        _fill(stage)
    for told in TOLD if is_shop else CAFE_TOLD:
        _tell(stage, by, *told)
    _learn()
    if is_shop:
        _contradict(by)


def _fill(stage: Stage) -> None:
    random, changed = Random("facts"), []
    for customer in Customer.objects.filter(merged_into=None).order_by("pk"):
        given = {
            fact.name: fact.value(random) for fact in SHOP if fact.value and random.random() < fact.share
        }
        customer.attributes |= given | OWN.get(customer.name, {})
        changed.append(customer)
    Customer.objects.bulk_update(changed, ["attributes"], batch_size=200)


def _tell(
    stage: Stage, by: Actor, name: str, topic: str, value: str, source: str, is_confirmed: bool
) -> None:
    told = preferences.remember(
        customer=Customer.objects.get(pk=stage.customers[name].pk),
        topic=topic,
        value=value,
        source=source,
        source_label=name if source == Source.CUSTOMER else by.label,
        by=by,
    )
    if is_confirmed:
        preferences.confirm(preference=told.preference, by=by)
    Preference.objects.filter(pk=told.preference.pk).update(learned_at=stage.clock.now - HEARD)


def _learn() -> None:
    after = learning.learn_batch("")
    while after:
        after = learning.learn_batch(after)


def _contradict(by: Actor) -> None:
    """One of those whose channel behaviour shows had told a colleague of another."""
    learned = (
        Preference.objects.filter(topic=CHANNEL, source=Source.BEHAVIOUR)
        .order_by("-confidence", "pk")
        .first()
    )
    if learned is None:
        return
    preferences.correct(preference=learned, value="phone", by=by)
    Preference.objects.filter(pk=learned.pk).update(rival=None)
    _learn()
