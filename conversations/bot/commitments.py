"""A promise in what a colleague wrote: "te llamo mañana a las 10", with its moment. Sure ones only.

It needs somebody who will do something, and when, in one sentence that neither asks nor denies.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tenants.kit.text import bare

MOST_READ = 2_000
"""Characters of a message."""
WHO = r"(?:te|le|les|os|lhe|lhes|voce|vc)"
CALLS = (
    rf"\b{WHO} (?:llamo|llamare|llamamos|llamaremos|marco|marcare|marcamos|telefoneo|ligo|ligarei|ligamos)\b",
    rf"\b{WHO} (?:voy|vamos|estare) a? ?(?:llamar|marcar|llamando|marcando)\b",
    rf"\bvou {WHO}?\s?(?:ligar|telefonar)\b|\bvamos {WHO}?\s?ligar\b",
    r"\b(?:ligo|ligarei|ligamos) (?:para|pra) voce\b",
    r"\b(?:i|we)(?:'ll| will| am going to|'m going to|'re going to) (?:call|phone|ring)\b",
)
DOES = (
    rf"\b{WHO} (?:aviso|avisare|avisamos|avisaremos|confirmo|confirmare|confirmamos|escribo|escribire"
    r"|escribimos|mando|mandare|mandamos|envio|enviare|enviamos|paso|respondo|respondere|respondemos|contesto|contestare"
    r"|contestamos|informo|informare|informamos|digo|dire|tengo|escrevo|escreverei|respondemos|enviarei|mandarei"
    r"|avisarei|confirmarei|retorno|retornarei|retornamos|entrego|entregamos)\b",
    rf"\b{WHO} (?:voy|vamos) a (?:avisar|confirmar|escribir|mandar|enviar|pasar|responder|contestar)\b",
    rf"\b(?:vou|vamos) {WHO}?\s?(?:avisar|confirmar|escrever|mandar|enviar|responder|retornar|informar)\b",
    r"\b(?:aviso|confirmo|envio|mando|respondo|retorno) (?:para |pra |a )?voce\b",
    r"\b(?:i|we)(?:'ll| will| am going to|'m going to|'re going to) (?:let you know|get back to you"
    r"|send|write|confirm|answer|reply|tell you|e-?mail|text|update you)\b",
)
DENIES = re.compile(r"\b(?:no|nunca|nao|never|won't|cannot|can't|not) (?:\w+ ){0,2}$")
CALL, DO = re.compile("|".join(CALLS)), re.compile("|".join(DOES))

DAYS = (
    ("lunes", "segunda", "monday"), ("martes", "terca", "tuesday"), ("miercoles", "quarta", "wednesday"),
    ("jueves", "quinta", "thursday"), ("viernes", "sexta", "friday"), ("sabado", "saturday"),
    ("domingo", "sunday"),
)  # fmt: skip
NUMBERS = {
    "un": 1, "una": 1, "uno": 1, "um": 1, "uma": 1, "a": 1, "an": 1, "one": 1, "dos": 2, "dois": 2, "duas": 2,
    "two": 2, "tres": 3, "three": 3, "cinco": 5, "five": 5, "diez": 10, "dez": 10, "ten": 10, "quince": 15,
    "quinze": 15, "fifteen": 15, "veinte": 20, "vinte": 20, "twenty": 20, "media": 0.5, "meia": 0.5,
    "half": 0.5, "half an": 0.5,
}  # fmt: skip
SOON = re.compile(
    r"\b(?:en|em|in|within|dentro de|daqui a) (?:unos |unas |uns |umas |about )?"
    rf"(\d{{1,3}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))}) ?"
    r"(minutos?|mins?|minutes?|horas?|hours?|hrs?|hora|h|dias?|days?)\b"
)
CLOCK = re.compile(
    r"\b(?:a las|a la|a eso de las|antes de las|as|ate as|antes das|at|by|before) (\d{1,2})"
    r"(?:[:h.](\d{2}))? ?(?:h|hs|hrs?|horas|hours)?\b"
    r" ?(am|pm|a\. ?m\.?|p\. ?m\.?|de la manana|de la tarde|de la noche|da manha|da tarde|da noite)?"
)
MORNING = re.compile(
    r"\b(?:por|en|de|a) la manana|\besta manana|\b(?:de|pela) manha|\bin the morning|\bthis morning"
)
AFTERNOON = re.compile(
    r"\b(?:por|en|de|a) la tarde|\besta tarde|\b(?:a|de|da|pela) tarde|\b(?:in the|this) afternoon"
)
EVENING = re.compile(
    r"\b(?:por|en|de|a) la noche|\besta noche|\b(?:a|de|da|pela) noite|\b(?:in the|this) evening|\btonight"
)
TODAY = re.compile(
    r"\b(?:hoy|hoje|today|tonight|esta (?:tarde|noche|manana)|this (?:afternoon|evening|morning))\b"
)
AFTER_TOMORROW = re.compile(r"\bpasado manana\b|\bdepois de amanha\b|\bday after tomorrow\b")
TOMORROW = re.compile(
    r"(?<!por la )(?<!en la )(?<!de la )(?<!a la )(?<!esta )\bmanana\b|\bamanha\b|\btomorrow\b"
)
ENDS = ((MORNING, time(12)), (AFTERNOON, time(18)), (EVENING, time(21)))
CLOSING = time(18)
EARLIEST_UNSAID = 8
"""An hour before this, said without morning or afternoon, is one of the afternoon."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """What somebody said he would do, and by when."""

    text: str
    due_at: datetime
    is_call: bool


def commitment_in(text: str, now: datetime) -> Commitment | None:
    """The first sure promise in a text; `now` carries the business's zone."""
    for sentence in re.findall(r"[^.!?\n;]+(?:\.(?=\d|m\.)[^.!?\n;]+)*[.!?;]?", text[:MOST_READ]):
        plain = " ".join(bare(sentence).replace("’", "'").split())
        said = CALL.search(plain) or DO.search(plain)
        if not said or plain.endswith("?") or "¿" in plain or DENIES.search(plain[: said.start()]):
            continue
        due = _moment(plain, now)
        if due and due > now:
            return Commitment(" ".join(sentence.split()).rstrip(".;!"), due, bool(CALL.search(plain)))
    return None


def _moment(plain: str, now: datetime) -> datetime | None:
    if soon := SOON.search(plain):
        return _soon(soon[1], soon[2], now)
    clock = CLOCK.search(plain)
    at = _clock(clock) if clock else next((end for part, end in ENDS if part.search(plain)), None)
    if clock and at is None:
        return None
    day = _day(plain.replace(clock[0], " ") if clock else plain, now)
    if day is None:
        return datetime.combine(now.date(), at, now.tzinfo) if at and clock else None
    return datetime.combine(day, at or CLOSING, now.tzinfo)


def _soon(count: str, unit: str, now: datetime) -> datetime:
    many = float(count) if count.isdigit() else float(NUMBERS[count])
    if unit.startswith("m"):
        return now + timedelta(minutes=many)
    return now + (timedelta(hours=many) if unit.startswith("h") else timedelta(days=many))


def _clock(found: re.Match[str]) -> time | None:
    hour, minute, part = int(found[1]), int(found[2] or 0), (found[3] or "").replace(" ", "")
    if hour > 23 or minute > 59:
        return None
    late = part.startswith("p") or part.endswith(("tarde", "noche", "noite"))
    early = part.startswith("a") or part.endswith(("manana", "manha"))
    if hour < 12 and (late or (not early and hour < EARLIEST_UNSAID)):
        hour += 12
    return time(hour % 24 if not (early and hour == 12) else 0, minute)


def _day(plain: str, now: datetime) -> date | None:
    if AFTER_TOMORROW.search(plain):
        return now.date() + timedelta(days=2)
    if TODAY.search(plain):
        return now.date()
    if TOMORROW.search(plain):
        return now.date() + timedelta(days=1)
    for number, names in enumerate(DAYS):
        if any(re.search(rf"\b{name}\b", plain) for name in names):
            return now.date() + timedelta(days=(number - now.weekday()) % 7 or 7)
    return None
