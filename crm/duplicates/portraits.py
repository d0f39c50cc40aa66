"""What is known of a customer that tells him from others, in one plain form."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crm.duplicates import names
from crm.models import Customer, Identity, Order
from tenants.kit.text import folded

Kind = Identity.Kind
MOST_ORDERS = 20

# What facts are called, by whoever brought them. Compared without accents, capitals and marks.
KEYS = {
    "city": "city ciudad cidade municipio localidad localidade town suburb poblacion colonia bairro",
    "address": "address direccion endereco calle street domicilio rua logradouro address_1 direccion_1",
    "postcode": "postcode postal_code zip zip_code zipcode cp codigo_postal cep",
    "birth": "birth birth_date birthdate birthday date_of_birth dob nacimiento fecha_de_nacimiento"
    " fecha_nacimiento cumpleanos nascimento data_de_nascimento data_nascimento aniversario",
    "document": "document document_number documento numero_de_documento rfc curp cpf cnpj rut run dni nif nie"
    " cuit cuil nit ruc cedula ine clave_de_elector rg passport pasaporte passaporte tax_id vat ssn"
    " soc_sec_id id_number identificacion nss",
    "phone": "phone telefono telefone celular movil mobile cell whatsapp tel phone_2 telefono_2",
    "email": "email e_mail correo mail correo_electronico email_2 correo_2",
}
MEANING = {name: fact for fact, known in KEYS.items() for name in known.split()}


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a customer's, and how sure it is that it is his."""

    value: str
    shown: str
    is_verified: bool = False
    is_vouched: bool = False


@dataclass(slots=True)
class Portrait:
    """A customer as he is compared with others."""

    id: Any
    name: tuple[str, ...] = ()
    shown: str = ""
    company: str = ""
    phones: dict[str, Address] = field(default_factory=dict)
    emails: dict[str, Address] = field(default_factory=dict)
    documents: dict[str, Address] = field(default_factory=dict)
    orders: dict[str, str] = field(default_factory=dict)
    city: str = ""
    address: str = ""
    postcode: str = ""
    birth: str = ""


def of_customers(customers: Sequence[Customer]) -> list[Portrait]:
    """Portraits of some customers, with three questions to the database however many they are."""
    ids = [customer.pk for customer in customers]
    found = {
        customer.pk: of_one(customer.pk, customer.name, customer.company, customer.attributes)
        for customer in customers
    }
    fields = ("customer_id", "kind", "value", "display", "is_verified", "is_claimed")
    for owner, kind, value, display, verified, claimed in Identity.objects.filter(
        customer__in=ids
    ).values_list(*fields):
        add_identity(found[owner], kind, Address(value, display, verified, not claimed))
    orders = Order.objects.filter(customer__in=ids).order_by("customer_id", "-placed_at")
    for owner, number, total in orders.values_list("customer_id", "number", "total"):
        if len(known := found[owner].orders) < MOST_ORDERS and len(number) >= 4:
            known[f"{number.casefold()}:{total:.2f}"] = number
    return [found[customer.pk] for customer in customers]


def of_one(id: Any, name: str, company: str, attributes: dict[str, Any]) -> Portrait:
    """What a customer's own fields say."""
    made = Portrait(id, names.words(name), name, folded(company))
    for key, value in attributes.items():
        fact = MEANING.get(re.sub(r"[\W_]+", "_", folded(str(key))).strip("_"))
        text = str(value).strip()
        if not fact or not text or isinstance(value, bool | list | dict):
            continue
        given = Address(text, text, is_vouched=True)
        if fact == "document":
            add_document(made, given)
        elif fact == "phone":
            add_identity(made, Kind.PHONE, given)
        elif fact == "email":
            add_identity(made, Kind.EMAIL, given)
        elif fact == "birth":
            made.birth = date_of(text)
        elif not getattr(made, fact):
            setattr(made, fact, folded(text))
    return made


def add_identity(portrait: Portrait, kind: str, given: Address) -> None:
    """An address among the others; the surer of two that are one stays."""
    if kind in {Kind.PHONE, Kind.WHATSAPP}:
        digits = re.sub(r"\D", "", given.value)
        if len(digits) >= 7 and given.value[:1] != "x":
            _keep(portrait.phones, digits[-10:], given)
    elif kind == Kind.EMAIL:
        if mailbox := mailbox_of(given.value):
            _keep(portrait.emails, mailbox, given)
    elif kind == Kind.EXTERNAL:
        add_document(portrait, given)


def _keep(known: dict[str, Address], key: str, given: Address) -> None:
    had = known.get(key)
    if had is None or (given.is_verified, given.is_vouched) > (had.is_verified, had.is_vouched):
        known[key] = given


def mailbox_of(address: str) -> str:
    """The mailbox behind an address: without +tags, and without the dots that Gmail ignores; "" for none."""
    local, _at, domain = folded(address).rpartition("@")
    if not local or "." not in domain:
        return ""
    local = local.partition("+")[0] or local
    if domain in {"gmail.com", "googlemail.com"}:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def add_document(portrait: Portrait, given: Address) -> None:
    """A document's number by its letters and digits alone, where there are enough of them."""
    number = re.sub(r"[^0-9a-z]", "", folded(given.value))
    if len(number) >= 6 and sum(char.isdigit() for char in number) >= 4 and len(set(number)) >= 3:
        _keep(portrait.documents, number.lstrip("0") or number, given)


DATES = (
    (re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"), (0, 1, 2)),
    (re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$"), (2, 1, 0)),
    (re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$"), (0, 1, 2)),
)


def date_of(text: str) -> str:
    """A date as eight digits; "" for what is none, and for the dates that stand for "unknown"."""
    for pattern, order in DATES:
        if found := pattern.match(text):
            year, month, day = (found[at + 1].zfill(2) for at in order)
            return (
                ""
                if (month, day) == ("01", "01") and year in {"1900", "1970", "2000"}
                else year + month + day
            )
    return ""


def is_verified(one: Iterable[Address]) -> bool:
    """Whether somebody or something showed an address to be his, and nobody of the others merely says so."""
    given = list(one)
    return any(address.is_verified for address in given) and all(address.is_vouched for address in given)
