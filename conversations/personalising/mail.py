"""A mail out of its blocks: HTML that every mail program shows, and the same as plain text."""

from collections.abc import Mapping
from html import escape
from typing import Any, NamedTuple

from tenants.models import Tenant


class Made(NamedTuple):
    """The texts of a mail, their names not filled in yet."""

    subject: str
    preheader: str
    html: str
    text: str


def made(content: Mapping[str, Any], language: str, business: Tenant | None) -> Made:
    """A mail's texts out of {"subject", "preheader", "blocks"}."""
    blocks = [one for one in content.get("blocks") or [] if isinstance(one, Mapping)]
    texts = [str(one.get("text") or "") for one in blocks]
    html = "".join(f"<p>{escape(text, quote=False)}</p>" for text in texts)
    return Made(
        str(content.get("subject") or ""), str(content.get("preheader") or ""), html, "\n\n".join(texts)
    )
