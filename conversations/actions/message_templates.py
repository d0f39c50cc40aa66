"""Templates of what is written to many: every save makes a version, nothing is ever lost."""

from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.actions.versioned import Kind
from conversations.models import MessageTemplate, MessageTemplateFile, MessageTemplateVersion, Template
from conversations.personalising import contents as contents_of
from crm.models import Purpose
from tenants import audit
from tenants.actors import Actor
from tenants.refusals import Refused

MOST = 1_000  # templates of a business that are not archived
TEMPLATES = Kind(
    model=MessageTemplate,
    version=MessageTemplateVersion,
    key="template",
    says="contents",
    audited="message_template",
    taken=gettext_lazy("Another template has this name."),
    archived=gettext_lazy("This template is archived. Bring it back first."),
)


class InvalidTemplate(Refused):
    """A template that says what none may."""


@transaction.atomic
def create_message_template(
    *, name: str, by: Actor, purpose: str = Purpose.PROMOTION, contents: Any = None
) -> MessageTemplate:
    """A new template, its first version with what it says. Raises `InvalidTemplate`, `NameTaken`."""
    if MessageTemplate.objects.kept().count() >= MOST:
        raise InvalidTemplate(_("At most %(most)s templates. Archive those nobody uses.") % {"most": MOST})
    template = MessageTemplate(name=TEMPLATES.name(name), purpose=_purpose(purpose))
    TEMPLATES.save(template)
    TEMPLATES.add_version(template, _checked(template, {} if contents is None else contents), 1, by)
    audit.record("message_template.created", target=template, by=by, name=template.name)
    return template


@transaction.atomic
def save_message_template(
    *,
    template: MessageTemplate,
    by: Actor,
    contents: Any = None,
    name: str | None = None,
    purpose: str | None = None,
    base: int | None = None,
) -> MessageTemplateVersion:
    """Keep what it says now as a new version; what is not given stays, and nothing changed makes none.

    `base` is the number of the version that was changed: raises `ChangedMeanwhile` when another is newer;
    `InvalidTemplate`, `NameTaken`, `Archived`.
    """
    template = TEMPLATES.locked(template)
    now_says = latest(template)
    TEMPLATES.check_base(now_says, base)
    if name is not None:
        template.name = TEMPLATES.name(name)
    if purpose is not None:
        template.purpose = _purpose(purpose)
    if name is not None or purpose is not None:
        TEMPLATES.save(template)
    if contents is None or (kept := _checked(template, contents)) == now_says.contents:
        return now_says
    version: MessageTemplateVersion = TEMPLATES.add_version(template, kept, now_says.number + 1, by)
    audit.record("message_template.updated", target=template, by=by, name=template.name)
    return version


@transaction.atomic
def restore_version(*, template: MessageTemplate, number: int, by: Actor) -> MessageTemplateVersion:
    """Make what an earlier version said the newest one. Raises `InvalidTemplate`, `Archived`."""
    template = TEMPLATES.locked(template)
    earlier = template.versions.filter(number=number).first()
    if earlier is None:
        raise InvalidTemplate(_("There is no such version."), "version")
    newest = latest(template)
    if earlier.contents == newest.contents:
        return newest
    version: MessageTemplateVersion = TEMPLATES.add_version(template, earlier.contents, newest.number + 1, by)
    audit.record("message_template.rolled_back", target=template, by=by, name=template.name)
    return version


def archive_message_template(*, template: MessageTemplate, by: Actor) -> None:
    """Put it away: who began with one of its versions finishes it, nothing new starts with it."""
    TEMPLATES.archive(template, by)


def bring_back_message_template(*, template: MessageTemplate, by: Actor) -> MessageTemplate:
    """Take it out of the archive. Raises `NameTaken`."""
    found: MessageTemplate = TEMPLATES.bring_back(template, by)
    return found


@transaction.atomic
def duplicate_message_template(*, template: MessageTemplate, by: Actor) -> MessageTemplate:
    """Another that says the same, with files of its own."""
    copy = MessageTemplate(name=TEMPLATES.free_name(template.name), purpose=template.purpose)
    TEMPLATES.save(copy)
    says = latest(template).contents
    new_ids: dict[str, str] = {}
    for file in MessageTemplateFile.objects.filter(pk__in=contents_of.files(says)):
        with file.file.open("rb") as opened:
            content = ContentFile(opened.read())
        same = MessageTemplateFile(
            template=copy, name=file.name, content_type=file.content_type, size=file.size,
            width=file.width, height=file.height,
        )  # fmt: skip
        same.file.save(file.name, content, save=False)
        same.save()
        new_ids[str(file.pk)] = str(same.pk)
    TEMPLATES.add_version(copy, _renamed(says, new_ids), 1, by)
    audit.record("message_template.created", target=copy, by=by, name=copy.name)
    return copy


def latest(template: MessageTemplate) -> MessageTemplateVersion:
    """What it says now."""
    found: MessageTemplateVersion = TEMPLATES.latest(template)
    return found


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """The same with other identifiers of files."""
    if isinstance(value, dict):
        return {key: _renamed(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value


def _checked(template: MessageTemplate, given: Any) -> contents_of.Contents:
    """Contents fit to keep, whose files are the template's own and whose vendor templates exist."""
    kept = contents_of.tidy(given)
    named = contents_of.files(kept)
    if named and MessageTemplateFile.objects.filter(template=template, pk__in=named).count() != len(named):
        raise InvalidTemplate(_("A file that it names is none of this template."), "contents")
    wanted = {
        UUID(content["template_id"])
        for _medium, _language, content in contents_of.each(kept)
        if content.get("template_id")
    }
    if wanted and Template.objects.filter(pk__in=wanted).count() != len(wanted):
        raise InvalidTemplate(_("An approved template that it names does not exist."), "contents")
    return kept


def _purpose(given: str) -> str:
    if given not in Purpose.values:
        raise InvalidTemplate(_("Choose what it is for."), "purpose")
    return given
