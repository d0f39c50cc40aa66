"""Readings: a worker reads what it is given once, harmlessly twice, and says why it could not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conversations.actions import article_reading, pdf_reading, readings
from conversations.actions.pdf_reading import Unreadable
from conversations.actions.readings import TooManyReadings
from conversations.channels.base import File
from conversations.models import ArticleVersion, Reading
from tests.factories.tenants import Business

pytestmark = pytest.mark.usefixtures("scope")
TEXT = File("a.md", "text/markdown", "# Envíos\nA todo el país.".encode())


def begin(business: Business, **given: object) -> Reading:
    return readings.read(by=business.actor(), **given)  # type: ignore[arg-type]


def test_document_is_read_once_and_its_bytes_go(
    business: Business, django_capture_on_commit_callbacks: object
) -> None:
    reading = begin(business, file=TEXT)
    name, storage = str(reading.file.name), reading.file.storage
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        for _twice in range(2):
            readings.work(business.tenant.id, reading.pk)
    reading.refresh_from_db()
    assert (reading.state, reading.attempts, reading.drafts) == (
        "done", 1, [{"question": "Envíos", "answer": "A todo el país."}],
    )  # fmt: skip
    assert not storage.exists(name)
    assert readings.keep(reading=reading, places={0, 7}, by=business.actor()) == 1
    assert readings.keep(reading=reading, places={0}, by=business.actor()) == 0
    assert [one.state for one in ArticleVersion.objects.all()] == ["draft"]


def test_killed_worker_leaves_it_to_the_next_and_to_nobody_in_the_end(
    business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(_address: str) -> list[article_reading.Block]:
        raise MemoryError

    monkeypatch.setattr(article_reading, "of_page", dies)
    reading = begin(business, url="tienda.example/ayuda")
    states = []
    for _try in range(5):
        readings.work(business.tenant.id, reading.pk)
        Reading.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
        states.append(Reading.objects.get().state)
    assert states == ["running", "running", "running", "failed", "failed"]


def test_problem_is_told_in_the_language_of_whoever_waits(business: Business) -> None:
    reading = begin(business, file=File("a.pdf", "application/pdf", b"%PDF-1.7 nothing"))
    readings.work(business.tenant.id, reading.pk)
    reading.refresh_from_db()
    assert (reading.state, "PDF" in reading.problem, bool(reading.file)) == ("failed", True, False)


def test_what_is_too_much_is_refused(business: Business) -> None:
    for wrong in ({}, {"text": " "}, {"file": File("a.pdf", "", b"x" * (pdf_reading.LARGEST + 1))}):
        with pytest.raises(Unreadable):
            begin(business, **wrong)
    for _one in range(readings.AT_ONCE):
        begin(business, text="# Envíos\nSí.")
    with pytest.raises(TooManyReadings):
        begin(business, text="# Envíos\nSí.")


def test_yesterdays_are_forgotten(business: Business) -> None:
    old, new = begin(business, file=TEXT), begin(business, file=TEXT)
    Reading.objects.filter(pk=old.pk).update(created_at=timezone.now() - readings.KEPT - timedelta(minutes=1))
    assert readings.forget_old() == 1
    assert list(Reading.objects.values_list("pk", flat=True)) == [new.pk]
