"""What the shop and the café write to many: offers, appointments, what is ready."""

from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from conversations.actions.message_template_files import add_template_file
from conversations.actions.message_templates import create_message_template, save_message_template
from conversations.channels.base import File
from conversations.models import Template
from tenants.actors import Actor
from tenants.models import Membership

SITE = "https://bicismirasol.example"
HELLO = {
    "es": 'Hola {{ customer.first_name | default: "qué tal" }}:',
    "en": 'Hello {{ customer.first_name | default: "there" }},',
    "pt-br": 'Oi, {{ customer.first_name | default: "tudo bem" }}!',
}


def _text(language: str, *paragraphs: str) -> dict[str, str]:
    return {"kind": "text", "text": "\n\n".join((HELLO[language], *paragraphs))}


SPRING: dict[str, Any] = {
    "email": {
        "es": {
            "subject": 'Tu bici lista para la temporada, {{ customer.first_name | default: "como nueva" }}',
            "preheader": "Afinación completa a $490 hasta el 15 de diciembre.",
            "blocks": [
                {
                    "kind": "image",
                    "alt": "Una bicicleta recién afinada frente al taller",
                    "url": f"{SITE}/taller",
                },
                {"kind": "heading", "text": "Afinación completa, lista en un día"},
                _text(
                    "es",
                    "Ajustamos **frenos y cambios**, centramos las ruedas y limpiamos la cadena. La dejas en la "
                    "mañana y pasas por ella en la tarde.",
                    "- Revisión de 22 puntos\n- Lavado incluido\n- Garantía de 30 días",
                ),
                {
                    "kind": "text",
                    "only": "product.favourite",
                    "text": "Y ya que sueles llevar **{{ product.favourite }}**: con la afinación va al 15 % menos.",
                },
                {"kind": "button", "text": "Aparta tu lugar", "url": f"{SITE}/cita"},
                {"kind": "text", "text": "¿Dudas? Responde a este correo: lo lee una persona del taller."},
            ],
        },
        "en": {
            "subject": 'Your bike ready for the season, {{ customer.first_name | default: "good as new" }}',
            "preheader": "Full tune-up for $490 until December 15.",
            "blocks": [
                {"kind": "image", "alt": "A bicycle fresh from its tune-up", "url": f"{SITE}/taller"},
                {"kind": "heading", "text": "A full tune-up, done in a day"},
                _text(
                    "en",
                    "We set **brakes and gears**, true the wheels and clean the chain. Leave it in the morning, "
                    "pick it up in the afternoon.",
                ),
                {"kind": "button", "text": "Book your place", "url": f"{SITE}/cita"},
                {"kind": "text", "text": "Questions? Answer this mail: a person of the workshop reads it."},
            ],
        },
    },
    "sms": {
        "es": {
            "text": 'Hola {{ customer.first_name | default: "qué tal" }}, en Bicis Mirasol el servicio completo va '
            "a $490 hasta el 15 dic. Aparta: bicismirasol.example/cita"
        }
    },
}
BACK: dict[str, Any] = {
    "email": {
        "es": {
            "subject": "Hace tiempo que no vemos tu bici",
            "preheader": "Una revisión rápida va por nuestra cuenta.",
            "blocks": [
                _text(
                    "es",
                    "{% if order.number %}Desde tu último pedido ({{ order.date }}) ha rodado bastante. {% endif %}"
                    "Tráela cuando gustes: revisamos frenos, llantas y cadena sin costo, y te decimos con toda "
                    "franqueza si le hace falta algo.",
                ),
                {
                    "kind": "product",
                    "title": "Cámara 29 con sellador",
                    "price": "$180, instalada",
                    "text": "Para olvidarte de las ponchaduras.",
                    "label": "Verla",
                    "url": f"{SITE}/camara-29",
                },
                {
                    "kind": "text",
                    "text": 'Te esperamos en Santa Tere.\n{{ agent.first_name | default: "El equipo del taller" }}',
                },
            ],
        }
    },
}
APPOINTMENT: dict[str, Any] = {
    "email": {
        "es": {
            "subject": 'Tu cita del {{ appointment.date | default: "taller" }}',
            "preheader": "Te esperamos.",
            "blocks": [
                _text("es", "Te esperamos en el taller. Esto es lo que apartaste:"),
                {"kind": "appointment"},
                {"kind": "text", "text": "¿No puedes? Responde a este correo y buscamos otra hora."},
            ],
        },
        "en": {
            "subject": 'Your appointment on {{ appointment.date | default: "the day we said" }}',
            "blocks": [
                _text("en", "We expect you at the workshop. This is what you booked:"),
                {"kind": "appointment"},
                {"kind": "text", "text": "You cannot come? Answer this mail and we find another hour."},
            ],
        },
    },
    "sms": {
        "es": {
            "text": 'Bicis Mirasol: te esperamos el {{ appointment.date | default: "día de tu cita" }} a las '
            '{{ appointment.time | default: "hora acordada" }}. Responde SI o NO.'
        }
    },
    "telegram": {
        "es": {
            "text": 'Te esperamos el {{ appointment.date | default: "día de tu cita" }} a las '
            '{{ appointment.time | default: "hora acordada" }} 🚲 ¿Vienes?'
        }
    },
}
READY: dict[str, Any] = {
    "sms": {"es": {"text": 'Tu pedido {{ order.number | default: "" }} está listo. Pasa cuando gustes.'}}
}
MONTH: dict[str, Any] = {
    "email": {
        "pt-br": {
            "subject": "O café deste mês vem de Carmo de Minas",
            "preheader": "Notas de caramelo e laranja; torra de terça-feira.",
            "blocks": [
                {"kind": "heading", "text": "Carmo de Minas, torra média"},
                _text(
                    "pt-br",
                    "Chegou o lote do mês: **caramelo, laranja e um final longo**. Torramos na terça e você "
                    "recebe na quinta.",
                ),
                {"kind": "button", "text": "Reservar o meu", "url": "https://ipeamarelo.example/mes"},
                {"kind": "text", "text": "Prefere espresso? Responda aqui que a gente ajusta a moagem."},
            ],
        }
    },
}
PICKUP: dict[str, Any] = {
    "sms": {
        "pt-br": {
            "text": 'Oi, {{ customer.first_name | default: "tudo bem" }}! Seu pedido está pronto no Café Ipê Amarelo.'
        }
    },
    "telegram": {
        "pt-br": {
            "text": 'Oi, {{ customer.first_name | default: "tudo bem" }}! Seu pedido está pronto ☕ Te esperamos.'
        }
    },
}


def mirasol(owner: Membership) -> None:
    """The shop's: an offer with a picture, a reminder, what brings people back, what is ready."""
    by = Actor.of_membership(owner)
    create_message_template(name="Tu cita en el taller", purpose="service", contents=APPOINTMENT, by=by)
    ready = Template.objects.filter(name="bici_lista").first()
    values = {
        "body.first_name": '{{ customer.first_name | default: "qué tal" }}',
        "body.order_number": '{{ order.number | default: "de tu bici" }}',
    }
    vendor = {"whatsapp": {"es": {"template_id": str(ready.pk), "values": values}}} if ready else {}
    create_message_template(name="Tu pedido está listo", purpose="service", contents=READY | vendor, by=by)
    create_message_template(name="Te extrañamos", contents=BACK, by=by)
    spring = create_message_template(name="Afinación de temporada", by=by)
    picture = File("bici.png", "image/png", _bicycle())
    file = add_template_file(template=spring, file=picture, by=by, picture=True)
    for content in SPRING["email"].values():
        content["blocks"][0]["file"] = str(file.pk)
    save_message_template(template=spring, contents=SPRING, by=by)


def cafe(owner: Membership) -> None:
    """The café's, in Portuguese."""
    by = Actor.of_membership(owner)
    create_message_template(name="Pedido pronto", purpose="service", contents=PICKUP, by=by)
    create_message_template(name="Café do mês", contents=MONTH, by=by)


def _bicycle() -> bytes:
    """A bicycle before a sunny wall."""
    picture = Image.new("RGB", (1_200, 560), "#f6d9a8")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((880, 60, 1_060, 240), fill="#f2b14a")
    draw.rectangle((0, 470, 1_200, 560), fill="#c98b4a")
    ink, frame = "#2b2622", "#b4540a"
    for left in (270, 640):
        draw.ellipse((left, 230, left + 250, 480), outline=ink, width=14)
        draw.ellipse((left + 115, 345, left + 135, 365), fill=ink)
    rear, front, crank, seat, head = (395, 355), (765, 355), (545, 365), (500, 205), (715, 200)
    for begin, end in (
        (rear, crank),
        (rear, seat),
        (seat, crank),
        (seat, head),
        (head, crank),
        (head, front),
    ):
        draw.line((*begin, *end), fill=frame, width=16)
    draw.line((seat[0], seat[1], 490, 175), fill=ink, width=14)
    draw.rounded_rectangle((445, 158, 545, 180), radius=11, fill=ink)
    draw.line((head[0], head[1], 705, 150), fill=ink, width=14)
    draw.line((705, 150, 760, 140), fill=ink, width=14)
    draw.ellipse((520, 340, 570, 390), outline=ink, width=10)
    held = BytesIO()
    picture.save(held, "PNG", optimize=True)
    return held.getvalue()
