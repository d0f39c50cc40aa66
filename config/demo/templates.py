"""The WhatsApp templates of Bicis Mirasol: approved, in review, refused."""

from typing import Any

from conversations.models import Channel, Template

Status = Template.Status


def _body(text: str, **samples: str) -> dict[str, Any]:
    rows = [{"param_name": name, "example": value} for name, value in samples.items()]
    example = {"example": {"body_text_named_params": rows}} if rows else {}
    return {"type": "BODY", "text": text, **example}


FOOTER = {"type": "FOOTER", "text": "Bicis Mirasol"}
TEMPLATES: list[dict[str, Any]] = [
    {
        "name": "bici_lista",
        "quality": "green",
        "components": [
            {"type": "HEADER", "format": "TEXT", "text": "Tu bici está lista"},
            _body(
                "Hola {{first_name}}, terminamos el pedido {{order_number}}. Pasa por tu bici cuando gustes.",
                first_name="Ana",
                order_number="BM-1042",
            ),
            FOOTER,
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Voy hoy"}, {"type": "QUICK_REPLY", "text": "Voy mañana"}]},
        ],
    },
    {
        "name": "seguimos_en_contacto",
        "components": [
            _body(
                "Hola {{first_name}}, soy {{agent_name}} de Bicis Mirasol. ¿Seguimos con tu pregunta? Responde aquí.",
                first_name="Ana",
                agent_name="Diego",
            )
        ],
    },
    {
        "name": "bici_nueva",
        "category": "marketing",
        "components": [{"type": "HEADER", "format": "IMAGE"}, _body("Llegó la nueva Mirasol Urbana. ¿La quieres probar?"), FOOTER],
    },
    {
        "name": "recordatorio_servicio",
        "status": Status.PENDING,
        "components": [_body("Hola {{first_name}}, a tu bici le toca servicio este mes.", first_name="Ana")],
    },
    {
        "name": "gana_una_bici",
        "category": "marketing",
        "status": Status.REJECTED,
        "reason": "WhatsApp takes it for a fraud.",
        "components": [_body("Ganaste una bici. Responde con tus datos para recibirla.")],
    },
]  # fmt: skip


def write_templates() -> None:
    """Give the shop's number its templates, as the vendor would have them."""
    channel = Channel.objects.get(kind="whatsapp")
    for number, one in enumerate(TEMPLATES):
        named = "{{" in str(one["components"])
        known = {"category": "utility", "status": Status.APPROVED, "vendor_id": f"demo-{number}"}
        Template.objects.create(channel=channel, language="es_MX", is_named=named, **(known | one))
