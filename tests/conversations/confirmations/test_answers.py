"""Answers to "do you come?": what may be acted upon, and what a person has to read."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from conversations.bot import encoder
from conversations.confirmations.answers import LONGEST, Kind, read
from quality import answers

NOW, APPOINTMENT = datetime(2026, 11, 24, 10), datetime(2026, 11, 26, 16)


def kind(text: str, language: str = "es", now: datetime = NOW) -> Kind:
    return read(text, language=language, appointment_local=APPOINTMENT, now_local=now).kind


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_of_the_labelled_answers_none_is_acted_upon_wrongly(
    language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By words alone, which is quicker and harder; with the encoder `make quality` looks."""
    monkeypatch.setattr(encoder, "shared", lambda: None)
    confirmed, cancelled, _offered, to_a_person, moments = answers.figures("open")[language]
    assert (confirmed.hits, cancelled.hits) == (0, 0)
    assert to_a_person.share <= 0.1
    assert moments.share >= 0.9


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("no hay problema, ahí estoy", "es", Kind.CONFIRM),
        ("No, no puedo", "es", Kind.DECLINE),
        ("no puedo faltar", "es", Kind.CONFIRM),
        ("si puedo voy", "es", Kind.DOUBT),
        ("sí puedo", "es", Kind.CONFIRM),
        ("creo que sí, más tarde", "es", Kind.DOUBT),
        ("sí claro, como la vez pasada que me dejaron esperando", "es", Kind.OTHER),
        ("ahí estaré, pero a las 5", "es", Kind.RESCHEDULE),
        ("obvio que jalo, cuenten conmigo carnal", "es", Kind.CONFIRM),
        ("cancel... no wait", "en", Kind.DOUBT),
        ("ok 🙄", "es", Kind.OTHER),
        ("não posso faltar", "pt-br", Kind.CONFIRM),
        ("don't cancel, I'm coming", "en", Kind.CONFIRM),
        ("yes, I'll be there", "es", Kind.CONFIRM),
        ("no puedo ir", "en", Kind.DECLINE),
        ("voy en camino", "es", Kind.DOUBT),
        ("", "es", Kind.DOUBT),
        ("\0 \ud83d?", "xx", Kind.QUESTION),
        ("sí " * LONGEST, "es", Kind.DOUBT),
    ],
)
def test_what_is_near_to_something_else(text: str, language: str, expected: Kind) -> None:
    assert kind(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("¿puede ser a las 6?", "es", datetime(2026, 11, 26, 18)),
        ("mejor el viernes a las 10 de la mañana", "es", datetime(2026, 11, 27, 10)),
        ("el jueves en la tarde no, otro día", "es", None),
        ("às 15h seria melhor", "pt", datetime(2026, 11, 26, 15)),
        ("what about half past five?", "en", datetime(2026, 11, 26, 17, 30)),
        ("can we move it a week later?", "en", datetime(2026, 12, 3, 16)),
        ("ayer a las 4?", "es", None),
    ],
)
def test_the_moment_that_is_asked_for(text: str, language: str, expected: datetime | None) -> None:
    assert read(text, language=language, appointment_local=APPOINTMENT, now_local=NOW).when == expected


def test_moments_with_a_zone_are_answered_with_it() -> None:
    zone = ZoneInfo("America/Mexico_City")
    appointment, now = APPOINTMENT.replace(tzinfo=zone), NOW.replace(tzinfo=zone)
    for text, expected in (
        ("¿puede ser a las 6?", 18),
        ("¿media hora después?", None),
        ("sí, a las 4", None),
    ):
        when = read(text, language="es", appointment_local=appointment, now_local=now).when
        assert when == (appointment.replace(hour=expected) if expected else when)
        assert when is None or when.tzinfo is zone


def test_without_the_encoder_words_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "shared", lambda: None)
    for text, expected in (
        ("sí, ahí estaré", Kind.CONFIRM),
        ("no voy a poder ir", Kind.DECLINE),
        ("¿puede ser otro día?", Kind.RESCHEDULE),
        ("creo que sí, más tarde", Kind.DOUBT),
    ):
        assert kind(text) == expected


def test_on_the_day_itself_he_is_on_his_way() -> None:
    assert kind("voy en camino", now=datetime(2026, 11, 26, 15, 30)) == Kind.CONFIRM
