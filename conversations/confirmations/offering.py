"""Free times as they are offered to a customer, and which of them his answer means."""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from conversations.bot import normalise
from conversations.confirmations import said_times, slots
from conversations.models import Confirmation
from crm.models import Appointment
from tenants import formats

ROUNDS = 3
"""Who has been offered times so often is helped by a person."""
NUMBERS = ("1 uno una um uma one", "2 dos dois duas two", "3 tres three")
ORDINALS = (
    "primera primero primeira primeiro first 1ra 1ro 1st",
    "segunda segundo second 2da 2do 2nd",
    "tercera tercero tercer terceira terceiro third 3ra 3ro 3rd",
)
NAMES = tuple(
    frozenset(f"{number} {ordinal}".split()) for number, ordinal in zip(NUMBERS, ORDINALS, strict=True)
)
ORDINAL = frozenset(" ".join(ORDINALS).split())
MONDAY = frozenset({"segunda"})
"""In Portuguese it may be the second as well."""
BUTTON = 20
"""Characters that a button takes."""
EMPTY = frozenset(
    """
    la el lo las los a o as os de del da do para por en em na the of at on for opcion opcao option
    numero number esta este esa ese essa esse this that one si sim yes yep ok okay va vale claro dale
    sale bueno mejor melhor better favor porfavor please gracias obrigado obrigada thanks thank you
    prefiero prefiro quiero quero me queda quedo fico con com fica bien bem perfecto perfeito perfect
    great good tomo toma i take will ill would like prefer lets do go with it entonces entao then puede
    ser pode es sea seria works work funciona
    """.split()  # noqa: SIM905 -- read as words
)
WORD = re.compile(r"[^\W_]+")
PLACE = re.compile(r"(?<!\ba )\bla (?=[1-9]\b)")
"""Before a place in the list; hours have "a la 1" and "las 2"."""
SAME = "xsame"


def open_of(one: Confirmation) -> list[datetime]:
    """The times he can choose from; none where he is not choosing."""
    if one.answer != Confirmation.Answer.MOVING or not one.offered:
        return []
    return [datetime.fromisoformat(at) for at in one.offered[-1]]


def offer(one: Confirmation, appointment: Appointment, near: datetime | None) -> list[datetime]:
    """Times to offer, noted on what he was asked by; none where there are none, or he was offered many."""
    found = slots.free(appointment, near=near) if len(one.offered) < ROUNDS else []
    if found:
        one.offered = [*one.offered, [slot.starts_at.isoformat() for slot in found]]
    return [slot.starts_at for slot in found]


def title(at: datetime, zone: ZoneInfo) -> str:
    """A time in few letters: "jue 26 nov 16:00"."""
    local = at.astimezone(zone)
    said = f"{formats.week_date(local.date(), False)} {formats.clock(local)}"
    return said if len(said) <= BUTTON else said.replace(",", "")


def words(offered: Sequence[datetime], zone: ZoneInfo) -> str:
    """The times as a list with numbers, for channels that show no buttons."""
    lines = [f"{number}. {title(at, zone)}" for number, at in enumerate(offered, 1)]
    how = _("Answer with the number. If none suits you, tell us when you can.")
    return "\n".join([_("These times are free:"), *lines, how])


def chosen(
    text: str, offered: Sequence[datetime], *, language: str, zone: ZoneInfo, now: datetime
) -> datetime | None:
    """The one offered time that an answer means: its button, its number, or day and hour; nothing beside."""
    local = [at.astimezone(zone) for at in offered]
    for at in offered:
        if text.strip().casefold() == title(at, zone).casefold():
            return at
    if "?" in text:
        return None
    code = language.partition("-")[0]
    plain = PLACE.sub("", normalise.unstretched(normalise.bare(text)))
    number = place_named(plain, len(offered))
    if number is not None and ORDINAL.difference(MONDAY if code == "pt" else ()) & set(WORD.findall(plain)):
        return offered[number]
    read = [said_times.read(plain, language=code, appointment=one, now=now) for one in local]
    if any(one.days or one.times or one.parts for one in read):
        meant = [at for at, said in zip(offered, read, strict=True) if _is_only(said.rest)]
        return meant[0] if len(meant) == 1 else None
    return None if number is None else offered[number]


def _is_only(rest: str) -> bool:
    """Whether only this time's own day and hour are named, and nothing else is said."""
    found = WORD.findall(rest)
    return SAME in found and all(word in EMPTY or word in (SAME, "xpart") for word in found)


def place_named(plain: str, count: int) -> int | None:
    """Which place in a list of at most three is named, from zero; None where anything else is, or none."""
    tokens = WORD.findall(plain)
    named = [token for token in tokens if len(tokens) == 1 or token not in EMPTY]
    places = {place for token in named for place, names in enumerate(NAMES) if token in names}
    is_all = all(any(token in names for names in NAMES) for token in named)
    place = places.pop() if len(places) == 1 and is_all else count
    return place if place < count else None
