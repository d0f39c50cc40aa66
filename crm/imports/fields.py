"""What a column can be, and the words by which people call it in our three languages."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.models import Import
from tenants.kit.text import folded

Target = Import.Target
ATTRIBUTE, NEW_ATTRIBUTE = "attribute:", "new:"
ADDRESSES = ("phone", "whatsapp", "email", "telegram", "instagram", "external")
PERSON = ("id", *ADDRESSES)


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a column can be. `words` are folded; `several` columns of it may stand side by side."""

    code: str
    label: Any
    words: tuple[str, ...]
    several: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))


_ID = Field(
    "id",
    _("Puente's own identifier"),
    _words("id puente, puente id, puente's own identifier, identificador de puente, identificador do puente"),
)
_PHONE = Field(
    "phone",
    _("Phone"),
    _words(
        "phone, telefono, telefone, tel, celular, cel, movil, mobile, cell, cellphone, numero de telefono, numero de celular, telefono celular, telefono movil, phone number, mobile phone, fone, numero, contacto, telefono 1, telefono 2, telefono casa, telefono trabajo"
    ),
    several=True,
)
_WHATSAPP = Field(
    "whatsapp",
    _("WhatsApp"),
    _words("whatsapp, wa, whats, numero de whatsapp, wsp, zap, zapzap"),
    several=True,
)
_EMAIL = Field(
    "email",
    _("E-mail"),
    _words(
        "email, e-mail, mail, correo, correo electronico, correo e, email address, e mail, endereco de email, endereco de e-mail, direccion de correo, emails, correos"
    ),
    several=True,
)
_EXTERNAL = Field(
    "external",
    _("Identifier in another system"),
    _words(
        "identifier in another system, customer id, id cliente, id de cliente, id do cliente, codigo, codigo de cliente, codigo do cliente, clave, clave de cliente, numero de cliente, no. de cliente, no cliente, num cliente, external id, external_id, customer number, folio de cliente, uid, identificador en otro sistema, identificador em outro sistema, cliente id, client id, customer_id, id externo"
    ),
)
_NAME = Field(
    "name",
    _("Full name"),
    _words(
        "name, nombre, nome, nombre completo, full name, nome completo, cliente, customer, customer name, nombre del cliente, nome do cliente, contact, contacto nombre, razon social, display name, client"
    ),
)
_TELEGRAM = Field("telegram", _("Telegram"), _words("telegram"))
_INSTAGRAM = Field("instagram", _("Instagram"), _words("instagram, ig, instagram user, usuario de instagram"))

CUSTOMER_FIELDS = (
    _NAME,
    Field("first_name", _("First name"), _words("first name, nombres, nombre de pila, primer nombre, primeiro nome, given name, firstname, nombre(s)")),
    Field("last_name", _("Last name"), _words("last name, apellido, apellidos, sobrenome, surname, family name, lastname, apellido paterno, apellido materno, primer apellido, segundo apellido, apellido(s)"), several=True),
    _PHONE,
    _WHATSAPP,
    _EMAIL,
    _TELEGRAM,
    _INSTAGRAM,
    _EXTERNAL,
    Field("company", _("Company"), _words("company, empresa, compania, negocio, organization, organizacion, companhia, organizacao")),
    Field("labels", _("Labels"), _words("labels, etiquetas, etiqueta, tags, tag, label, marcadores, categorias, categoria, grupo, grupos, groups"), several=True),
    Field("language", _("Language"), _words("language, idioma, lengua, lingua, lang")),
    Field("timezone", _("Time zone"), _words("time zone, timezone, zona horaria, huso horario, fuso horario")),
    _ID,
)  # fmt: skip
_WHO = (_PHONE, _EMAIL, _EXTERNAL, _WHATSAPP, Field("name", _("Customer's name"), _NAME.words), _ID)
_SOURCE = Field(
    "source",
    _("System it comes from"),
    _words("source, sistema, system, origen, origem, tienda, loja, store"),
)
ORDER_FIELDS = (
    Field("order_id", _("Order's identifier"), _words("order's identifier, order id, id, id pedido, id de pedido, id del pedido, id do pedido, folio, identificador del pedido, identificador do pedido, orden, order, external_id, external id, order_id, id orden")),
    Field("number", _("Order number"), _words("order number, numero de pedido, numero do pedido, no. pedido, pedido, number, numero, no. de pedido, ticket, venta, factura, nota")),
    Field("status", _("Status"), _words("status, estado, estatus, situacao, estado del pedido, status do pedido, order status, financial status")),
    Field("total", _("Total"), _words("total, importe, monto, valor, amount, importe total, valor total, precio, total pedido, total amount, monto total")),
    Field("currency", _("Currency"), _words("currency, moneda, moeda, divisa")),
    Field("placed_at", _("Date"), _words("date, fecha, data, fecha de pedido, fecha del pedido, data do pedido, order date, created at, placed at, placed, fecha de compra, data da compra, fecha y hora, fecha de venta")),
    Field("items", _("Products"), _words("products, productos, produtos, items, articulos, itens, producto, produto, product, item, descripcion, concepto")),
    _SOURCE,
    *_WHO,
)  # fmt: skip
APPOINTMENT_FIELDS = (
    Field("appointment_id", _("Appointment's identifier"), _words("appointment's identifier, id, id cita, id de cita, id de la cita, appointment id, folio, external_id, id agendamento, identificador de la cita, identificador do agendamento")),
    Field("service", _("What for"), _words("what for, servicio, service, servico, motivo, tratamiento, tratamento, tipo de cita, concepto, para que")),
    Field("starts_at", _("Begins"), _words("begins, date, fecha, data, starts at, start, inicio, fecha de cita, fecha de la cita, fecha y hora, data e hora, comienza, comeca, starts")),
    Field("starts_time", _("Time of day"), _words("time of day, hora, time, horario, hora de inicio, hora de la cita")),
    Field("ends_at", _("Ends"), _words("ends, end, fin, termina, ends at, hora de fin, fim, termino")),
    Field("status", _("Status"), _words("status, estado, estatus, situacao")),
    Field("place", _("Where"), _words("where, lugar, place, sucursal, local, ubicacion, branch, donde, onde, unidade, filial")),
    Field("staff", _("With whom"), _words("with whom, con quien, com quem, staff, empleado, profesional, profissional, atiende, especialista, doctor, medico, barbero, estilista")),
    Field("note", _("Note"), _words("note, nota, notas, notes, comentario, comentarios, observaciones, observacoes")),
    _SOURCE,
    *_WHO,
)  # fmt: skip
CONSENT_FIELDS = (
    Field("medium", _("By"), _words("by, medium, medio, canal, channel, meio, por")),
    Field("purpose", _("For"), _words("for, purpose, finalidad, proposito, para, finalidade, motivo, uso")),
    Field("state", _("State"), _words("state, estado, consent, consentimiento, consentimento, acepta, aceita, opt-in, opt in, optin, suscrito, subscribed, status, estatus, autoriza")),
    Field("since", _("When"), _words("when, date, fecha, data, since, desde, fecha de consentimiento, fecha de alta, cuando, quando, data do consentimento, consent date, timestamp")),
    Field("text_shown", _("Words the customer agreed to"), _words("words the customer agreed to, text, texto, texto mostrado, leyenda, aviso, frase, palabras que acepto, texto aceito")),
    Field("proof", _("Where the proof lies"), _words("where the proof lies, proof, prueba, prova, evidencia, source, origen, fuente, origem, fonte, formulario, form, donde consta, onde consta")),
    Field("ip", _("Internet address"), _words("internet address, ip, ip address, direccion ip, endereco ip")),
    Field("expires_at", _("Until"), _words("until, expires, vence, vencimiento, hasta, validade, expires at, caducidad, ate")),
    *_WHO,
)  # fmt: skip

FIELDS: dict[str, tuple[Field, ...]] = {
    Target.CUSTOMERS: CUSTOMER_FIELDS,
    Target.ORDERS: ORDER_FIELDS,
    Target.APPOINTMENTS: APPOINTMENT_FIELDS,
    Target.CONSENTS: CONSENT_FIELDS,
}


def field_of(target: str, code: str) -> Field | None:
    """The field with a code, None for one there is not."""
    return next((field for field in FIELDS[target] if field.code == code), None)


def by_word(target: str) -> dict[str, str]:
    """The codes of a target's fields by every word for them; the first field that claims a word has it."""
    found: dict[str, str] = {}
    for field in FIELDS[target]:
        for word in (field.code, str(field.label), *field.words):
            found.setdefault(folded(word.replace("_", " ")), field.code)
    return found
