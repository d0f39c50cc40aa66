"""A mail out of its blocks: HTML that every mail program shows, and the same as plain text.

Tables and inlined styles, since mail programs know little else; what a dark theme changes stands in one
style sheet, which those without it leave out. Readable without pictures.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from conversations.personalising import markup, pictures
from conversations.personalising.blocks import written
from tenants.kit.colours import Palette, palette
from tenants.models import Tenant

WIDTH = 600
INSIDE = WIDTH - 64
FONT = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
INK, QUIET, LINE, PAPER, GROUND = "#1f1c18", "#6b655c", "#e7e3dc", "#ffffff", "#f4f2ee"
TABLE = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
DARK = """
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
.ground{background:#151412!important}.paper{background:#1f1d1a!important}
.ink,.ink a:not(.button){color:#f1eee8!important}.quiet,.quiet a{color:#b3aca1!important}
.line{border-color:#3a3732!important}.accent{color:ACCENT!important}
}
@media (max-width:620px){.inside{padding-left:20px!important;padding-right:20px!important}}
"""


class Made(NamedTuple):
    """The texts of a mail, their names not filled in yet."""

    subject: str
    preheader: str
    html: str
    text: str


class Setting(NamedTuple):
    """What a block needs to know of whose mail it stands in."""

    business: Tenant
    colours: Palette


Part = tuple[str, str]
"""The same as HTML and as plain text."""


def made(content: Mapping[str, Any], language: str, business: Tenant) -> Made:
    """A mail's texts out of {"subject", "preheader", "blocks"}."""
    setting = Setting(business, palette(business.accent))
    subject, preheader = str(content.get("subject") or ""), str(content.get("preheader") or "")
    with translation.override(language):
        parts = [_part(one, setting) for one in written(content)]
        foot = _footer(setting)
    body = "".join(html for html, _text in [*parts, foot])
    text = "\n\n".join(text for _html, text in [*parts, foot] if text)
    return Made(subject, preheader, _page(body, subject, preheader, language, setting), text)


def _part(block: Mapping[str, Any], setting: Setting) -> Part:
    html, text = MAKERS[block["kind"]](block, setting)
    if (html or text) and (only := block.get("only")):
        return f"{{% if {only} %}}{html}{{% endif %}}", f"{{% if {only} %}}{text}{{% endif %}}"
    return html, text


def _row(inside: str, *, above: int = 0, below: int = 0, css: str = "ink", style: str = "") -> str:
    colour = QUIET if css == "quiet" else INK
    face = f"font-family:{FONT};font-size:16px;line-height:1.55;color:{colour};{style}"
    return f'<tr><td class="inside {css}" style="padding:{above}px 32px {below}px;{face}">{inside}</td></tr>'


def _heading(block: Mapping[str, Any], setting: Setting) -> Part:
    said = str(block.get("text") or "")
    if not said:
        return "", ""
    html = (
        f'<h1 style="margin:0;font-size:24px;line-height:1.25;font-weight:700">{markup.plain_html(said)}</h1>'
    )
    return _row(html, above=8, below=12), said


def _text(block: Mapping[str, Any], setting: Setting) -> Part:
    said = str(block.get("text") or "")
    if not said.strip():
        return "", ""
    html = markup.html(
        said,
        link_style=f"color:{setting.colours.light_text};text-decoration:underline",
        paragraph_style="margin:0 0 16px",
        list_style="margin:0 0 16px;padding:0 0 0 22px",
    )
    return _row(html), markup.plain(said)


def _button(block: Mapping[str, Any], setting: Setting) -> Part:
    words, address = str(block.get("text") or ""), markup.address_source(str(block.get("url") or ""))
    if not words or not address:
        return "", ""
    return _row(_link_button(words, address, setting), above=4, below=20), f"{words}: {address}"


def _link_button(words: str, address: str, setting: Setting) -> str:
    colours = setting.colours
    style = (
        f"display:inline-block;padding:13px 22px;font-family:{FONT};font-size:16px;line-height:1.2;"
        f"font-weight:600;color:{colours.ink};text-decoration:none;border-radius:8px"
    )
    return (
        f'<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
        f'<td bgcolor="{colours.colour}" style="border-radius:8px;background:{colours.colour}">'
        f'<a class="button" href="{_href(address)}" style="{style}">{markup.plain_html(words)}</a>'
        "</td></tr></table>"
    )


def _href(address: str) -> str:
    return markup.plain_html(address)


def _image(block: Mapping[str, Any], setting: Setting) -> Part:
    if not block.get("file"):
        return "", ""
    alt, address = str(block.get("alt") or ""), markup.address_source(str(block.get("url") or ""))
    html = _picture(block, setting, INSIDE)
    if address:
        html = f'<a href="{_href(address)}" style="text-decoration:none;color:inherit">{html}</a>'
    text = f"[{alt}]" if alt else ""
    return _row(html, below=20), f"{text} {address}".strip()


def _picture(block: Mapping[str, Any], setting: Setting, width: int) -> str:
    source = pictures.address(setting.business, UUID(str(block["file"])))
    alt = markup.plain_html(str(block.get("alt") or ""))
    style = (
        f"display:block;width:100%;max-width:{width}px;height:auto;border:0;border-radius:8px;"
        f"font-family:{FONT};font-size:15px;line-height:1.4"
    )
    return f'<img src="{escape(source)}" alt="{alt}" width="{width}" style="{style}">'


def _product(block: Mapping[str, Any], setting: Setting) -> Part:
    title, said, price = (str(block.get(name) or "") for name in ("title", "text", "price"))
    address = markup.address_source(str(block.get("url") or ""))
    words = str(block.get("label") or "") or _("See it")
    inside, lines = "", []
    if block.get("file"):
        inside += f'<div style="padding:0 0 14px">{_picture(block, setting, INSIDE - 40)}</div>'
    if title:
        inside += f'<p style="margin:0 0 6px;font-size:18px;font-weight:600">{markup.plain_html(title)}</p>'
        lines.append(title)
    if said:
        inside += markup.html(said, link_style="color:inherit", paragraph_style="margin:0 0 10px")
        lines.append(markup.plain(said))
    if price:
        inside += (
            f'<p class="accent" style="margin:0 0 12px;font-weight:600;color:{setting.colours.light_text}">'
            f"{markup.plain_html(price)}</p>"
        )
        lines.append(price)
    if address:
        inside += _link_button(words, address, setting)
        lines.append(f"{words}: {address}")
    return (_card(inside), "\n".join(lines)) if inside else ("", "")


def _card(inside: str) -> str:
    style = (
        f"border:1px solid {LINE};border-radius:10px;padding:20px;font-family:{FONT};font-size:16px;"
        f"line-height:1.5;color:{INK}"
    )
    cell = f'<tr><td class="line ink" style="{style}">{inside}</td></tr>'
    return _row(f"{TABLE}>{cell}</table>", above=4, below=20)


def _facts(name: str, lines: list[tuple[str, str]], foot: Part = ("", "")) -> Part:
    """A card of what is known of a customer; nothing where `name` is not."""
    html = ""
    for number, (said, needed) in enumerate(lines):
        opened, closed = _if(needed)
        style = "margin:0 0 4px" + (";font-weight:600;font-size:18px" if number == 0 else "")
        html += f'{opened}<p style="{style}">{said}</p>{closed}'
    text = "".join(f"{_if(one)[0]}{said}\n{_if(one)[1]}" for said, one in lines)
    opened, closed = _if(name)
    return f"{opened}{_card(html + foot[0])}{closed}", f"{opened}{text}{foot[1]}{closed}"


def _if(name: str) -> tuple[str, str]:
    return (f"{{% if {name} %}}", "{% endif %}") if name else ("", "")


def _appointment(block: Mapping[str, Any], setting: Setting) -> Part:
    lines = [
        ("{{ appointment.service | default: '' }}", "appointment.service"),
        ("{{ appointment.date | capitalize }}, {{ appointment.time }}", "appointment.time"),
        ("{{ appointment.place }}", "appointment.place"),
    ]
    words = _("Confirm")
    button = _link_button(words, "{{ links.confirm }}", setting)
    foot = (
        f'{{% if links.confirm %}}<div style="padding:12px 0 0">{button}</div>{{% endif %}}',
        f"{{% if links.confirm %}}{words}: {{{{ links.confirm }}}}{{% endif %}}",
    )
    return _facts("appointment.date", lines, foot)


def _order(block: Mapping[str, Any], setting: Setting) -> Part:
    lines = [
        (_("Order %(number)s") % {"number": "{{ order.number }}"}, ""),
        ("{{ order.status | capitalize }}", "order.status"),
        ("{{ order.total }}", "order.total"),
    ]
    return _facts("order.number", lines)


def _divider(block: Mapping[str, Any], setting: Setting) -> Part:
    html = f'<div class="line" style="border-top:1px solid {LINE};font-size:0;line-height:0">&nbsp;</div>'
    return _row(html, above=8, below=20), "---"


def _spacer(block: Mapping[str, Any], setting: Setting) -> Part:
    return _row("&nbsp;", style="height:24px;line-height:24px;font-size:0"), ""


def _footer(setting: Setting) -> Part:
    """Who writes, and how he hears no more of it: under every mail, by itself."""
    business = setting.business
    words = _("I do not want these mails any more")
    who = [one for one in (business.name, business.address) if one]
    link = f"color:{QUIET};text-decoration:underline"
    html = (
        f'<div class="line" style="border-top:1px solid {LINE};padding:18px 0 0">'
        f"{'<br>'.join(markup.plain_html(_inert(one)) for one in who)}<br>"
        f'<a class="quiet" href="{{{{ links.unsubscribe }}}}" style="{link}">{escape(words)}</a></div>'
    )
    text = "\n".join(["--", *map(_inert, who), f"{words}: {{{{ links.unsubscribe }}}}"])
    return _row(html, above=16, below=28, css="quiet", style="font-size:13px;line-height:1.5;"), text


def _inert(text: str) -> str:
    """What stands in the business's own record is no template."""
    return text.replace("{{", "{ {").replace("{%", "{ %").replace("}}", "} }").replace("%}", "% }")


def _page(body: str, subject: str, preheader: str, language: str, setting: Setting) -> str:
    dark = DARK.replace("ACCENT", setting.colours.dark_text).replace("\n", "").replace("}}", "} }")
    hidden = (
        '<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">'
        f"{markup.plain_html(preheader)}{'&#847;&zwnj;&nbsp;' * 40}</div>"
        if preheader
        else ""
    )
    name = markup.plain_html(_inert(setting.business.name))
    head = _row(
        f'<span class="accent" style="font-weight:700;color:{setting.colours.light_text}">{name}</span>',
        above=28, below=16,
    )  # fmt: skip
    return (
        f'<!DOCTYPE html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<meta name="supported-color-schemes" content="light dark">'
        f"<title>{markup.plain_html(subject)}</title><style>{dark}</style></head>"
        f'<body class="ground" style="margin:0;padding:0;background:{GROUND}">{hidden}'
        f'{TABLE} class="ground" style="background:{GROUND}">'
        '<tr><td align="center" style="padding:24px 8px">'
        f'{TABLE} class="paper" style="max-width:{WIDTH}px;background:{PAPER};border-radius:14px">'
        f"{head}{body}</table></td></tr></table></body></html>"
    )


MAKERS: dict[str, Callable[[Mapping[str, Any], Setting], Part]] = {
    "heading": _heading, "text": _text, "button": _button, "image": _image, "product": _product,
    "appointment": _appointment, "order": _order, "divider": _divider, "spacer": _spacer,
}  # fmt: skip
