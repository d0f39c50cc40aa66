"""What Bicis Mirasol does by itself: two macros, three rules, and what its people have been told."""

from datetime import timedelta
from typing import Any

from config.demo.stage import Stage
from conversations.actions.macros import save_macro
from conversations.actions.rules import save_rule
from conversations.models import CannedReply, Conversation, Notification
from tenants.actors import Actor
from tenants.models import Membership

Steps = list[dict[str, Any]]


def furnish(stage: Stage, owner: Membership) -> None:
    """Macros and rules, as the owner wrote them."""
    by = Actor.of_membership(owner)
    for name, actions in _macros(stage):
        save_macro(by=by, name=name, actions=actions, shared=True)
    for name, definition, is_on in _rules(stage):
        save_rule(by=by, name=name, definition=definition, is_active=is_on)


def _macros(stage: Stage) -> list[tuple[str, Steps]]:
    return [
        (
            "A garantía",
            [
                {
                    "do": "reply",
                    "text": "Hola {{ customer.first_name | buen día }}, lo paso al taller y hoy mismo te"
                    " escriben. ¿Nos mandas una foto de la pieza? {{ agent.first_name }}",
                },
                {"do": "add_label", "label": str(stage.labels["Garantía"].pk)},
                {"do": "team", "to": str(stage.teams["Taller"].pk)},
                {"do": "priority", "to": 2},
            ],
        ),
        (
            "Listo y cerrar",
            [
                {
                    "do": "reply",
                    "text": "¡Con gusto, {{ customer.first_name | amigo }}! Cualquier cosa, aquí estamos.",
                },
                {"do": "assign", "to": "me"},
                {"do": "close"},
            ],
        ),
    ]


def _rules(stage: Stage) -> list[tuple[str, dict[str, Any], bool]]:
    hours = CannedReply.objects.filter(shortcut="horario").first()
    answer = (
        {"do": "canned", "reply": str(hours.pk)}
        if hours
        else {"do": "reply", "text": "Ya cerramos por hoy. Te contestamos en cuanto abramos."}
    )
    return [
        (
            "Fuera de horario",
            _definition("opened", [{"is": "hours", "any": [], "not": True}], [answer]),
            False,  # who tries the chat at night is not to be answered by a rule he does not know of
        ),
        (
            "Devoluciones y reclamos",
            _definition(
                "received",
                [{"is": "words", "any": ["devolución", "reembolso", "reclamo", "garantía"], "not": False}],
                [
                    {"do": "priority", "to": 2},
                    {"do": "notify", "members": [str(stage.members["marcela"].pk)], "teams": []},
                ],
            ),
            True,
        ),
        (
            "Nadie contesta",
            _definition(
                "waited",
                [
                    {"is": "hours", "any": [], "not": False},
                    {"is": "assignee", "any": ["nobody"], "not": False},
                ],
                [{"do": "priority", "to": 3}, {"do": "team", "to": str(stage.teams["Ventas"].pk)}],
                minutes=30,
            ),
            True,
        ),
    ]


def _definition(when: str, asked: Steps, then: Steps, minutes: int | None = None) -> dict[str, Any]:
    waited = {"minutes": minutes} if minutes else {}
    return {"version": 1, "when": {"is": when, **waited}, "if": asked, "then": then, "stop": False}


def tell(stage: Stage) -> None:
    """What the owner and an agent find when they come in; told after the stories were."""
    open_ones = Conversation.objects.exclude(status="closed").select_related("customer")
    latest = list(open_ones.order_by("-last_message_at", "-id")[:6])
    if len(latest) < 6:
        return
    told: list[tuple[str, str, Conversation, dict[str, Any], int]] = [
        ("rocio", "answered", latest[2], {"text": latest[2].preview, "count": 2}, 240),
        ("rocio", "rating", latest[1], {"score": 2}, 95),
        ("rocio", "mention", latest[0], {"who": "Diego", "text": "@Rocío ¿autorizas el descuento?"}, 12),
        ("marcela", "mention", latest[5], {"who": "Diego", "text": "@Marcela ¿hay lugar el sábado?"}, 45),
        ("diego", "mention", latest[4], {"who": "Paulina", "text": "@Diego ¿lo ves tú en el taller?"}, 180),
        ("diego", "assigned", latest[3], {"who": "Marcela", "text": latest[3].preview}, 30),
    ]
    for who, kind, conversation, data, minutes in told:
        Notification.objects.create(
            membership=stage.members[who],
            kind=kind,
            key=f"demo:{kind}:{conversation.pk}",
            conversation=conversation,
            data={"customer": str(conversation.customer), **data},
            created_at=stage.clock.now - timedelta(minutes=minutes),
            read_at=stage.clock.now if minutes > 200 else None,
        )
