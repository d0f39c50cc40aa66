"""Readings: a worker fetches a page or opens a document and finds drafts of answers in it.

Nothing becomes an answer before a person ticked it.
"""

from collections.abc import Collection
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from conversations.actions import article_import, article_reading, bells, pdf_reading, slow_runs
from conversations.actions.failures import in_short, whereabouts
from conversations.actions.pdf_reading import Unreadable
from conversations.channels.base import File
from conversations.models import ArticleVersion, Reading
from tenants.actors import Actor
from tenants.kit.files import delete_after_commit
from tenants.kit.ratelimit import allow
from tenants.kit.text import one_line
from tenants.queries import own
from tenants.refusals import Conflicting, Refused
from tenants.scoping import tenant_scope

log = structlog.get_logger("puente.knowledge")
State = Reading.State
PAGES_AN_HOUR = 60
AT_ONCE = 5  # of a business
LARGEST = pdf_reading.LARGEST  # bytes; what is no PDF may have fewer
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=1)


class TooManyReadings(Conflicting):
    """So many under way that another waits for them."""


class NotRead(Conflicting):
    """Drafts of a reading that has none."""


@transaction.atomic
def read(
    *, by: Actor, url: str = "", file: File | None = None, text: str = "", language: str = ""
) -> Reading:
    """Let a worker read a page, a document or pasted text. Raises `Unreadable`, `TooManyReadings`."""
    if text.strip() and file is None:
        file = File("text.md", "text/plain", text.encode())
    url = "" if file else one_line(url, 2_001)
    if not url and file is None:
        raise Unreadable(_("Give an address, a document or some text."), "text")
    if file is not None and len(file.content) > LARGEST:
        raise Unreadable(_("This file is too large: at most %(most)s MB.") % {"most": 10}, "file")
    if len(url) > 2_000:
        raise Unreadable(_("This address is no page of text."), "url")
    tenant = own()
    if url and not allow("page-read", str(tenant.pk), limit=PAGES_AN_HOUR, seconds=3_600):
        raise Unreadable(_("Too many pages within an hour. Wait a little."), "url")
    if Reading.objects.filter(state__in=[State.WAITING, State.RUNNING]).count() >= AT_ONCE:
        raise TooManyReadings(_("Several are being read already. Wait until one is done."))
    reading = Reading(
        url=url,
        name=one_line(file.name, 200) if file else "",
        language=language or tenant.language,
        speaks=translation.get_language() or tenant.language,
        membership=by.membership,
        by_label=by.label[:150],
    )
    if file is not None:
        reading.file.save(reading.name, ContentFile(file.content), save=False)
    reading.save()
    bells.read_for_drafts(reading.pk)
    return reading


def work(tenant_id: UUID | str, reading_id: UUID | str) -> None:
    """A worker's turn. Harmless twice and when killed: what was found is kept in one transaction."""
    with tenant_scope(tenant_id):
        reading = slow_runs.claim(Reading, reading_id, LEASE)
        if reading is None:
            return
        content = _content(reading)
    drafts: list[article_reading.Draft] = []
    problem = ""
    with translation.override(reading.speaks):
        try:
            drafts = article_reading.drafts(_blocks(reading, content))
            problem = "" if drafts else _("No question and no heading with text below was found in it.")
        except Refused as refusal:
            problem = str(refusal)
        except Exception as error:  # noqa: BLE001 -- the sweeper tries again; the page says so in the end
            log.error("not read", reading=str(reading_id), error=in_short(error), at=whereabouts(error))
            return
    with tenant_scope(tenant_id):
        if kept := slow_runs.mine(reading):
            kept.drafts, kept.problem = [asdict(one) for one in drafts], problem[:500]
            _drop_file(kept)
            slow_runs.finish(kept, State.FAILED if problem else State.DONE)


def _content(reading: Reading) -> bytes:
    if not reading.file:
        return b""
    with reading.file.open("rb") as opened:
        return bytes(opened.read())


def _blocks(reading: Reading, content: bytes) -> list[article_reading.Block]:
    if reading.file:
        return article_reading.of_file(reading.name, content)
    return article_reading.of_page(reading.url)


@transaction.atomic
def keep(*, reading: Reading, places: Collection[int], by: Actor) -> int:
    """Keep what was ticked as drafts; returns how many are new or changed. Raises `Unreadable`, `NotRead`."""
    if reading.state != State.DONE:
        raise NotRead(_("There is nothing to keep of it."))
    rows = [
        {**draft, "language": reading.language}
        for place, draft in enumerate(reading.drafts)
        if place in places
    ]
    if not rows:
        raise Unreadable(_("Tick what to keep."), "drafts")
    done = article_import.import_articles(
        rows=rows, by=by, source=ArticleVersion.Source.IMPORT, publish=False, only_good=True
    )
    return int(done.counts["created"] + done.counts["changed"])


def forget_old() -> int:
    """Drop readings of before yesterday with their documents; returns how many."""
    old = list(Reading.objects.filter(created_at__lt=timezone.now() - KEPT))
    for reading in old:
        _drop_file(reading)
        reading.delete()
    return len(old)


def _drop_file(reading: Reading) -> None:
    if reading.file:
        delete_after_commit(reading.file)
        reading.file = ""
