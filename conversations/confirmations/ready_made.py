"""Sequences that a business can take as they are, with what they say in three languages. Plain data."""

from typing import Any, NamedTuple

from django.utils.translation import gettext_noop

from conversations.models import Happening

SHORT = ("sms", "whatsapp", "telegram", "messenger", "instagram")
HELLO = {
    "es": 'Hola {{ customer.first_name | default: "qué tal" }}:',
    "pt-br": 'Oi, {{ customer.first_name | default: "tudo bem" }}!',
    "en": 'Hello {{ customer.first_name | default: "there" }},',
}
CHANGE = {
    "es": ("¿No puedes o prefieres otro día? Avísanos aquí", "Otro día"),
    "pt-br": ("Não pode ou prefere outro dia? Avise aqui", "Outro dia"),
    "en": ("You cannot come, or prefer another day? Tell us here", "Another day"),
}
APPOINTMENT = {
    "es": "el {{ appointment.date }} a las {{ appointment.time }} ({{ appointment.service }})",
    "pt-br": "em {{ appointment.date }} às {{ appointment.time }} ({{ appointment.service }})",
    "en": "on {{ appointment.date }} at {{ appointment.time }} ({{ appointment.service }})",
}


class Ready(NamedTuple):
    """One message of a sequence: its step, and its words by language: subject and text."""

    happening: Happening
    minutes: int
    name: str
    words: dict[str, tuple[str, str]]
    asks: bool = False
    can_wait: bool = True
    call_minutes: int | None = None

    @property
    def is_of_appointment(self) -> bool:
        """Whether its mail shows the appointment and leads to where it can be changed."""
        return self.happening.startswith("appointment") and self.happening != Happening.APPOINTMENT_CANCELLED


READY = (
    Ready(
        Happening.APPOINTMENT_BOOKED,
        0,
        gettext_noop("Appointment booked"),
        {
            "es": ("Tu cita del {{ appointment.date }}", "Quedó apartada tu cita @. ¡Te esperamos!"),
            "pt-br": (
                "Seu horário de {{ appointment.date }}",
                "Seu horário @ está reservado. Até lá!",
            ),
            "en": ("Your appointment on {{ appointment.date }}", "You are booked @. See you then!"),
        },
    ),
    Ready(
        Happening.APPOINTMENT_STARTS,
        -1440,
        gettext_noop("A day before the appointment"),
        {
            "es": ("¿Nos vemos mañana?", "Te esperamos @. ¿Vienes? Responde SÍ, NO u OTRO DÍA."),
            "pt-br": ("Nos vemos amanhã?", "Esperamos você @. Você vem? Responda SIM, NÃO ou OUTRO DIA."),
            "en": ("See you tomorrow?", "We expect you @. Are you coming? Answer YES, NO or ANOTHER DAY."),
        },
        asks=True,
        call_minutes=180,
    ),
    Ready(
        Happening.APPOINTMENT_STARTS,
        -120,
        gettext_noop("Two hours before the appointment"),
        {
            "es": (
                "Nos vemos hoy a las {{ appointment.time }}",
                "Nos vemos en un rato: a las {{ appointment.time }} ({{ appointment.service }}).",
            ),
            "pt-br": (
                "Nos vemos hoje às {{ appointment.time }}",
                "Nos vemos daqui a pouco: às {{ appointment.time }} ({{ appointment.service }}).",
            ),
            "en": (
                "See you today at {{ appointment.time }}",
                "See you soon: at {{ appointment.time }} ({{ appointment.service }}).",
            ),
        },
    ),
    Ready(
        Happening.APPOINTMENT_MOVED,
        0,
        gettext_noop("Appointment moved"),
        {
            "es": ("Cambió tu cita: {{ appointment.date }}", "Tu cita cambió: ahora es @."),
            "pt-br": ("Seu horário mudou: {{ appointment.date }}", "Seu horário mudou: agora é @."),
            "en": (
                "Your appointment moved to {{ appointment.date }}",
                "Your appointment moved: it is now @.",
            ),
        },
        can_wait=False,
    ),
    Ready(
        Happening.APPOINTMENT_CANCELLED,
        0,
        gettext_noop("Appointment cancelled"),
        {
            "es": (
                "Se canceló tu cita del {{ appointment.date }}",
                "Tu cita @ quedó cancelada. Si quieres otra, respóndenos por aquí.",
            ),
            "pt-br": (
                "Seu horário de {{ appointment.date }} foi cancelado",
                "Seu horário @ foi cancelado. Se quiser outro, responda por aqui.",
            ),
            "en": (
                "Your appointment on {{ appointment.date }} is cancelled",
                "Your appointment @ is cancelled. If you want another one, answer here.",
            ),
        },
        can_wait=False,
    ),
    Ready(
        Happening.ORDER_PAID,
        0,
        gettext_noop("Order paid"),
        {
            "es": (
                "Recibimos tu pago del pedido {{ order.number }}",
                "Recibimos tu pago de {{ order.total }} del pedido {{ order.number }}. ¡Gracias!",
            ),
            "pt-br": (
                "Recebemos o pagamento do pedido {{ order.number }}",
                "Recebemos seu pagamento de {{ order.total }} do pedido {{ order.number }}. Obrigado!",
            ),
            "en": (
                "We got your payment for order {{ order.number }}",
                "We got your payment of {{ order.total }} for order {{ order.number }}. Thank you!",
            ),
        },
    ),
    Ready(
        Happening.ORDER_SHIPPED,
        0,
        gettext_noop("Order shipped"),
        {
            "es": ("Tu pedido {{ order.number }} va en camino", "Tu pedido {{ order.number }} va en camino."),
            "pt-br": ("Seu pedido {{ order.number }} saiu", "Seu pedido {{ order.number }} está a caminho."),
            "en": ("Order {{ order.number }} is on its way", "Your order {{ order.number }} is on its way."),
        },
    ),
    Ready(
        Happening.ORDER_READY,
        0,
        gettext_noop("Order ready for pick-up"),
        {
            "es": (
                "Tu pedido {{ order.number }} está listo",
                "Tu pedido {{ order.number }} está listo. Pasa por él cuando gustes.",
            ),
            "pt-br": (
                "Seu pedido {{ order.number }} está pronto",
                "Seu pedido {{ order.number }} está pronto. Venha buscar quando quiser.",
            ),
            "en": (
                "Order {{ order.number }} is ready",
                "Your order {{ order.number }} is ready. Come and get it whenever you like.",
            ),
        },
    ),
    Ready(
        Happening.ORDER_DELIVERED,
        0,
        gettext_noop("Order delivered"),
        {
            "es": (
                "Entregamos tu pedido {{ order.number }}",
                "Entregamos tu pedido {{ order.number }}. Si algo no está bien, respóndenos por aquí.",
            ),
            "pt-br": (
                "Entregamos o pedido {{ order.number }}",
                "Entregamos seu pedido {{ order.number }}. Se algo não estiver bem, responda por aqui.",
            ),
            "en": (
                "Order {{ order.number }} was delivered",
                "Your order {{ order.number }} was delivered. If anything is wrong, answer here.",
            ),
        },
    ),
    Ready(
        Happening.PAYMENT_DUE,
        -3 * 1440,
        gettext_noop("Payment due in three days"),
        {
            "es": (
                "Tu pago de {{ payment.amount }} vence el {{ payment.due }}",
                "Tu pago de {{ payment.amount }} vence el {{ payment.due }}. Si ya pagaste, todo bien.",
            ),
            "pt-br": (
                "Seu pagamento de {{ payment.amount }} vence em {{ payment.due }}",
                "Seu pagamento de {{ payment.amount }} vence em {{ payment.due }}. Se já pagou, tudo certo.",
            ),
            "en": (
                "Your payment of {{ payment.amount }} is due on {{ payment.due }}",
                "Your payment of {{ payment.amount }} is due on {{ payment.due }}. If you paid, all is well.",
            ),
        },
    ),
    Ready(
        Happening.PAYMENT_RECEIVED,
        0,
        gettext_noop("Payment received"),
        {
            "es": ("Recibimos tu pago", "Recibimos tu pago de {{ payment.amount }}. ¡Gracias!"),
            "pt-br": (
                "Recebemos seu pagamento",
                "Recebemos seu pagamento de {{ payment.amount }}. Obrigado!",
            ),
            "en": ("We got your payment", "We got your payment of {{ payment.amount }}. Thank you!"),
        },
    ),
)


def contents(ready: Ready) -> dict[str, Any]:
    """What its template says on every medium."""
    found: dict[str, Any] = {"email": {}} | {medium: {} for medium in SHORT}
    for language, (subject, text) in ready.words.items():
        said = f"{HELLO[language]} {text.replace('@', APPOINTMENT[language])}"
        for medium in SHORT:
            found[medium][language] = {"text": said}
        blocks = [{"kind": "text", "text": said}]
        if ready.is_of_appointment:
            words, label = CHANGE[language]
            blocks += [
                {"kind": "appointment"},
                {"kind": "text", "text": f"{words}:"},
                {"kind": "button", "text": label, "url": "{{ links.reschedule }}"},
            ]
        found["email"][language] = {"subject": subject, "blocks": blocks}
    return found
