"""The model a business plugs in: written down, tested, taken out."""

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations.actions import model_calls
from conversations.actions.model_calls import CHECK, LOST
from conversations.model_wire import LIMIT_NAMES, PATH, NotSaid
from conversations.models import ModelCall, ModelEndpoint, Use
from tenants import audit
from tenants.actors import Actor
from tenants.kit.tasks import ring
from tenants.queries import own
from tenants.refusals import Conflicting, Refused
from tenants.scoping import tenant_scope

FIELDS = (
    "is_on", "base_url", "model", "uses", "seconds", "per_minute", "most_input", "most_output", "budget",
    "price_input", "price_output", "currency",
)  # fmt: skip
LONGEST_KEY = 500
TRIAL = [
    {"role": "system", "content": "Answer with the one word OK."},
    {"role": "user", "content": "Do you hear me?"},
]


class InvalidEndpoint(Refused):
    """Something about the model cannot be so."""


def endpoint() -> ModelEndpoint | None:
    """The business's model."""
    found: ModelEndpoint | None = ModelEndpoint.objects.first()
    return found


@transaction.atomic
def save_endpoint(*, by: Actor, key: str | None = None, **changes: Any) -> ModelEndpoint:
    """Keep the model; what is not given stays. `key` None keeps the key, "" forgets it.

    A key goes to the server it was entered for only: with another server it has to be entered again.
    Raises `InvalidEndpoint`.
    """
    found = ModelEndpoint.objects.select_for_update().first() or ModelEndpoint(currency=own().currency)
    before = {name: getattr(found, name) for name in FIELDS}
    for name, value in changes.items():
        assert name in FIELDS
        setattr(found, name, value)
    found.base_url = _address(found.base_url)
    found.model = found.model.strip()
    found.currency = found.currency.strip().upper()
    found.uses = [use for use in Use.values if use in set(_uses(found.uses))]
    _check(found)
    moved = _origin(before["base_url"]) != _origin(found.base_url)
    if key is None and moved and found.has_key:
        raise InvalidEndpoint(_("The address is another server's: enter the key for it again."), "key")
    if key is not None:
        found.secrets = {"key": _key(key)} if key.strip() else {}
    changed = sorted(name for name in FIELDS if getattr(found, name) != before[name])
    if key is not None:
        changed.append("key")
    if {"base_url", "model", "key"} & set(changed):
        found.limit_name, found.checked_at, found.check_outcome, found.check_said = (
            LIMIT_NAMES[0],
            None,
            "",
            "",
        )
    found.spent_up_on, found.paused_until, found.failures = None, None, 0
    found.version += 1
    is_new = found._state.adding
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise Conflicting(_("Somebody else plugged one in just now: look at it first.")) from None
    if changed or is_new:
        audit.record("model.changed", target=found, by=by, fields=changed)
    return found


def _address(given: str) -> str:
    """An address without what is added when it is called. Raises `InvalidEndpoint`."""
    url = given.strip().rstrip("/")
    url = url.removesuffix(PATH)
    wrong = InvalidEndpoint(_("Enter an address that begins with https:// or http://."), "base_url")
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        raise wrong from None
    is_plain = url.isascii() and url.isprintable() and not any(char.isspace() for char in url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not is_plain:
        raise wrong
    if parts.username is not None or parts.query or parts.fragment:
        raise InvalidEndpoint(_("The address holds no name, password, ? or #."), "base_url")
    return url


def _uses(given: Any) -> list[str]:
    if not isinstance(given, list | tuple) or any(use not in Use.values for use in given):
        raise InvalidEndpoint(_("Choose from the list."), "uses")
    return list(given)


def _check(found: ModelEndpoint) -> None:
    try:
        found.full_clean(
            exclude=["id", "tenant", "secrets"], validate_unique=False, validate_constraints=False
        )
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise InvalidEndpoint(sentences[0], field) from None


def _key(given: str) -> str:
    key = given.strip()
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise InvalidEndpoint(_("This is no key: copy it again from the provider's page."), "key")
    return key


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


@transaction.atomic
def remove_endpoint(*, by: Actor) -> None:
    """Take the model out and forget its key; what it cost so far stays written down."""
    found = endpoint()
    if found is None:
        return
    audit.record("model.removed", target=found, by=by, model=found.model)
    found.delete()


def request_check(*, by: Actor) -> ModelEndpoint | None:
    """Let a worker ask the model for one word."""
    from conversations.model_tasks import check_model  # noqa: PLC0415 -- leaf

    found = endpoint()
    if found is None or is_checking(found):
        return found
    found.checking_since = timezone.now()
    found.save(update_fields=["checking_since"])
    ring(check_model, found.tenant_id)
    return found


def is_checking(found: ModelEndpoint) -> bool:
    """Whether a test is on its way, and not lost."""
    return found.checking_since is not None and timezone.now() - found.checking_since < LOST


def check(tenant_id: UUID | str) -> None:
    """Ask the model for one word and keep what came of it. Harmless when run twice.

    A model that was changed meanwhile keeps nothing.
    """
    with tenant_scope(tenant_id):
        found = ModelEndpoint.objects.exclude(checking_since=None).first()
        if found is None:
            return
        call = model_calls.open_call(CHECK)
    outcome, said = ModelCall.Outcome.USED, ""
    try:
        model_calls.ask(tenant_id, call.pk, TRIAL)
    except NotSaid as error:
        outcome, said = error.outcome, error.said
    with tenant_scope(tenant_id):
        if outcome is ModelCall.Outcome.USED:
            model_calls.conclude(call, outcome)
        tested = ModelEndpoint.objects.filter(pk=found.pk, version=found.version)
        tested.update(check_outcome=outcome, check_said=said[:300], checked_at=timezone.now())
        ModelEndpoint.objects.filter(pk=found.pk).update(checking_since=None)
