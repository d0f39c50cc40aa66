"""What a text asserts that can be checked letter by letter: numbers, prices, dates, hours, addresses.

Each claim has a form in which it is compared, whatever language or spelling it was written in.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from tenants.kit.text import bare

LONGEST = 20_000
"""Letters of a text that are looked at."""

_DOMAINS = (
    "com|net|org|mx|br|ar|cl|co|pe|es|uy|ec|io|app|shop|store|online|info|biz|me|ly|link|site|dev|ai|gg|to"
    "|xyz|top|club|vip|live|click|win|bet|gift|fun|website|tienda|loja|lat|us|tv|cc"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_LABELS = r"(?<![a-z0-9-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,5}"
_URL = re.compile(
    r"(?:https?://|www\.)[^\s<>\"')\]]{1,500}"
    rf"|{_LABELS}(?:{_DOMAINS})\b(?:/[^\s<>\"')\]]{{0,500}})?"
    rf"|{_LABELS}[a-z]{{2,20}}/[^\s<>\"')\]]{{1,500}}",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w.,])\+?\(?\d[\d\s().-]{6,18}\d(?!\w)")
_DAY = r"(\d{1,2})(?:st|nd|rd|th|o|a)?"
_MONTHS = (
    "enero janeiro january jan ene", "febrero fevereiro february feb fev", "marzo marco march",
    "abril april abr apr", "mayo maio may", "junio junho june jun", "julio julho july jul",
    "agosto august ago aug", "septiembre setiembre setembro september sept sep set",
    "octubre outubro october oct out", "noviembre novembro november nov",
    "diciembre dezembro december dic dez dec",
)  # fmt: skip
_SHARED = frozenset({"set", "out", "may", "ago", "mar"})
"""Names of months that are everyday words too: they count beside a day only."""
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_NAMES = "|".join(sorted(_MONTH, key=len, reverse=True))
_DATES = (
    (re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b"), "ymd"),
    (re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})\b"), "dmy"),
    (re.compile(r"\b(\d{1,2})/(\d{1,2})\b"), "dm"),
    (re.compile(rf"\b{_DAY}(?: de|\.)? ?({_NAMES})\b"), "dn"),
    (re.compile(rf"\b({_NAMES})\.? {_DAY}\b"), "nd"),
)
_WEEKDAYS = (
    "lunes segunda-feira monday", "martes terca-feira terca tuesday", "miercoles quarta-feira wednesday",
    "jueves quinta-feira thursday", "viernes sexta-feira friday", "sabado saturday", "domingo sunday",
)  # fmt: skip
_WEEKDAY = {name: number for number, names in enumerate(_WEEKDAYS) for name in names.split()}
_WEEKDAY |= {name + "s": number for name, number in _WEEKDAY.items() if not name.endswith("s")}
_SOON = {
    "hoy": "today", "hoje": "today", "today": "today", "tonight": "today", "ayer": "yesterday",
    "ontem": "yesterday", "yesterday": "yesterday", "manana": "tomorrow", "amanha": "tomorrow",
    "tomorrow": "tomorrow",
}  # fmt: skip
_MORNING = re.compile(r"\b(?:la|buena|una|cada|de|a|na) manana\b|\bmananas\b")
_HOUR = re.compile(
    r"\b(\d{1,2})[:h](\d{2})(?: ?([ap])\.? ?m\b\.?)?"
    r"|\b(\d{1,2}) ?([ap])\.? ?m\b\.?"
    r"|\b(\d{1,2}) ?h(?:s|rs|oras?)?\b"
)
EVENING = range(1, 8)
"""Hours that shops write for those after noon."""
_MONEY = r"(?:us\$|r\$|s/|mx\$|\$|€|£|usd|mxn|brl|ars|clp|cop|pen|eur)"
_COINS = (
    r"(?:pesos?|reais|real|soles|sol|dolares|dolar|dollars?|euros?|centavos?|bucks"
    r"|mxn|usd|brl|ars|clp|cop|pen|eur)"
)
_FIGURE = r"\d{1,12}(?:[.,'’ ]\d{3}){1,5}(?:[.,]\d{1,2})?(?!\d)|\d{1,12}(?:[.,]\d{1,6})?(?!\d)"
"""Bounded, as all patterns here: what others wrote must not make a search long."""
_PRICE = re.compile(rf"{_MONEY} ?({_FIGURE})|(?<!\d)({_FIGURE}) ?(?:{_COINS}\b|[€£])")
_PERCENT = re.compile(rf"(?<!\d)({_FIGURE}) ?(?:%|٪|por ?ciento|por ?cento|percent|pct)")
_NUMBER = re.compile(rf"(?<!\d)(?:{_FIGURE})|\d+")
_VALUES = (
    (2, "dos dois duas two"), (3, "tres three"), (4, "cuatro quatro four"), (5, "cinco five"),
    (6, "seis six"), (7, "siete sete seven"), (8, "ocho oito eight"), (9, "nueve nove nine"),
    (10, "diez dez ten"), (11, "once onze eleven"), (12, "doce doze twelve"), (13, "trece treze thirteen"),
    (14, "catorce quatorze fourteen"), (15, "quince quinze fifteen"), (16, "dieciseis dezesseis sixteen"),
    (17, "diecisiete dezessete seventeen"), (18, "dieciocho dezoito eighteen"),
    (19, "diecinueve dezenove nineteen"), (20, "veinte vinte twenty"), (30, "treinta trinta thirty"),
    (40, "cuarenta quarenta forty"), (50, "cincuenta cinquenta fifty"), (60, "sesenta sessenta sixty"),
    (70, "setenta seventy"), (80, "ochenta oitenta eighty"), (90, "noventa ninety"),
    (100, "cien ciento cem cento hundred"), (200, "doscientos duzentos"), (500, "quinientos quinhentos"),
    (1000, "mil thousand"), (1_000_000, "millon milhao million"),
)  # fmt: skip
_WORDS = {word: str(value) for value, words in _VALUES for word in words.split()}
_HALF = {"mitad": "50", "metade": "50", "half": "50"}
_PERCENT_WORDS = re.compile(r"\b([a-z]+) por ?c(?:iento|ento)\b|\b([a-z]+) percent\b")


@dataclass(frozen=True, slots=True)
class Claim:
    """Something asserted: where it stands in the text, and the forms any of which has to be known."""

    kind: str
    """url, email, phone, date, hour, percent, price or number."""
    forms: frozenset[str]
    start: int
    end: int


def claims(text: str, *, once_is_eleven: bool = True) -> list[Claim]:
    """All claims of a text, in order. `once_is_eleven` is false for English."""
    plain = plain_of(text[:LONGEST])
    found: list[Claim] = []
    taken = bytearray(len(plain))
    for claim in _all(plain, once_is_eleven=once_is_eleven):
        if not any(taken[claim.start : claim.end]):
            taken[claim.start : claim.end] = b"\x01" * (claim.end - claim.start)
            found.append(claim)
    return sorted(found, key=lambda claim: claim.start)


def meant(claim: Claim) -> frozenset[str]:
    """What a statement of the business says: 10:00 is not 22:00 there, but 7:00 may well be 19:00."""
    if claim.kind != "hour" or len(claim.forms) == 1:
        return claim.forms
    first, second = sorted(claim.forms, key=_hour)
    return claim.forms if _hour(first) in EVENING else frozenset({second if _hour(second) == 12 else first})


def _hour(form: str) -> int:
    return int(form.partition(":")[0])


def plain_of(text: str) -> str:
    """Without accents, capitals, odd digits and what cannot be seen; each letter stays in its place."""
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    if char.isspace() or unicodedata.category(char) in {"Cf", "Cc"}:
        return " "
    if char.isdigit():
        return str(unicodedata.digit(char))
    return (bare(char) or " ")[0]


def _all(plain: str, *, once_is_eleven: bool) -> Iterator[Claim]:
    for match in _EMAIL.finditer(plain):
        yield _claim("email", match, match[0].rstrip("."))
    for match in _URL.finditer(plain):
        yield _claim("url", match, url_form(match[0]))
    yield from _dates(plain)
    yield from _hours(plain)
    for match in _PERCENT.finditer(plain):
        yield Claim("percent", figures(match[1]), *match.span())
    for match in _PRICE.finditer(plain):
        yield Claim("price", figures(match[1] or match[2]), *match.span())
    for match in _PHONE.finditer(plain):
        digits = "".join(char for char in match[0] if char.isdigit())
        if 8 <= len(digits) <= 15 and not re.fullmatch(_FIGURE, match[0]):
            yield _claim("phone", match, digits)
    for match in _NUMBER.finditer(plain):
        kind = "phone" if len(match[0]) >= 10 and match[0].isdigit() else "number"
        yield Claim(kind, figures(match[0]), *match.span())
    yield from _spelled(plain, once_is_eleven=once_is_eleven)


def _claim(kind: str, match: re.Match[str], *forms: str) -> Claim:
    return Claim(kind, frozenset(forms), *match.span())


def url_form(url: str) -> str:
    """An address on the web without what does not count."""
    return re.sub(r"^(?:https?://)?(?:www\.)?", "", url.lower()).rstrip("/.,;:!?")


def figures(written: str) -> frozenset[str]:
    """A number in every way it may be meant: 1.299 is 1299 and 1.299."""
    figure = re.sub(r"['’ ]", "", written).rstrip(".,")
    forms = {re.sub(r"[.,](?=\d{3}(?:\D|$))", "", figure), figure.replace(",", ".")}
    return frozenset(_trimmed(form.replace(",", ".")) for form in forms)


def _trimmed(figure: str) -> str:
    whole, _dot, part = figure.rpartition(".") if figure.count(".") == 1 else (figure, "", "")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    return f"{whole}.{part}" if part else whole


def _dates(plain: str) -> Iterator[Claim]:
    for pattern, order in _DATES:
        for match in pattern.finditer(plain):
            if order in {"dn", "nd"}:
                day, name = (match[1], match[2]) if order == "dn" else (match[2], match[1])
                if 1 <= int(day) <= 31:
                    yield _claim("date", match, f"{int(day)}/{_MONTH[name]}")
                continue
            parts = [int(part) for part in match.groups()]
            pair = parts[1:] if order == "ymd" else parts[:2]
            if min(pair) in range(1, 13) and max(pair) <= 31:
                first, second = pair
                yield _claim("date", match, f"{first}/{second}", f"{second}/{first}")
    for match in re.finditer(r"[a-z]+(?:-feira)?", plain):
        word = match[0]
        if word in _WEEKDAY:
            yield _claim("date", match, f"weekday {_WEEKDAY[word]}")
        elif word in _SOON:
            before = plain[max(match.start() - 6, 0) : match.end() + 1]
            if word != "manana" or not _MORNING.search(before):
                yield _claim("date", match, _SOON[word])
        elif len(word) > 3 and word in _MONTH and word not in _SHARED:
            yield _claim("date", match, f"month {_MONTH[word]}")


def _hours(plain: str) -> Iterator[Claim]:
    for match in _HOUR.finditer(plain):
        hour = int(match[1] or match[4] or match[6])
        minute = int(match[2] or 0)
        half = match[3] or match[5]
        if hour > 24 or minute > 59:
            continue
        if half == "p" and hour < 12:
            hour += 12
        forms = [f"{hour}:{minute:02}"]
        if not half and hour <= 12:
            forms.append(f"{(hour + 12) % 24}:{minute:02}")
        yield _claim("hour", match, *forms)


def _spelled(plain: str, *, once_is_eleven: bool) -> Iterator[Claim]:
    for match in _PERCENT_WORDS.finditer(plain):
        value = _WORDS.get(match[1] or match[2])
        if value:
            yield _claim("percent", match, value)
    for match in re.finditer(r"[a-z]+", plain):
        if match[0] in _HALF:
            yield _claim("percent", match, _HALF[match[0]])
        elif match[0] in _WORDS and (once_is_eleven or match[0] != "once"):
            yield _claim("number", match, _WORDS[match[0]])
