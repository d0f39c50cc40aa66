"""Templates: written and submitted, and kept as the vendor has them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import redis
import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from conversations import template_parts
from conversations.actions import bells
from conversations.actions.channel_news import tell_problem
from conversations.actions.failures import in_short
from conversations.channels.base import ChannelError, File, VendorTemplate
from conversations.channels.registry import adapter_for
from conversations.models import Channel, Template
from conversations.template_writing import check_sample
from tenants import audit
from tenants.actors import Actor
from tenants.kit import valkey
from tenants.kit.text import one_line
from tenants.refusals import Conflicting, Refused
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.templates")
Status = Template.Status
OURS = (Status.DRAFT, Status.DELETING)  # states the vendor does not know of
SETTLED = timedelta(minutes=10)  # what was just submitted may not be in the vendor's list yet
FRESH = 600  # seconds after which looking at templates fetches them again
NOT_FETCHED = gettext_noop("The templates could not be fetched. We try again.")
NOT_SUBMITTED = gettext_noop("It could not be submitted. We try again.")


@transaction.atomic
def create_template(
    *,
    channel: Channel,
    name: str,
    language: str,
    category: str,
    components: list[dict[str, Any]],
    by: Actor,
    is_named: bool = False,
    sample: File | None = None,
) -> Template:
    """Keep a template that a worker submits to the vendor.

    `sample` shows the vendor the file above the text, where there is one. Raises `Conflicting` when the
    channel has one of this name and language, `Refused` for a kind of channel without templates and for a
    missing, wrong or too large sample.
    """
    if not adapter_for(channel.kind).capabilities.templates:
        raise Refused(_("This channel has no templates."), "channel_id")
    sample = check_sample(template_parts.media(components), sample)
    same = Template.objects.select_for_update().filter(channel=channel, name=name, language=language)
    old = same.first()
    if old is not None and old.status != Status.GONE:
        raise Conflicting(_("There is a template of this name in this language."), "name")
    if old is not None:
        old.delete()
    template = Template(
        channel=channel, name=name, language=language, category=category.lower(), components=components,
        is_named=is_named, status=Status.DRAFT,
    )  # fmt: skip
    if sample:
        template.sample_name = one_line(sample.name, 200)
        template.sample.save(template.sample_name, ContentFile(sample.content), save=False)
    template.save()
    audit.record("template.created", target=template, by=by, name=name, language=language)
    bells.sync_templates(channel.pk)
    return template


@transaction.atomic
def delete_template(*, template: Template, by: Actor) -> None:
    """Have a worker delete it at the vendor; one the vendor does not have goes at once."""
    audit.record("template.deleted", target=template, by=by, name=template.name, language=template.language)
    if template.status == Status.GONE or (template.status == Status.REJECTED and not template.vendor_id):
        _drop(template)
        return
    Template.objects.filter(pk=template.pk).update(status=Status.DELETING, updated_at=timezone.now())
    bells.sync_templates(template.channel_id)


def _drop(template: Template) -> None:
    if template.sample:
        template.sample.delete(save=False)
    template.delete()


# --- as the vendor has them ---


def look_again(channel: Channel, *, now: bool = False) -> None:
    """Have a worker fetch the channel's templates, unless that was done lately."""
    try:
        is_due = valkey.client().set(_key(channel, "asked"), 1, nx=not now, ex=FRESH)
    except redis.RedisError:
        is_due = True
    if is_due:
        bells.sync_templates(channel.pk)


def problem_of(channel: Channel) -> str:
    """Why the last fetch brought nothing; '' when it did."""
    try:
        said = valkey.client().get(_key(channel, "problem"))
    except redis.RedisError:
        return ""
    return str(said or "")


def _key(channel: Channel, what: str) -> str:
    return valkey.key(channel.tenant_id, "templates", str(channel.pk), what)


def sync(tenant_id: UUID | str, channel_id: UUID | str) -> None:
    """Submit what waits, delete what is to go, and fetch what the vendor has. Harmless when run twice."""
    with tenant_scope(tenant_id):
        channel = Channel.objects.active().filter(pk=channel_id).first()
        mine = list(Template.objects.filter(channel_id=channel_id, status__in=OURS)) if channel else []
    if channel is None or not adapter_for(channel.kind).capabilities.templates:
        return
    for template in mine:
        if template.status == Status.DRAFT:
            _submit(channel, template)
        else:
            _remove(channel, template)
    try:
        found = adapter_for(channel.kind).templates(channel)
    except Exception as error:  # noqa: BLE001 -- the next sweep fetches again
        _tell(channel, error)
        return
    with tenant_scope(tenant_id):
        _keep_all(channel, found)
    _remember_problem(channel, "")


def _submit(channel: Channel, template: Template) -> None:
    try:
        with tenant_scope(channel.tenant_id):
            sample = _sample(template)
        state = adapter_for(channel.kind).submit_template(channel, template, sample)
    except ChannelError as error:
        refused = error.permanent and not error.channel_broken
        news: dict[str, Any] = {"reason": one_line(error.reason, 300)}
        if refused:
            news["status"] = Status.REJECTED
    except Exception as error:  # noqa: BLE001 -- it may have arrived: the fetch that follows tells
        log.warning("template not submitted", template=str(template.pk), error=in_short(error))
        news = {"reason": NOT_SUBMITTED}
    else:
        news = {"vendor_id": state.vendor_id, "status": state.status, "reason": state.reason}
        if state.category:
            news["category"] = state.category
    with tenant_scope(channel.tenant_id):
        draft = Template.objects.filter(pk=template.pk, status=Status.DRAFT)
        draft.update(**news, updated_at=timezone.now())


def _sample(template: Template) -> File | None:
    if not template.sample:
        return None
    header = template_parts.media(template.components)
    with template.sample.open() as stored:
        content = bytes(stored.read())
    return File(template.sample_name, _type_of(header, content), content)


def _type_of(header: str, content: bytes) -> str:
    """The type of a sample by what stands in it."""
    if header == "image":
        return "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return "video/mp4" if header == "video" else "application/pdf"


def _remove(channel: Channel, template: Template) -> None:
    try:
        if template.vendor_id:
            adapter_for(channel.kind).remove_template(channel, template)
    except ChannelError as error:
        if error.permanent and not error.channel_broken:
            _give_up_removal(channel, template, error.reason)
        return
    except Exception as error:  # noqa: BLE001 -- deleting twice does no harm: the next sweep tries again
        log.warning("template not deleted", template=str(template.pk), error=in_short(error))
        return
    with tenant_scope(channel.tenant_id):
        gone = Template.objects.filter(pk=template.pk, status=Status.DELETING).first()
        if gone:
            _drop(gone)


def _give_up_removal(channel: Channel, template: Template, reason: str) -> None:
    """The vendor keeps it: the fetch that follows says in which state."""
    with tenant_scope(channel.tenant_id):
        kept = Template.objects.filter(pk=template.pk, status=Status.DELETING)
        kept.update(status=Status.DISABLED, reason=one_line(reason, 300))


def _keep_all(channel: Channel, found: list[VendorTemplate]) -> None:
    """Make ours what the vendor has; what it no longer has is marked."""
    known = {
        (one.name, one.language): one for one in Template.objects.select_for_update().filter(channel=channel)
    }
    here = set()
    for state in found:
        here.add((state.name, state.language))
        _keep(channel, known.get((state.name, state.language)), state)
    lost = [
        one.pk
        for place, one in known.items()
        if place not in here
        and one.status not in OURS
        and (one.vendor_id or one.status != Status.REJECTED)
        and one.updated_at < timezone.now() - SETTLED
    ]
    Template.objects.filter(pk__in=lost).exclude(status=Status.GONE).update(
        status=Status.GONE, updated_at=timezone.now()
    )


FIELDS = ("vendor_id", "status", "category", "reason", "quality", "components", "is_named")


def _keep(channel: Channel, ours: Template | None, state: VendorTemplate) -> None:
    if ours is None:
        Template.objects.create(
            channel=channel, name=state.name, language=state.language,
            **{field: getattr(state, field) for field in FIELDS},
        )  # fmt: skip
        return
    if ours.status == Status.DELETING and ours.vendor_id:
        return
    changed = [field for field in FIELDS if getattr(ours, field) != getattr(state, field)]
    if changed:
        for field in changed:
            setattr(ours, field, getattr(state, field))
        ours.updated_at = timezone.now()
        ours.save(update_fields=[*changed, "updated_at"])


def _tell(channel: Channel, error: Exception) -> None:
    """Say on the templates' page why nothing came; a broken token also on the channel."""
    is_refusal = isinstance(error, ChannelError) and (error.permanent or error.channel_broken)
    reason = error.reason if is_refusal else NOT_FETCHED  # type: ignore[attr-defined]
    log.warning("templates not fetched", channel=str(channel.pk), error=in_short(error))
    _remember_problem(channel, reason)
    if isinstance(error, ChannelError) and error.channel_broken:
        with tenant_scope(channel.tenant_id):
            tell_problem(Channel.objects.get(pk=channel.pk), reason)


def _remember_problem(channel: Channel, reason: str) -> None:
    try:
        if reason:
            valkey.client().set(_key(channel, "problem"), reason, ex=86_400)
        else:
            valkey.client().delete(_key(channel, "problem"))
    except redis.RedisError as error:
        log.warning("a fetch's outcome was not kept", error=in_short(error))
