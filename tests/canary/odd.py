"""What nobody types and somebody sends: values, bodies and headers that break programs."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes

ROOT = Path(__file__).resolve().parents[2]
APPS = ("tenants", "crm", "conversations", "feedback", "config")
READ = re.compile(r"(?:GET|POST|body|data|payload|query_params)(?:\.get|\.getlist|\.pop)?[(\[]\"(\w+)\"")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
BOUNDARY = "----odd"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"

TEXTS = [
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff\ud83d",
    "",
    " ",
    "9" * 400,
    "-1",
    "1e999",
    "NaN",
    "-Infinity",
    "x" * 20_000,
    "𝔘" * 300,
    "١٢٣",
    "0x1F",
    "'\"><script>;--",
    "%s%(x)s{}{0}",
    "../../../../etc/passwd",
    "line\r\nX-Injected: 1",
    "\u202egnp.exe",
    "null",
    "[]",
    "{}",
    "99999999-99-99",
    "0000-00-00T99:99:99Z",
    "9999-12-31T23:59:59.999999-23:59",
    "0001-01-01",
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "a@b@c",
    "@",
    "http://[::1",
    "javascript:alert(1)",
    "#" * 50,
]
VALUES: list[Any] = [
    *TEXTS,
    None,
    True,
    0,
    -1,
    2**31,
    2**63,
    10**40,
    1e308,
    -0.0,
    [],
    {},
    [[]],
    [None],
    [{}],
    {"id": {}},
    {"\x00": "\x00"},
    {"\ud800": 1},
    ["x"] * 2_000,
    {"a": {"b": {"c": ["\x00"]}}},
]
BODIES = [
    b"",
    b"{",
    b"[" * 50_000,
    b'{"a":' * 20_000,
    b"\xff\xfe\x00{}",
    b"\xef\xbb\xbf{}",
    b'"\\ud800"',
    b"NaN",
    b"[1e999999]",
    b"9" * 5_000,
    b"null",
    b"[]",
    b'"text"',
    b'{"a": 1, "a": 2}',
    b'{"__proto__": {}, "constructor": "\\u0000"}',
    b"\x00" * 100,
    b"name=%ED%A0%80&text=%FF%FE&q=%00&=&&&;",
    b"&".join(b"f%d=1" % number for number in range(1_200)),
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="name"\r\n\r\nx'.encode(),
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="\x00/../a\x00.png"\r\n'
    f"Content-Type: image/\x00\r\n\r\n\x00\r\n--{BOUNDARY}--\r\n".encode(),
    f"--{BOUNDARY}\r\nContent-Disposition: form-data; name*=utf-16''%00\r\n\r\n\r\n--{BOUNDARY}--".encode(),
    f"--{BOUNDARY}\r\nnonsense\r\n\r\n\r\n".encode(),
]
TYPES = [
    JSON,
    FORM,
    MULTIPART,
    "multipart/form-data",
    'multipart/form-data; boundary="\x01"',
    "text/plain; charset=nonsense",
    "application/json; charset=utf-16",
    "application/x-www-form-urlencoded; charset=utf-7",
    "message/rfc822",
    "application/xml",
    "/",
    "",
    "x" * 500,
]
HEADERS: list[dict[str, str]] = [
    {"accept-language": "x" * 5_000},
    {"accept-language": "es;q=nan,*;q=\x00"},
    {"accept": "a/b;q=é, /, */*/*"},
    {"authorization": "Bearer"},
    {"authorization": "Bearer \x00\ud7ff" + "x" * 5_000},
    {"authorization": "Visitor a:b:c"},
    {"cookie": "sessionid=\x00; csrftoken=%; ; =; \xff=\xff"},
    {"cookie": "sessionid=" + "x" * 5_000},
    {"origin": "http://[::1"},
    {"referer": "http://[bad/"},
    {"hx-request": "true", "hx-current-url": "http://[bad/\x00", "hx-target": "\x00"},
    {"hx-request": "true", "hx-current-url-uri-autoencoded": "true", "hx-current-url": "%ED%A0%80"},
    {"idempotency-key": "\x00"},
    {"idempotency-key": "x" * 5_000},
    {"if-none-match": '"' * 99},
    {"if-modified-since": "Thu, 99 Foo 99999 99:99:99 GMT"},
    {"last-event-id": "99999999999999999999999-\x00"},
    {"range": "bytes=-9999999999999999999999"},
    {"host": "a" * 300},
    {"x-forwarded-for": "\x00, ::::"},
    {"content-length": "x"},
]
FIELDS = 2  # of one form, and places in one body, that go wrong in one run
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW"]


class Knock(NamedTuple):
    """One request."""

    method: str
    path: str
    body: bytes = b""
    content_type: str = FORM
    headers: dict[str, str] = {}

    def __str__(self) -> str:
        what = f"{self.body[:300]!r} {str(self.headers)[:200]}"
        return f"{self.method} {self.path[:300]} {self.content_type[:80]} {what}"


@cache
def names() -> list[str]:
    """Every name under which some view reads what came."""
    sources = [path.read_text(encoding="utf-8") for app in APPS for path in (ROOT / app).rglob("*.py")]
    return sorted({name for text in sources for name in READ.findall(text)})


def form(fields: dict[str, list[str]]) -> bytes:
    """Fields as a browser posts them, lone surrogates included."""
    pairs = [(name, value) for name, values in fields.items() for value in values]
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs).encode()


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


def as_json(value: Any) -> bytes:
    """JSON as a careless sender writes it: NaN, and halves of characters as escapes."""
    return json.dumps(value).encode()


def anything(path: str, random: Random) -> Iterator[Knock]:
    """What is wrong at every address: queries, bodies, kinds of bodies, headers, methods."""
    for text in random.sample(TEXTS, 1):
        query = form({name: [text] for name in names()}).decode()
        yield Knock("GET", f"{path}?{query}" if len(query) < 200_000 else f"{path}?q={_quoted(text)}")
        yield Knock("POST", path, form({name: [text, text] for name in names()}))
    for name in random.sample(names(), 2):
        yield Knock("GET", f"{path}?{form({name: [random.choice(TEXTS[:12])]}).decode()}")
    for body in random.sample(BODIES, 3):
        yield Knock("POST", path, body, random.choice(TYPES))
    for headers in random.sample(HEADERS, 2):
        yield Knock(random.choice(["GET", "POST"]), path, b"{}", JSON, headers)
    for method in random.sample(METHODS, 1):
        yield Knock(method, path, random.choice(BODIES), random.choice(TYPES))


def one_wrong_field(path: str, fields: dict[str, list[str]], random: Random) -> Iterator[Knock]:
    """A form as its page offers it, with one field at a time that is odd."""
    good = {name: [next((value for value in values if value), "texto")] for name, values in fields.items()}
    for name in random.sample(sorted(good), min(len(good), FIELDS)):
        for text in ["\x00", *random.sample(TEXTS, 1)]:
            yield Knock("POST", path, form({**good, name: [text]}))


def one_wrong_value(method: str, path: str, good: Any, random: Random) -> Iterator[Knock]:
    """A body of the API as its schema wants it, with one value at a time that is odd, and odd ones whole."""
    for value in random.sample(VALUES, 2):
        yield Knock(method, path, as_json(value), JSON)
    for body in random.sample(BODIES, 2):
        yield Knock(method, path, body, JSON)
    ways = places(good)
    for where in random.sample(ways, min(len(ways), FIELDS)):
        for value in ["\x00", "\ud800", *random.sample(VALUES, 2)]:
            yield Knock(method, path, as_json(replaced(good, where, value)), JSON)


def places(body: Any) -> list[tuple[Any, ...]]:
    """The way to every value inside a body."""
    if isinstance(body, dict):
        inner = [(key, *way) for key, value in body.items() for way in places(value)]
        return inner + [(key,) for key in body]
    if isinstance(body, list):
        return [(number, *way) for number, value in enumerate(body) for way in places(value)]
    return []


def replaced(body: Any, way: tuple[Any, ...], value: Any) -> Any:
    """A copy of a body with another value at one place."""
    if not way:
        return value
    copy = dict(body) if isinstance(body, dict) else list(body)
    copy[way[0]] = replaced(body[way[0]], way[1:], value)
    return copy
