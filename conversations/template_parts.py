"""What stands in a template: its places to fill in, what it says, how it goes out, how it is submitted.

`components` are written as Meta's platforms write them. Source: developers.facebook.com/documentation/
business-messaging/whatsapp/templates/components and …/templates/overview, "Parameter formats" (v24.0).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tenants.kit.text import one_line

HOLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
MEDIA = {"IMAGE": "image", "VIDEO": "video", "DOCUMENT": "document"}
BUTTONS = {"QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE"}
PARTS = {"HEADER", "BODY", "FOOTER", "BUTTONS"}
VALUE = 1_000  # characters of one value
TITLE = 60  # characters of a header's text

Components = list[dict[str, Any]]


class Place(NamedTuple):
    """Something to fill in. `key` names it in forms and in the API, such as body.first_name or button.0."""

    key: str
    part: str  # header, body or button
    name: str  # as it stands between the braces
    sample: str
    before: str  # what stands before it
    is_code: bool = False  # a code to copy


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def parts(components: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The parts by kind, in capitals; what is none is left out."""
    for one in components if isinstance(components, list) else []:
        if isinstance(one, dict):
            yield _text(one.get("type")).upper(), one


def part(components: Any, kind: str) -> dict[str, Any]:
    """The part of a kind, empty when there is none."""
    return next((one for name, one in parts(components) if name == kind), {})


def buttons(components: Any) -> list[dict[str, Any]]:
    """Its buttons in order."""
    found = part(components, "BUTTONS").get("buttons")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def titles(components: Any) -> list[str]:
    """What its buttons say."""
    return [_text(one.get("text")) for one in buttons(components)]


def media(components: Any) -> str:
    """What file its header holds: image, video, document, or ''."""
    return MEDIA.get(_text(part(components, "HEADER").get("format")).upper(), "")


def can_send(components: Any) -> bool:
    """Whether Puente can fill all of it in; flows, carousels and log-in codes it cannot."""
    header = part(components, "HEADER")
    known_header = not header or media(components) or _text(header.get("format") or "TEXT").upper() == "TEXT"
    known_buttons = all(_text(one.get("type")).upper() in BUTTONS for one in buttons(components))
    known_parts = all(kind in PARTS for kind, _one in parts(components))
    return bool(known_header and known_buttons and known_parts and part(components, "BODY"))


def places(components: Any) -> list[Place]:
    """What there is to fill in, in the order in which it is read."""
    found: list[Place] = []
    for kind, name in (("HEADER", "header"), ("BODY", "body")):
        one = part(components, kind)
        text, samples = _text(one.get("text")), _samples(one, name)
        for hole in HOLE.finditer(text):
            key = f"{name}.{hole[1]}"
            if all(known.key != key for known in found):
                before = text[: hole.start()]
                found.append(Place(key, name, hole[1], samples.get(hole[1], ""), before))
    for index, button in enumerate(buttons(components)):
        if (place := _button_place(index, button)) is not None:
            found.append(place)
    return found


def _button_place(index: int, button: dict[str, Any]) -> Place | None:
    kind, example = _text(button.get("type")).upper(), button.get("example")
    sample = _text(example[0] if isinstance(example, list) and example else example)
    if kind == "COPY_CODE":
        return Place(f"button.{index}", "button", "code", sample, _text(button.get("text")), True)
    url = _text(button.get("url"))
    hole = HOLE.search(url)
    if kind != "URL" or hole is None:
        return None
    return Place(f"button.{index}", "button", hole[1], sample.removeprefix(url[: hole.start()]), url)


def _samples(one: dict[str, Any], name: str) -> dict[str, str]:
    """The sample values of a part, by the names of their places."""
    example = one.get("example")
    if not isinstance(example, dict):
        return {}
    named = example.get(f"{name}_text_named_params")
    if isinstance(named, list):
        rows = [row for row in named if isinstance(row, dict)]
        return {_text(row.get("param_name")): _text(row.get("example")) for row in rows}
    numbered = example.get(f"{name}_text")
    if isinstance(numbered, list) and numbered and isinstance(numbered[0], list):
        numbered = numbered[0]
    values = numbered if isinstance(numbered, list) else []
    return {str(place): _text(value) for place, value in enumerate(values, 1)}


def filled(text: str, part_name: str, values: Mapping[str, str]) -> str:
    """A text with its places filled in; a place without a value stays as it is."""
    return HOLE.sub(lambda hole: values.get(f"{part_name}.{hole[1]}") or hole[0], text)


def rendered(components: Any, values: Mapping[str, str]) -> str:
    """What the customer reads, without buttons."""
    header, body, footer = (part(components, kind) for kind in ("HEADER", "BODY", "FOOTER"))
    said = [
        filled(_text(header.get("text")), "header", values),
        filled(_text(body.get("text")), "body", values),
        _text(footer.get("text")),
    ]
    return "\n\n".join(filter(None, said))


def tidy(values: Mapping[str, Any]) -> dict[str, str]:
    """Values as the vendor takes them: on one line, without long gaps."""
    return {str(key)[:120]: one_line(str(value), VALUE) for key, value in values.items()}


def parameters(components: Any, values: Mapping[str, str], *, is_named: bool) -> Components:
    """What is sent beside name and language; a header's file is filled in after its upload."""
    sent: Components = []
    if kind := media(components):
        sent.append({"type": "header", "parameters": [{"type": kind, kind: {}}]})
    known = places(components)
    for name in ("header", "body"):
        mine = [place for place in known if place.part == name]
        if mine:
            filled_in = [_parameter(place, values, is_named=is_named) for place in mine]
            sent.append({"type": name, "parameters": filled_in})
    for place in known:
        if place.part == "button":
            sent.append(_button(place, values))
    return sent


def _parameter(place: Place, values: Mapping[str, str], *, is_named: bool) -> dict[str, str]:
    name = {"parameter_name": place.name} if is_named else {}
    return {"type": "text", **name, "text": values[place.key]}


def _button(place: Place, values: Mapping[str, str]) -> dict[str, Any]:
    value, index = values[place.key], place.key.partition(".")[2]
    said = {"type": "coupon_code", "coupon_code": value} if place.is_code else {"type": "text", "text": value}
    kind = "copy_code" if place.is_code else "url"
    return {"type": "button", "sub_type": kind, "index": index, "parameters": [said]}


def names_in(text: str) -> list[str]:
    """The places of a text that is being written, each once."""
    return list(dict.fromkeys(HOLE.findall(text)))


def with_samples(name: str, text: str, samples: Mapping[str, str], *, is_named: bool) -> dict[str, Any]:
    """The `example` of a header or body that is submitted; empty when there is nothing to fill in."""
    names = names_in(text)
    if not names:
        return {}
    given = [samples.get(f"{name}.{one}", "") for one in names]
    if is_named:
        rows = [{"param_name": one, "example": value} for one, value in zip(names, given, strict=True)]
        return {"example": {f"{name}_text_named_params": rows}}
    ordered = [value for _one, value in sorted(zip(map(int, names), given, strict=True))]
    return {"example": {f"{name}_text": [ordered] if name == "body" else ordered}}


def sample_values(components: Any) -> dict[str, str]:
    """The samples as values, for showing what it looks like."""
    return {place.key: place.sample for place in places(components) if place.sample}
