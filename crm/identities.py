"""Addresses of people: their one canonical form, and the customer behind them.

A phone number and a WhatsApp id with the same digits are one person (PRODUCT.md B1).
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import phonenumbers
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import likeness
from crm.models import Customer, Identity
from tenants.db.prepared import prepared
from tenants.kit.text import clean, one_line
from tenants.refusals import Conflicting, Refused
from tenants.scoping import current_tenant_id

Kind = Identity.Kind
PHONE_KINDS = (Kind.PHONE, Kind.WHATSAPP)
LONGEST = 255
JUST_MADE = timedelta(seconds=5)

# One person behind several spellings: what follows each pattern is the form we keep.
SPELLINGS = (
    # Mexico dropped the 1 of mobiles in 2019, and 01, 044, 045 with it; WhatsApp still sends 521.
    (re.compile(r"^\+52(?:1|01|044|045)(\d{10})$"), r"+52\1"),
    # Brazil put a 9 before every mobile number by 2016; WhatsApp ids of older accounts lack it.
    (re.compile(r"^\+55([1-9]\d)([6-9]\d{7})$"), r"+55\g<1>9\2"),
    # Argentina's 9 says "mobile, called from abroad"; area code and number are unique without it.
    (re.compile(r"^\+549(\d{10})$"), r"+54\1"),
)
USERNAME = re.compile(r"^[a-z0-9._]{1,64}$")
# A WhatsApp account that hides its number: country, dot, letters and digits.
WHATSAPP_USER = re.compile(r"^[A-Z]{2}\.[A-Za-z0-9.]{1,128}$")


class InvalidIdentity(Refused):
    """An address that cannot be one. Its text says why, to the person who typed it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "value")


class IdentityTaken(Conflicting):
    """An address that belongs to another customer."""

    def __init__(self, customer: Customer) -> None:
        super().__init__(_("This address belongs to another customer."), "value")
        self.customer = customer


@dataclass(frozen=True, slots=True)
class Canonical:
    """An address in its one form, and as a person writes it."""

    value: str
    display: str


def canonical(kind: str, raw: str, country: str) -> Canonical:
    """The one form of an address, whatever spelling it came in.

    In: a kind of `Identity.Kind`, the text, and the country (ISO 3166-1 alpha-2) in which a phone
    number without country code is meant. Raises `InvalidIdentity` with a sentence.
    """
    text = unicodedata.normalize("NFKC", clean(raw)).strip()
    if not text:
        raise InvalidIdentity(_("Enter an address."))
    match kind:
        case Kind.PHONE:
            return _phone(text, country)
        case Kind.WHATSAPP:
            return _whatsapp(text, country)
        case Kind.EMAIL:
            return _email(text)
        case Kind.TELEGRAM | Kind.INSTAGRAM | Kind.MESSENGER:
            return _account(text)
        case Kind.WEB:
            return _token(text.lower())
        case Kind.EXTERNAL:
            return _token(" ".join(text.split()))
    raise InvalidIdentity(_("There is no such kind of address."))


def _phone(text: str, country: str) -> Canonical:
    """E.164 (ITU-T) with the spellings above made one; an extension stays part of it."""
    try:
        number = phonenumbers.parse(_without_old_prefix(text, country), country.upper() or None)
    except phonenumbers.NumberParseException:
        raise InvalidIdentity(_("This is not a phone number.")) from None
    kept = same_person(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    parsed = phonenumbers.parse(kept)
    if not phonenumbers.is_possible_number(parsed):
        raise InvalidIdentity(_("This phone number has too few or too many digits. Does the area code lack?"))
    shown = number if number.country_code == 54 else parsed  # Argentina's 9 is needed to dial
    display = phonenumbers.format_number(shown, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    if number.extension:
        return Canonical(f"{kept};ext={number.extension}", f"{display} ext. {number.extension}")
    return Canonical(kept, display)


def _without_old_prefix(text: str, country: str) -> str:
    """Mexico's 01, 044 and 045, which people still write before ten digits."""
    if country.upper() != "MX":
        return text
    return re.sub(r"^\D*(?:01|044|045)((?:\D*\d){10}\D*)$", r"\1", text)


def same_person(e164: str) -> str:
    """A number in E.164 with the country's alternative spellings made one."""
    for pattern, kept in SPELLINGS:
        e164 = pattern.sub(kept, e164)
    return e164


def _whatsapp(text: str, country: str) -> Canonical:
    """A wa_id (digits without plus), a number as people write it, or a user id without a number."""
    if WHATSAPP_USER.match(text):
        return Canonical(text, text)
    text = text.partition("@")[0]
    if text.isascii() and text.isdigit() and len(text) > 10:
        try:
            return _phone(f"+{text}", "")
        except InvalidIdentity:
            if len(text) > 20:
                raise
            return Canonical(f"+{text}", f"+{text}")
    return _phone(text, country)


def _email(text: str) -> Canonical:
    """Lower case; the domain in its ASCII form (RFC 5891). Tolerant: mail that arrived has a sender."""
    if text[:7].lower() == "mailto:":
        text = text[7:]
    local, _at, domain = text.rpartition("@")
    domain = domain.rstrip(".").lower()
    quoted = len(local) > 2 and local[0] == local[-1] == '"' and local.isprintable()
    odd = re.search(r"[\s\x00-\x1f\x7f<>,;\"]", domain if quoted else text)
    if not local or not domain or odd or domain.startswith("."):
        raise InvalidIdentity(_("This is not an e-mail address."))
    try:
        ascii_domain = domain.encode("idna").decode()
    except UnicodeError:
        ascii_domain = domain
    value = f"{local.lower()}@{ascii_domain}"
    if ".." in domain or len(value) > 254:
        raise InvalidIdentity(_("This is not an e-mail address."))
    return Canonical(value, f"{local}@{domain}")


def _account(text: str) -> Canonical:
    """A user name with or without @ or the network's address before it, or the network's own number."""
    name = re.sub(r"^(?:https?://)?(?:www\.)?(?:t\.me|instagram\.com|m\.me)/", "", text, flags=re.IGNORECASE)
    name = name.strip("/").removeprefix("@").lower()
    if not USERNAME.match(name):
        raise InvalidIdentity(_("A user name has only letters, digits, dots and underscores."))
    return Canonical(name, name if name.isdigit() else f"@{name}")


def _token(text: str) -> Canonical:
    if len(text) > LONGEST or not text.isprintable():
        raise InvalidIdentity(_("This identifier is too long or holds unreadable characters."))
    return Canonical(text, text)


def alike(kind: str) -> tuple[str, ...]:
    """The kinds in which one value is one person: phone numbers and WhatsApp ids go together."""
    return PHONE_KINDS if kind in PHONE_KINDS else (kind,)


def owner_of(kind: str, value: str) -> Customer | None:
    """The customer with a canonical address of this kind or one like it; who merely claims it is not he."""
    return next(iter(_owners(kind, value=value)), None)


@prepared(Customer)
def _owners(kind: str, *, value: str) -> QuerySet[Customer]:
    owned = Customer.objects.filter(
        identities__kind__in=alike(kind), identities__value=value, identities__is_claimed=False
    )
    return owned.order_by("identities__id")[:1]


def find_customer(kind: str, raw: str, country: str) -> Customer | None:
    """The customer an address belongs to. Raises `InvalidIdentity`."""
    return owner_of(kind, canonical(kind, raw, country).value)


def _lock(kind: str, value: str) -> None:
    """Make all who ask for one address wait for each other until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_number(kind, value)])


def _lock_number(kind: str, value: str) -> int:
    name = f"identity:{current_tenant_id()}:{alike(kind)[0]}:{value}"
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)


def attach(
    customer: Customer, kind: str, raw: str, *, country: str, verified: bool = False
) -> tuple[Identity, bool]:
    """Give a customer an address. Returns it and whether it is new to him.

    Raises `InvalidIdentity`, and `IdentityTaken` when it belongs to somebody else.
    """
    address = canonical(kind, raw, country)
    if own := _surely_his(customer, kind, address.value, verified):
        return own, False
    _lock(kind, address.value)
    return _attach(customer, kind, address, verified)


def _surely_his(customer: Customer, kind: str, value: str, verified: bool) -> Identity | None:
    """An address that is his as it stands, and that nobody claims: nothing to wait for or to write."""
    rows = _with_value(kind, value=value)
    if any(row.customer_id != customer.pk or row.is_claimed for row in rows):
        return None
    own = (row for row in rows if row.kind == kind and (row.is_verified or not verified))
    return next(own, None)


@prepared(Identity)
def _with_value(kind: str, *, value: str) -> QuerySet[Identity]:
    return Identity.objects.filter(kind__in=alike(kind), value=value)


def _attach(customer: Customer, kind: str, address: Canonical, verified: bool) -> tuple[Identity, bool]:
    """Under the address's lock. Whoever merely claimed the address loses it, and may be the same person."""
    holder = owner_of(kind, address.value)
    if holder is not None and holder.pk != customer.pk:
        raise IdentityTaken(holder)
    given_up = _take_claims(customer, kind, address)
    if given_up and verified and not given_up.is_verified:
        given_up.is_verified = True
        given_up.save(update_fields=["is_verified"])
    if given_up:
        _let_see(customer)
        return given_up, True
    known = {"customer": customer, "display": address.display[:LONGEST], "is_verified": verified}
    _let_see(customer)
    if holder is None:
        return Identity.objects.create(kind=kind, value=address.value, **known), True
    identity, created = Identity.objects.get_or_create(
        kind=kind, value=address.value, defaults={"tenant_id": current_tenant_id(), **known}
    )
    if verified and not identity.is_verified:
        identity.is_verified = True
        identity.save(update_fields=["is_verified"])
    return identity, created


def _let_see(customer: Customer) -> None:
    """Let those look at him again who compare customers or ask what changed; a new one is seen anyhow."""
    now = timezone.now()
    if now - customer.updated_at > JUST_MADE:
        customer.updated_at = now
        Customer.objects.filter(pk=customer.pk).update(updated_at=now)


def _take_claims(customer: Customer, kind: str, address: Canonical) -> Identity | None:
    """What was claimed of an address belongs to whom it is shown to; returns the row of this very kind."""
    claims = Identity.objects.filter(kind__in=alike(kind), value=address.value, is_claimed=True)
    taken: Identity | None = None
    for claim in claims.select_related("customer"):
        if claim.customer_id != customer.pk:
            likeness.suggest(customer, claim.customer, likeness.why(kind), address.display)
        claim.customer, claim.is_claimed = customer, False
        claim.save(update_fields=["customer", "is_claimed"])
        taken = claim if claim.kind == kind else taken
    return taken


def claim(customer: Customer, kind: str, raw: str, *, country: str) -> None:
    """Keep an address that a customer says is his. It joins him to nobody; who else has it may be he.

    Raises `InvalidIdentity`.
    """
    address = canonical(kind, raw, country)
    _lock(kind, address.value)
    others = Identity.objects.filter(kind__in=alike(kind), value=address.value).select_related("customer")
    for other in others.exclude(customer=customer):
        likeness.suggest(customer, other.customer, likeness.why(kind), address.display)
    if not others.filter(kind=kind).exists() and owner_of(kind, address.value) is None:
        kept = {"value": address.value, "display": address.display[:LONGEST], "is_claimed": True}
        Identity.objects.create(customer=customer, kind=kind, **kept)
        _let_see(customer)


def vouch(identity: Identity) -> None:
    """A colleague writes to an address that was claimed: he takes it for the customer's."""
    if identity.is_claimed:
        identity.is_claimed = False
        identity.save(update_fields=["is_claimed"])


def resolve(
    *, kind: str, raw: str, name: str = "", verified: bool = False, country: str = ""
) -> tuple[Customer, bool]:
    """The customer who writes from an address, made if nobody has it. Returns him and whether he is new.

    Two at once get the same customer. A profile name fills an empty name and never replaces one.
    Raises `InvalidIdentity`.
    """
    address = canonical(kind, raw, country)
    name = one_line(name, 150)
    known = Identity.objects.filter(kind=kind, value=address.value).select_related("customer").first()
    if known is not None and not known.is_claimed and (known.is_verified or not verified):
        return _named(known.customer, name), False
    _lock(kind, address.value)
    customer = owner_of(kind, address.value)
    created = customer is None
    if customer is None:
        customer = Customer.objects.create(name=name, last_contact_at=timezone.now())
    _attach(customer, kind, address, verified)
    return _named(customer, name), created


def resolve_many(asked: Sequence[tuple[str, str, str]], *, country: str) -> list[UUID | InvalidIdentity]:
    """The same for many addresses at once, each with its kind and a name, in a few statements.

    Out, in their order: the customer's identifier, or why the text is no address. A name is kept for those
    who are made here.
    """
    addresses = [_canonical_or_refusal(kind, raw, country) for kind, raw, _name in asked]
    places: dict[tuple[str, str], int] = {}
    for place, ((kind, _raw, _name), address) in enumerate(zip(asked, addresses, strict=True)):
        if isinstance(address, Canonical):
            places.setdefault((alike(kind)[0], address.value), place)
    known = _owners_of(places)
    missing = [key for key in places if key not in known]
    if missing:
        _lock_many(missing)
        known |= _owners_of(missing)
        made = [place for key, place in places.items() if key not in known]
        known |= _make_many([(*asked[place], addresses[place]) for place in made])  # type: ignore[misc]
    return [
        known[alike(kind)[0], address.value] if isinstance(address, Canonical) else address
        for (kind, _raw, _name), address in zip(asked, addresses, strict=True)
    ]


def _canonical_or_refusal(kind: str, raw: str, country: str) -> Canonical | InvalidIdentity:
    try:
        return canonical(kind, raw, country)
    except InvalidIdentity as refusal:
        refusal.field = "identity/value"
        return refusal


def _owners_of(keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Who has addresses, given by the first of the kinds that are alike and their canonical value."""
    wanted = set(keys)
    kinds = {kind for first, _value in wanted for kind in alike(first)}
    found = Identity.objects.filter(
        kind__in=kinds, value__in={value for _first, value in wanted}, is_claimed=False
    )
    rows = found.order_by("-id").values_list("kind", "value", "customer_id")
    owners = {(alike(kind)[0], value): customer for kind, value, customer in rows}
    return {key: customer for key, customer in owners.items() if key in wanted}


def _lock_many(keys: Iterable[tuple[str, str]]) -> None:
    """As `_lock`, always in the same order, so that two calls never wait for each other in a ring."""
    numbers = sorted(_lock_number(kind, value) for kind, value in keys)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) AS n", [numbers])


def _make_many(
    asked: Sequence[tuple[str, str, str, Canonical]],
) -> dict[tuple[str, str], UUID]:
    """Customers for addresses that nobody has, under the addresses' locks."""
    now = timezone.now()
    rows = [
        (Customer(name=one_line(name, 150), last_contact_at=now), kind, address)
        for kind, _raw, name, address in asked
    ]
    Customer.objects.bulk_create([customer for customer, _kind, _address in rows])
    claimed = set(
        Identity.objects.filter(
            value__in=[address.value for _customer, _kind, address in rows], is_claimed=True
        ).values_list("value", flat=True)
    )
    for customer, kind, address in rows:
        if address.value in claimed:
            _attach(customer, kind, address, verified=False)
    Identity.objects.bulk_create(
        Identity(customer=customer, kind=kind, value=address.value, display=address.display[:LONGEST])
        for customer, kind, address in rows
        if address.value not in claimed
    )
    return {(alike(kind)[0], address.value): customer.pk for customer, kind, address in rows}


def _named(customer: Customer, name: str) -> Customer:
    if name and not customer.name and not customer.name_confirmed:
        customer.name = name
        customer.save(update_fields=["name", "updated_at"])
    return customer
