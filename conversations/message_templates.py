"""Reading templates of what is written to many: the list, and what one says now."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, TextField

from conversations.models import MessageTemplate, MessageTemplateVersion
from conversations.personalising.contents import MEDIA, each
from crm.models import Medium, Purpose
from tenants.kit import cursors
from tenants.kit.text import bare

LANGUAGES = settings.LANGUAGES
ORDER = ("-id",)
PAGE = 50
MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Narrow:
    """What narrows the list."""

    q: str = ""
    state: str = ""  # archived, else those that are not
    purpose: str = ""


class Says(NamedTuple):
    """On what medium a template says something, and in which languages."""

    medium: str
    label: str
    languages: list[str]
    missing: list[str]


def templates(narrow: Narrow) -> QuerySet[MessageTemplate]:
    """Templates that fit, in no order."""
    found: QuerySet[MessageTemplate] = MessageTemplate.objects.filter(
        archived_at__isnull=narrow.state != "archived"
    )
    if narrow.purpose in Purpose.values:
        found = found.filter(purpose=narrow.purpose)
    if words := bare(narrow.q).split()[:MOST_WORDS]:
        plain = Func(F("name"), function="crm_plain", output_field=TextField())
        found = found.alias(plain=plain).filter(*[Q(plain__contains=word) for word in words])
    return found


def page(narrow: Narrow, cursor: str = "") -> cursors.Page:
    """Templates with what they say now, the newest first. Raises `BadCursor`."""
    found = cursors.page(templates(narrow), ordering=ORDER, limit=PAGE, cursor=cursor)
    with_latest(found.items)
    return found


def with_latest(found: Iterable[MessageTemplate]) -> list[Any]:
    """The templates with `latest`, their newest version, set. One query."""
    rows: list[Any] = list(found)
    newest = MessageTemplateVersion.objects.filter(template=OuterRef("template")).order_by("-number")
    versions = MessageTemplateVersion.objects.filter(
        template__in=[one.pk for one in rows], number=Subquery(newest.values("number")[:1])
    )
    by_template = {version.template_id: version for version in versions}
    for row in rows:
        row.latest = by_template.get(row.pk)
    return rows


def says(version: MessageTemplateVersion | None) -> list[Says]:
    """What a version says where; languages that another medium has are missing."""
    by_medium: dict[str, list[str]] = {}
    for medium, language, _content in each(version.contents if version else {}):
        by_medium.setdefault(medium, []).append(language)
    known = {code for languages in by_medium.values() for code in languages}
    return [
        Says(
            medium,
            str(Medium(medium).label),
            own,
            [code for code, _n in LANGUAGES if code in known - set(own)],
        )
        for medium in MEDIA
        if (own := by_medium.get(medium))
    ]


def in_the_same_languages(said: Iterable[Says]) -> list[list[Says]]:
    """Media grouped by the languages they speak, in the order of each group's first."""
    found: dict[tuple[str, ...], list[Says]] = {}
    for one in said:
        found.setdefault(tuple(one.languages), []).append(one)
    return list(found.values())
