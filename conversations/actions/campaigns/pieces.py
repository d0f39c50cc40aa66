"""What each recipient of a campaign gets: his letter's version, on his medium, in his language."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from conversations import personalising
from conversations.actions.message_template_files import attachments
from conversations.channels.base import File
from conversations.consent import medium_of
from conversations.models import Campaign, Channel, MessageTemplateVersion, Recipient, Template, Variant
from conversations.personalising import Piece
from conversations.personalising.spelling import spelt
from conversations.tracking.links import Wrapping
from crm.models import Medium
from tenants.models import Tenant
from tenants.refusals import Refused

LINKS = "links."  # names whose values are secrets of a customer: filled in, never kept


class NothingToSay(Refused):
    """A letter has no text for a channel; the sentence says which."""


class Pieces:
    """The pieces of a campaign's letters, each read once; with `wrapping` their links lead through us."""

    def __init__(self, wrapping: Wrapping | None = None) -> None:
        self.wrapping = wrapping
        self._known: dict[tuple[UUID, str, str], Piece | None] = {}
        self._versions: dict[UUID, MessageTemplateVersion | None] = {}
        self._files: dict[tuple[UUID, ...], list[File]] = {}

    def of(self, variant: Variant, medium: str, language: str) -> Piece | None:
        """What somebody gets; None where the letter says nothing on this medium, or is not whole."""
        key = variant.pk, medium, language
        if key not in self._known:
            version = self._version(variant)
            led = self.wrapping.rewritten if self.wrapping else None
            found = personalising.piece(version, medium, language, led=led) if version else None
            self._known[key] = found if found is not None and _is_whole(found) else None
        return self._known[key]

    def files_of(self, piece: Piece) -> list[File]:
        """Its attachments, read once."""
        key = tuple(piece.files)
        if key not in self._files:
            self._files[key] = attachments(list(key)) if key else []
        return self._files[key]

    def _version(self, variant: Variant) -> MessageTemplateVersion | None:
        if variant.pk not in self._versions:
            self._versions[variant.pk] = version_of(variant)
        return self._versions[variant.pk]


def _is_whole(piece: Piece) -> bool:
    """Whether it can go out; on WhatsApp only with a template that the vendor approved."""
    if (
        piece.medium == Medium.WHATSAPP
        and not Template.objects.usable().filter(pk=_template_id(piece)).exists()
    ):
        return False
    return piece.is_sendable


def _template_id(piece: Piece) -> UUID | None:
    return piece.template.pk if piece.template else None


def version_of(variant: Variant) -> MessageTemplateVersion | None:
    """The version a letter was scheduled with, before that the latest; None where it has none."""
    versions = MessageTemplateVersion.objects.filter(template_id=variant.template_id)
    found: MessageTemplateVersion | None = (
        versions.filter(pk=variant.version_id).first()
        if variant.version_id
        else versions.order_by("-number").first()
    )
    return found


def check(campaign: Campaign, channels: Collection[Channel]) -> None:
    """Raise `NothingToSay` where a letter has no text for a channel on which it may go out."""
    language = Tenant.objects.get().language
    pieces = Pieces()
    variants = list(Variant.objects.filter(campaign=campaign).select_related("template"))
    if not variants:
        raise NothingToSay(_("Choose a template."), "template")
    for variant in variants:
        for channel in channels:
            if pieces.of(variant, medium_of(channel), language) is None:
                raise NothingToSay(
                    _("The template “%(template)s” has nothing that can be sent on “%(channel)s”.")
                    % {"template": variant.template.name, "channel": channel.name},
                    "template",
                )


def values_of(
    people: dict[Piece, list[Recipient]],
    *,
    at: datetime,
    extra: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> dict[UUID, dict[str, Any]]:
    """What fills the texts of some recipients, by customer: as many queries as the names need."""
    names = frozenset(name for piece in people for name in piece.names)
    customers = [one.customer_id for some in people.values() for one in some if one.customer_id]
    return personalising.values_for(customers, names, at=at, extra=extra)


def kept(piece: Piece, values: dict[str, Any]) -> dict[str, str]:
    """What is written down of the values: as they stood in the text, without what opens doors."""
    with translation.override(piece.language):
        said = {name: spelt(values.get(name)) for name in piece.names if not name.startswith(LINKS)}
    return {name: str(value) for name, value in said.items() if value not in (None, "")}
