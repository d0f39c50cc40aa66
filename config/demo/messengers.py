"""What arrives at Bicis Mirasol by WhatsApp, Instagram, Telegram and SMS."""

from functools import partial
from typing import NamedTuple

from config.demo.files import wheel
from config.demo.script import DAY, HOUR, Story, answers, closes, comments, notes, says, story
from conversations.actions.channels import create_channel
from tenants.actors import Actor

WORN = partial(wheel, "llanta_gastada.png", 0.6)


class Messenger(NamedTuple):
    """A channel of the shop, and the kind of address that its customers have there."""

    kind: str
    name: str
    address: str
    identity: str


MESSENGERS = {
    one.kind: one
    for one in (
        Messenger("whatsapp", "WhatsApp", "+52 33 1200 4560", "whatsapp"),
        Messenger("instagram", "Instagram", "@bicis.mirasol", "instagram"),
        Messenger("telegram", "Telegram", "@bicismirasol_bot", "telegram"),
        Messenger("sms", "SMS", "+52 33 1200 4561", "phone"),
    )
}

STORIES: list[Story] = [
    story(
        "Ulises Zepeda",
        "whatsapp",
        says("{saludo}, ¿sigue disponible la de montaña roja talla L que subieron ayer?"),
        says("la de 29", after=1),
        last=8,
        team="Ventas",
        unread=True,
    ),
    story(
        "Benjamín Kim",
        "whatsapp",
        says("Hola! me cotizan el cambio a tubeless de las dos llantas? son 29 x 2.3"),
        notes("Pregunté precio del sellador al proveedor, contesta mañana temprano.", after=30, by="paulina"),
        last=21 * HOUR,
        agent="paulina",
        team="Taller",
    ),
    story(
        "Daniela Romero",
        "whatsapp",
        says("Buenas! así está mi llanta trasera, aguanta la rodada del domingo?", file=WORN),
        answers(
            "¡Hola, {nombre}! Ya se le ve la malla: mejor no. Te la cambiamos en 40 minutos, $420.", after=6
        ),
        says("va, llevo la bici a las 5", after=3),
        answers("Aquí te esperamos, ya te aparté la llanta.", after=2),
        last=26,
        agent="diego",
        team="Taller",
        labels=("Taller",),
    ),
    story(
        "Brenda Covarrubias Ek",
        "whatsapp",
        says("Hola, para la rodada nocturna del viernes necesitamos 15 luces, hay precio de grupo?"),
        answers("¡Hola, {nombre}! Sí: de 12 en adelante van con 15 % menos. ¿Te las aparto?", after=20),
        last=3 * DAY,
        agent="paulina",
        team="Ventas",
        labels=("Mayoreo",),
    ),
    story(
        "Renata Gómez",
        "instagram",
        comments("qué padre está la morada 😍 cuánto cuesta??"),
        says("les escribo mejor por aquí, la tienen en talla S?", after=9),
        last=17,
        team="Ventas",
        unread=True,
    ),
    story(
        "Saúl Navarro",
        "telegram",
        says("Hola, ¿a qué hora cierran hoy?"),
        answers("¡Hola! Hoy cerramos a las 7. ¿Vienes por algo en especial? Te lo dejo listo.", after=3),
        says("por unos guantes, ahí llego. gracias!", after=2),
        last=52,
        agent="diego",
        team="Ventas",
    ),
    story(
        "Efraín Chávez",
        "sms",
        says("Ya quedo mi bici? soy Efrain, la azul del cambio roto"),
        last=64,
        team="Taller",
    ),
    story(
        "Leticia Vázquez",
        "whatsapp",
        says("{saludo}, me equivoqué de talla en el casco, lo puedo cambiar?"),
        answers(
            "Claro que sí, {nombre}. Con tu ticket y sin uso, tienes 30 días. ¿Qué talla necesitas?", after=5
        ),
        says("M porfa", after=4),
        answers("Te aparté uno en M en el mostrador.", after=3),
        closes(after=40),
        days=2,
        agent="diego",
        team="Ventas",
    ),
    story(
        "Mateo Aguilar Xolalpa",
        "whatsapp",
        says("oigan cuanto tarda un servicio completo?"),
        answers("¡Hola, {nombre}! De un día para otro si la dejas antes de las 12.", after=9),
        says("sale, la llevo el martes", after=6),
        closes(after=70),
        days=9,
        agent="tono",
        team="Taller",
    ),
    story(
        "Jimena Torres Harp",
        "instagram",
        says("hacen envíos a Colima?"),
        answers("¡Hola, {nombre}! Sí, de 2 a 4 días hábiles, $180.", after=15),
        closes(after=90),
        days=14,
        agent="paulina",
        team="Ventas",
    ),
]


def open_messengers(by: Actor) -> None:
    """Open the shop's channels. The simulator connects them; elsewhere they say what they lack."""
    for one in MESSENGERS.values():
        create_channel(kind=one.kind, name=one.name, address=one.address, by=by)
