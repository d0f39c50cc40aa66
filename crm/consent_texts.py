"""What customers read when they are asked whether they agree, and the links by which they answer."""

import base64
from collections.abc import Iterable
from functools import cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from crm.models import ConsentPolicy, Customer, Medium, Purpose
from tenants import doors
from tenants.models import DirectoryEntry, Tenant

SALT = "crm.preferences"
MAIL = "m"  # the parameter of a link by which its mail is known
COMMON_NOUNS = (Medium.EMAIL, Medium.PHONE, Medium.WEB)  # written small within a sentence


def policy() -> ConsentPolicy:
    """What the business wants of consent; nothing special where it never said."""
    found: ConsentPolicy | None = ConsentPolicy.objects.first()
    return found or ConsentPolicy()


def language_of(customer: Customer, tenant: Tenant) -> str:
    """The language in which a customer reads: his own, one we have, else the business's."""
    ours = {code for code, _name in settings.LANGUAGES}
    return customer.language if customer.language in ours else tenant.language


def amid(medium: str) -> str:
    """A medium as it is written within a sentence: e-mail, WhatsApp."""
    name = str(Medium(medium).label)
    return name[:1].lower() + name[1:] if medium in COMMON_NOUNS else name


def wording(purpose: str, medium: str, *, wanted: ConsentPolicy, business: str) -> str:
    """What one agrees to, in the active language or in the business's own words."""
    said = {"business": business, "medium": amid(medium)}
    if purpose == Purpose.PROMOTION:
        return (
            wanted.promotion_text
            or _("%(business)s may send me offers by %(medium)s. I can take this back at any time.") % said
        )
    if purpose == Purpose.SURVEY:
        return (
            wanted.survey_text
            or _(
                "%(business)s may ask me by %(medium)s how satisfied I was. I can take this back at any time."
            )
            % said
        )
    return _("%(business)s may write to me by %(medium)s about my orders, appointments and questions.") % said


def wording_for(customer: Customer, purpose: str, medium: str) -> str:
    """The same in the customer's language."""
    tenant = Tenant.objects.get()
    with translation.override(language_of(customer, tenant)):
        return wording(purpose, medium, wanted=policy(), business=tenant.name)


def secret_of(tenant_id: UUID, customer_id: UUID, version: int = 0) -> str:
    """What a customer's links carry: 256 bits that nobody can guess without the installation's key.

    `version` is how often they were renewed.
    """
    name = f"{tenant_id}:{customer_id}:{version}" if version else f"{tenant_id}:{customer_id}"
    digest = salted_hmac(SALT, name, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def open_doors(customers: Iterable[Customer]) -> dict[UUID, str]:
    """The secrets of some customers' links, their doors open; again and for many at once alike."""
    secrets = {one.pk: secret_of(one.tenant_id, one.pk, one.links_version) for one in customers}
    doors.open_many(
        DirectoryEntry.Kind.PREFERENCES,
        {doors.fingerprint(secret): pk for pk, secret in secrets.items()},
    )
    return secrets


def preferences_url(customer: Customer) -> str:
    """Where a customer says what he wants to get."""
    return centre_url(open_doors([customer])[customer.pk])


def centre_url(secret: str) -> str:
    """The same by the secret that `open_doors` returned."""
    return _address("preferences:centre", secret)


def unsubscribe_headers(
    customer: Customer, medium: str, purpose: str, secret: str = "", *, mail: str = ""
) -> dict[str, str]:
    """The headers by which a mail program unsubscribes him by one click (RFC 2369, RFC 8058).

    Who writes to many gives the `secret` that `open_doors` returned for them, and what names the `mail`.
    """
    secret = secret or open_doors([customer])[customer.pk]
    address = _address("preferences:one-click", secret, medium, purpose) + (f"?{MAIL}={mail}" if mail else "")
    return {
        "List-Unsubscribe": f"<{address}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _address(name: str, *args: str) -> str:
    """The address of a page; `args` are secrets and words of ours, which need no quoting."""
    return settings.BASE_URL + _pattern(name, len(args)).format(*args)


@cache
def _pattern(name: str, count: int) -> str:
    """Django looks an address up anew each time, which takes long for many."""
    places = [f"place-{number}" for number in range(count)]
    found = reverse(name, args=places)
    for number, place in enumerate(places):
        found = found.replace(place, f"{{{number}}}")
    return found
