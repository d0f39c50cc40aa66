"""A template as a person writes it, turned into the parts that are submitted, by the vendor's own rules.

Source: developers.facebook.com/documentation/business-messaging/whatsapp/templates/components (v24.0).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from conversations.channels.base import File
from conversations.template_parts import HOLE, TITLE, Components, names_in, with_samples
from tenants.kit.text import clean, one_line
from tenants.refusals import Refused

BODY = 1_024  # characters
FOOTER = 60
BUTTON = 25
MOST_BUTTONS = 10
MOST = {"URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1}
URL = 2_000
CODE = 15
NAME = re.compile(r"[a-z0-9_]{1,512}")
LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2,4})?")
CATEGORIES = ("utility", "marketing")
MEDIA = {"image": ("image/jpeg", "image/png"), "video": ("video/mp4",), "document": ("application/pdf",)}
LARGEST_SAMPLE = 16_000_000  # bytes
_LOOSE = re.compile(r"\{\{|\}\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person writes. `media` of image, video or document stands where a header's text would."""

    body: str
    header: str = ""
    media: str = ""
    footer: str = ""
    buttons: list[dict[str, str]] = field(default_factory=list)  # type, text, and url, phone or code
    samples: Mapping[str, str] = field(default_factory=dict)  # by place: body.1, header.name, button.0


class Written(NamedTuple):
    """Ready to be submitted."""

    components: Components
    is_named: bool


def check_name(name: str) -> str:
    """The name as the vendor takes it. Raises `Refused`."""
    if not NAME.fullmatch(name):
        raise Refused(_("Use small letters, digits and underscores only, such as order_shipped."), "name")
    return name


def check_language(language: str) -> str:
    """Raises `Refused` for what is no language."""
    if not LANGUAGE.fullmatch(language):
        raise Refused(_("Choose a language, such as es_MX."), "language")
    return language


def written(wording: Wording) -> Written:
    """Raises `Refused` at the field that breaks a rule: header, body, footer, buttons or samples."""
    body, header = clean(wording.body).strip(), one_line(wording.header, 200)
    is_named = _style(header, body)
    samples = {key: one_line(str(value), 200) for key, value in wording.samples.items()}
    components: Components = []
    if wording.media:
        components.append({"type": "HEADER", "format": _media(wording.media)})
    elif header:
        components.append(_header(header, samples, is_named=is_named))
    components.append(_body(body, samples, is_named=is_named))
    if footer := one_line(wording.footer, 200):
        components.append(_footer(footer))
    if buttons := _buttons(wording.buttons, samples):
        components.append({"type": "BUTTONS", "buttons": buttons})
    return Written(components, is_named)


def _style(header: str, body: str) -> bool:
    """Whether its places have names. Raises `Refused` for a mixture and for numbers with gaps."""
    for name, text in (("header", header), ("body", body)):
        if _LOOSE.search(HOLE.sub("", text)):
            raise Refused(_("A pair of braces is not closed: write places as {{1}} or {{first_name}}."), name)
    names = [*names_in(header), *names_in(body)]
    numbered = [name.isdigit() for name in names]
    if any(numbered) and not all(numbered):
        raise Refused(_("Number all places or name all of them, not both."), "body")
    if not all(numbered) and any(name != name.lower() for name in names):
        raise Refused(_("Names of places are small letters, digits and underscores."), "body")
    if any(numbered) and sorted(map(int, names_in(body))) != list(range(1, len(names_in(body)) + 1)):
        raise Refused(_("Number the places from 1 without gaps."), "body")
    return bool(names) and not all(numbered)


def too_large() -> str:
    """What to say of a file that is known to be too large before it is read."""
    return _("The sample is larger than 16 MB.")


def check_sample(media: str, sample: File | None) -> File | None:
    """The file that shows the vendor what will stand above the text. Raises `Refused`."""
    if not media:
        return None
    if sample is None:
        raise Refused(_("Add a sample of the file that stands above the text."), "sample")
    if len(sample.content) > LARGEST_SAMPLE:
        raise Refused(too_large(), "sample")
    if sample.content_type not in MEDIA[media]:
        raise Refused(_("This file is of another kind."), "sample")
    return sample


def _media(media: str) -> str:
    if media not in MEDIA:
        raise Refused(_("Choose a picture, a video or a document."), "header")
    return media.upper()


def _header(header: str, samples: Mapping[str, str], *, is_named: bool) -> dict[str, Any]:
    if len(header) > TITLE:
        raise Refused(_shorten(TITLE), "header")
    if len(names_in(header)) > 1:
        raise Refused(_("The title takes one place to fill in."), "header")
    _check_samples("header", header, samples)
    example = with_samples("header", header, samples, is_named=is_named)
    return {"type": "HEADER", "format": "TEXT", "text": header, **example}


def _body(body: str, samples: Mapping[str, str], *, is_named: bool) -> dict[str, Any]:
    if not body:
        raise Refused(_("Write the text."), "body")
    if len(body) > BODY:
        raise Refused(_shorten(BODY), "body")
    if body.startswith("{{") or body.endswith("}}"):
        raise Refused(_("The text may neither begin nor end with a place to fill in."), "body")
    _check_samples("body", body, samples)
    return {"type": "BODY", "text": body, **with_samples("body", body, samples, is_named=is_named)}


def _footer(footer: str) -> dict[str, Any]:
    if len(footer) > FOOTER:
        raise Refused(_shorten(FOOTER), "footer")
    if "{{" in footer:
        raise Refused(_("The last line takes no places to fill in."), "footer")
    return {"type": "FOOTER", "text": footer}


def _check_samples(name: str, text: str, samples: Mapping[str, str]) -> None:
    missing = [hole for hole in names_in(text) if not samples.get(f"{name}.{hole}")]
    if missing:
        said = ", ".join(f"{{{{{hole}}}}}" for hole in missing)
        raise Refused(_("Give a sample for %(names)s.") % {"names": said}, "samples")


def _buttons(given: list[dict[str, str]], samples: Mapping[str, str]) -> list[dict[str, Any]]:
    """Quick answers first, as the vendor wants them together."""
    made = [_button(button, samples.get(f"button.{index}", "")) for index, button in enumerate(given)]
    if len(made) > MOST_BUTTONS:
        raise Refused(_("This channel takes at most %(limit)s buttons.") % {"limit": MOST_BUTTONS}, "buttons")
    for kind, most in MOST.items():
        if sum(one["type"] == kind for one in made) > most:
            raise Refused(_("There are too many buttons of one kind."), "buttons")
    if len({one["text"] for one in made}) < len(made):
        raise Refused(_("Two buttons say the same."), "buttons")
    return sorted(made, key=lambda one: one["type"] != "QUICK_REPLY")


def _button(given: Mapping[str, str], sample: str) -> dict[str, Any]:
    kind = str(given.get("type") or "").upper()
    text = one_line(str(given.get("text") or ""), 200)
    if kind == "COPY_CODE":
        return _code(one_line(str(given.get("code") or ""), 200))
    if not text or len(text) > BUTTON:
        raise Refused(
            _("A button says something in at most %(limit)s characters.") % {"limit": BUTTON}, "buttons"
        )
    if kind == "QUICK_REPLY":
        return {"type": kind, "text": text}
    if kind == "URL":
        return _link(text, one_line(str(given.get("url") or ""), URL + 1), sample)
    if kind == "PHONE_NUMBER":
        return _phone(text, one_line(str(given.get("phone") or ""), 100))
    raise Refused(_("There is no such kind of button."), "buttons")


def _code(code: str) -> dict[str, Any]:
    if not code or len(code) > CODE:
        raise Refused(
            _("Give a sample of the code, at most %(limit)s characters.") % {"limit": CODE}, "buttons"
        )
    return {"type": "COPY_CODE", "text": _("Copy code"), "example": [code]}


def _link(text: str, url: str, sample: str) -> dict[str, Any]:
    if not url.startswith("https://") or len(url) > URL:
        raise Refused(_("Links begin with https:// and have at most 2000 characters."), "buttons")
    holes = HOLE.findall(url)
    if not holes:
        return {"type": "URL", "text": text, "url": url}
    if len(holes) > 1 or not url.endswith("}}"):
        raise Refused(_("A link has one place to fill in, at its end."), "buttons")
    if not sample:
        raise Refused(_("Give a sample for the end of the link."), "samples")
    return {"type": "URL", "text": text, "url": url, "example": [HOLE.sub(lambda _hole: sample, url)]}


def _phone(text: str, phone: str) -> dict[str, Any]:
    digits = re.sub(r"[\s()./-]", "", phone)
    if not re.fullmatch(r"\+?[0-9]{6,19}", digits):
        raise Refused(_("Write the number with its country code, such as +525512345678."), "buttons")
    return {"type": "PHONE_NUMBER", "text": text, "phone_number": digits}


def _shorten(limit: int) -> str:
    return _("Shorten it to %(limit)s characters.") % {"limit": limit}
