"""The standing of the domain a channel writes from: its key, and what a worker found in the DNS."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from conversations import gate
from conversations.actions import bells
from conversations.channels.email import dkim, domains
from conversations.channels.email.domains import Expected, Finding
from conversations.models import Channel, DomainCheck
from tenants import audit
from tenants.actors import Actor
from tenants.refusals import Refused
from tenants.scoping import tenant_scope

LOST = timedelta(minutes=2)  # after which nobody waits for an answer any more


@dataclass(frozen=True, slots=True)
class Line:
    """One record, as it should be and as it is."""

    what: str
    kind: str
    name: str
    value: str
    state: str  # "" before the first look
    found: str


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is known of a channel's domain."""

    channel: Channel
    domain: str
    signs: bool
    lines: list[Line]
    checked_at: object
    is_looking: bool


def standing(channel: Channel) -> Standing:
    """What should stand in the DNS of its domain, and what was found there last."""
    wanted = domains.expected(channel, gate.policy().tracking_host)
    check = DomainCheck.objects.filter(channel=channel).first()
    domain = dkim.domain_of(channel)
    known = check.findings if check and check.domain == domain else []
    by_name = {one["what"]: one for one in known}
    return Standing(
        channel=channel,
        domain=domain,
        signs=dkim.signer_of(channel) is not None,
        lines=[_line(one, by_name.get(one.what, {})) for one in wanted],
        checked_at=check.checked_at if check and known else None,
        is_looking=bool(check and check.asked_at and timezone.now() - check.asked_at < LOST),
    )


def _line(wanted: Expected, found: dict[str, str]) -> Line:
    """What was found of another record than the one wanted now says nothing."""
    fits = found.get("value") == wanted.value and found.get("name") == wanted.name
    return Line(
        what=wanted.what,
        kind=wanted.kind,
        name=wanted.name,
        value=wanted.value,
        state=found["state"] if fits else "",
        found=found["found"] if fits else "",
    )


@transaction.atomic
def request_look(*, channel: Channel, by: Actor) -> Standing:
    """Let a worker ask the DNS. Raises `Refused` where the address is the installation's."""
    domain = _own_domain(channel)
    DomainCheck.objects.update_or_create(
        channel=channel, defaults={"asked_at": timezone.now(), "domain": domain}
    )
    bells.look_at_domains()
    return standing(channel)


@transaction.atomic
def make_key(*, channel: Channel, by: Actor) -> Standing:
    """A new key for the channel's domain: its mails are signed with it at once. The old one is forgotten."""
    domain = _own_domain(channel)
    locked = Channel.objects.select_for_update(of=("self",)).get(pk=channel.pk)
    selector = f"puente{timezone.now():%y%m%d%H%M}"
    locked.secrets = {**locked.secrets, **dkim.new_key(domain, selector)}
    locked.save(update_fields=["secrets"])
    audit.record("channel.updated", target=locked, by=by, fields=["dkim"])
    return standing(locked)


@transaction.atomic
def drop_key(*, channel: Channel, by: Actor) -> Standing:
    """Leave signing to the mail server."""
    locked = Channel.objects.select_for_update(of=("self",)).get(pk=channel.pk)
    names = (dkim.KEY, dkim.SELECTOR, dkim.DOMAIN)
    locked.secrets = {name: value for name, value in locked.secrets.items() if name not in names}
    locked.save(update_fields=["secrets"])
    audit.record("channel.updated", target=locked, by=by, fields=["dkim"])
    return standing(locked)


def _own_domain(channel: Channel) -> str:
    domain = dkim.domain_of(channel) if channel.kind == "email" else ""
    if not domain:
        raise Refused(_("This channel has no mail address of your own."))
    return domain


def look_due(tenant_id: UUID | str) -> None:
    """What a worker does: ask for every channel that waits; no transaction is open meanwhile."""
    with tenant_scope(tenant_id):
        host = gate.policy().tracking_host
        waiting = DomainCheck.objects.exclude(asked_at=None).select_related("channel")
        asked = [(one.pk, one.asked_at, domains.expected(one.channel, host)) for one in waiting]
    for pk, asked_at, wanted in asked:
        found = [_kept(one, two) for one, two in zip(wanted, domains.look(wanted), strict=True)]
        with tenant_scope(tenant_id):
            mine = DomainCheck.objects.filter(pk=pk, asked_at=asked_at)
            mine.update(asked_at=None, checked_at=timezone.now(), findings=found)


def _kept(wanted: Expected, finding: Finding) -> dict[str, str]:
    return {
        "what": wanted.what,
        "name": wanted.name,
        "value": wanted.value,
        "state": finding.state,
        "found": finding.found,
    }
