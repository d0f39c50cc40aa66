# ruff: noqa: E501 -- what customers read stands on one line
"""Journeys that a business can begin with, and what they say in three languages. Plain data."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from conversations.confirmations.ready_made import HELLO, SHORT
from conversations.journeys.content import BIRTHDAY, NO_SHOW, Step, arms_of
from crm.models import Purpose

DAY = 1440
SALE, WIN_BACK = "after_sale", "win_back"


class Text(NamedTuple):
    """A template of a recipe: its name, its purpose, and subject and text by language."""

    name: str
    purpose: str
    words: dict[str, tuple[str, str]]


class Recipe(NamedTuple):
    """A journey to begin with. In its steps `template` is the number of a text; `needs` what one must choose."""

    name: str | Promise
    about: str | Promise
    entry: dict[str, str]
    steps: list[Step]
    stops: list[str]
    texts: tuple[Text, ...]
    needs: str = ""


SERVICE, PROMOTION = Purpose.SERVICE.value, Purpose.PROMOTION.value
RECIPES: Mapping[str, Recipe] = {
    SALE: Recipe(
        _("After a sale"),
        _("Three days after the order is delivered: is everything fine? If not, you call. Who stays silent hears "
          "from you once more."),
        {"on": "order_delivered"},
        [
            {"do": "wait", "minutes": 3 * DAY},
            {
                "do": "ask",
                "template": 0,
                "choices": [gettext_noop("All is well"), gettext_noop("Something is wrong")],
                "minutes": 5 * DAY,
                "a": [],
                "b": [{"do": "task", "title": gettext_noop("Call: something is wrong with his order"), "days": 0}],
                "other": [],
                "silence": [{"do": "send", "template": 1}],
            },
        ],
        ["complained"],
        (
            Text(
                gettext_noop("Is everything fine with your order?"),
                SERVICE,
                {
                    "es": (
                        "¿Todo bien con tu pedido?",
                        "ya tienes tu pedido {{ order.number }}. ¿Salió todo bien? Si algo no, respóndenos y lo "
                        "arreglamos.",
                    ),
                    "pt-br": (
                        "Tudo certo com o seu pedido?",
                        "você já recebeu o pedido {{ order.number }}. Deu tudo certo? Se não, responda e a gente "
                        "resolve.",
                    ),
                    "en": (
                        "Is everything fine with your order?",
                        "you have your order {{ order.number }} by now. Is all well? If not, answer and we put it "
                        "right.",
                    ),
                },
            ),
            Text(
                gettext_noop("A question about your order?"),
                SERVICE,
                {
                    "es": (
                        "Seguimos aquí por si algo falta",
                        "si tienes una duda sobre tu pedido {{ order.number }}, respóndenos: lo lee una persona.",
                    ),
                    "pt-br": (
                        "Continuamos aqui, se precisar",
                        "se tiver dúvida sobre o pedido {{ order.number }}, responda: uma pessoa lê.",
                    ),
                    "en": (
                        "We are here if anything is missing",
                        "if you have a question about order {{ order.number }}, answer: a person reads it.",
                    ),
                },
            ),
        ),
    ),
    BIRTHDAY: Recipe(
        _("Birthday"),
        _("On the day, at a decent hour: a congratulation to those who agreed to hear from you."),
        {"on": BIRTHDAY, "attribute": "birthday"},
        [{"do": "send", "template": 0}],
        ["complained"],
        (
            Text(
                gettext_noop("Happy birthday"),
                PROMOTION,
                {
                    "es": (
                        "¡Feliz cumpleaños!",
                        "todo {{ business.name }} te desea un muy feliz cumpleaños. Ven a vernos esta semana: te "
                        "tenemos un detalle.",
                    ),
                    "pt-br": (
                        "Feliz aniversário!",
                        "toda a equipe de {{ business.name }} deseja um feliz aniversário. Venha nos ver esta semana: "
                        "temos um mimo para você.",
                    ),
                    "en": (
                        "Happy birthday!",
                        "all of us at {{ business.name }} wish you a very happy birthday. Drop by this week: there is "
                        "something small for you.",
                    ),
                },
            ),
        ),
        "attribute",
    ),
    WIN_BACK: Recipe(
        _("Win back"),
        _("Who comes into a segment, such as those who have not bought for long, hears from you twice at most."),
        {"segment": ""},
        [
            {"do": "send", "template": 0},
            {"do": "wait", "minutes": 14 * DAY},
            {"do": "send", "template": 1},
        ],
        ["answered", "bought", "complained"],
        (
            Text(
                gettext_noop("We miss you"),
                PROMOTION,
                {
                    "es": (
                        "Hace tiempo que no te vemos",
                        "hace tiempo que no te vemos por {{ business.name }}. ¿Hay algo que podamos hacer por ti? "
                        "Respóndenos con confianza.",
                    ),
                    "pt-br": (
                        "Faz tempo que não vemos você",
                        "faz tempo que não vemos você em {{ business.name }}. Podemos ajudar em algo? É só responder.",
                    ),
                    "en": (
                        "We have not seen you for a while",
                        "we have not seen you at {{ business.name }} for a while. Is there anything we can do for you? "
                        "Just answer.",
                    ),
                },
            ),
            Text(
                gettext_noop("A last word, then we leave you in peace"),
                PROMOTION,
                {
                    "es": (
                        "¿Seguimos en contacto?",
                        "no queremos molestarte: este es nuestro último recordatorio. Si quieres volver, aquí estamos.",
                    ),
                    "pt-br": (
                        "Continuamos em contato?",
                        "não queremos incomodar: este é o nosso último lembrete. Se quiser voltar, estamos aqui.",
                    ),
                    "en": (
                        "Shall we stay in touch?",
                        "we do not want to bother you: this is our last reminder. If you want to come back, we are "
                        "here.",
                    ),
                },
            ),
        ),
        "segment",
    ),
    NO_SHOW: Recipe(
        _("Did not come"),
        _("Two hours after a missed appointment: no reproach, a new time. Who stays silent is called."),
        {"on": NO_SHOW},
        [
            {"do": "wait", "minutes": 120},
            {"do": "send", "template": 0},
            {"do": "wait", "minutes": 2 * DAY},
            {
                "do": "branch",
                "if": {"is": "answered"},
                "then": [{"do": "stop"}],
                "else": [{"do": "task", "title": gettext_noop("Call: he missed his appointment"), "days": 1}],
            },
        ],
        ["complained"],
        (
            Text(
                gettext_noop("We missed you today"),
                SERVICE,
                {
                    "es": (
                        "¿Buscamos otra hora?",
                        "hoy no nos vimos. No pasa nada: respóndenos y buscamos otra hora que te acomode.",
                    ),
                    "pt-br": (
                        "Marcamos outro horário?",
                        "hoje não nos vimos. Tudo bem: responda e achamos outro horário que sirva para você.",
                    ),
                    "en": (
                        "Shall we find another time?",
                        "we did not see you today. No harm done: answer and we find another time that suits you.",
                    ),
                },
            ),
        ),
    ),
}  # fmt: skip


def contents(text: Text) -> dict[str, Any]:
    """What a template of a recipe says on every medium."""
    found: dict[str, Any] = {"email": {}} | {medium: {} for medium in SHORT}
    for language, (subject, words) in text.words.items():
        said = f"{HELLO[language]} {words}"
        for medium in SHORT:
            found[medium][language] = {"text": said}
        found["email"][language] = {"subject": subject, "blocks": [{"kind": "text", "text": said}]}
    return found


def steps_of(recipe: Recipe, templates: list[str], title_of: Any) -> list[Step]:
    """The steps with the templates that were made for them; answers and work in the reader's language."""

    def settled(step: Step) -> Step:
        made = step | {arm: [settled(one) for one in step[arm]] for arm in arms_of(step)}
        if "template" in step:
            made["template"] = templates[step["template"]]
        if "title" in step:
            made["title"] = title_of(step["title"])
        if "choices" in step:
            made["choices"] = [title_of(one) for one in step["choices"]]
        return made

    return [settled(one) for one in recipe.steps]
