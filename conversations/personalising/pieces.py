"""What a version says on one medium in one language, ready to be filled in for many."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from conversations import template_parts
from conversations.models import MessageTemplateVersion, Template
from conversations.personalising import checking, mail
from conversations.personalising.engine import Empty, Problem, Source, nested, source
from conversations.personalising.spelling import spelt
from crm.models import Medium
from tenants.models import Tenant

SUBJECT = 250


@dataclass(frozen=True, slots=True)
class Rendered:
    """What one customer gets. `data` is what messages carry: {"template": {…}} on WhatsApp."""

    subject: str = ""
    preheader: str = ""
    text: str = ""
    html: str = ""
    data: dict[str, Any] = field(default_factory=dict)


class Piece:
    """One medium and language of a version. Render it within the business's scope."""

    def __init__(
        self,
        medium: str,
        language: str,
        content: Mapping[str, Any],
        *,
        business: Tenant,
        template: Template | None = None,
        led: Callable[[str], str] | None = None,
    ) -> None:
        """`led` rewrites the links of a mail's HTML, once."""
        self.medium = medium
        self.language = language
        self.content = content
        self.template = template
        self._business = business
        self._led = led or str

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Its texts by what they are: subject, preheader, html and text, or the places of a template."""
        if self.medium == Medium.EMAIL:
            made = mail.made(self.content, self.language, self._business)
            return {
                "subject": source(made.subject), "preheader": source(made.preheader),
                "html": source(self._led(made.html), html=True), "text": source(made.text),
            }  # fmt: skip
        return {place: source(text) for place, text in self.written.items()}

    @cached_property
    def written(self) -> dict[str, str]:
        """What a person wrote, but in mails: a text, or the places of the vendor's template."""
        if self.template is None:
            return {"text": str(self.content.get("text") or "")}
        values = self.content.get("values")
        given = values if isinstance(values, Mapping) else {}
        places = template_parts.places(self.template.components)
        return {place.key: str(given.get(place.key) or "") for place in places}

    @cached_property
    def names(self) -> frozenset[str]:
        """The names it uses: give them to `values_for`."""
        return frozenset(name for one in self.sources.values() for name in one.names)

    @property
    def files(self) -> list[UUID]:
        """The attachments that go with it, by their ids (MessageTemplateFile)."""
        return [UUID(one) for one in self.content.get("files") or []]

    @property
    def is_sendable(self) -> bool:
        """Whether it can go out at all."""
        return not any(problem.serious for problem in self.problems)

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything that a person should look at before it goes out, the serious ones first."""
        found = list(dict.fromkeys(checking.problems(self)))
        return sorted(found, key=lambda one: not one.serious)

    def followed_by(self, words: str) -> "Piece":
        """The same with some words below; a vendor's template as it is, since it says only that."""
        if self.template is not None:
            return self
        if self.medium == Medium.EMAIL:
            blocks = [*(self.content.get("blocks") or []), {"kind": "text", "text": words}]
            more: dict[str, Any] = {"blocks": blocks}
        else:
            more = {"text": f"{self.content.get('text') or ''}\n\n{words}"}
        content = {**self.content, **more}
        return Piece(self.medium, self.language, content, business=self._business, led=self._led)

    def render(self, values: Mapping[str, Any]) -> Rendered:
        """It for one customer. Raises `Empty` where a name without fallback is empty, or the whole text."""
        with translation.override(self.language):
            said = nested({name: spelt(values.get(name)) for name in self.names}, self.names)
            if self.template is not None:
                return self._of_vendor(said)
            written = {place: one.render(said) for place, one in self.sources.items()}
        text = _tidy(written["text"])
        if not text:
            raise Empty
        subject = " ".join(written.get("subject", "").split())[:SUBJECT]
        if self.medium == Medium.EMAIL and not subject:
            raise Empty
        return Rendered(
            subject, " ".join(written.get("preheader", "").split()), text, written.get("html", "")
        )

    def _of_vendor(self, said: Mapping[str, Mapping[str, object]]) -> Rendered:
        assert self.template is not None
        parts, template = self.template.components, self.template
        values = template_parts.tidy({place: one.render(said) for place, one in self.sources.items()})
        for place, value in values.items():
            if not value:
                raise Empty(place)
        data: dict[str, Any] = {
            "id": str(template.pk),
            "name": template.name,
            "language": template.language,
            "components": template_parts.parameters(parts, values, is_named=template.is_named),
        }
        if header := template_parts.media(parts):
            data["header"] = header
        if titles := template_parts.titles(parts):
            data["buttons"] = titles
        return Rendered(text=template_parts.rendered(parts, values), data={"template": data})


def _tidy(text: str) -> str:
    """What an empty place leaves behind: spaces before a comma, lines with nothing on them."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    found: list[str] = []
    for line in lines:
        if line or (found and found[-1]):
            found.append(line)
    return "\n".join(found).strip()


def piece(
    version: MessageTemplateVersion,
    medium: str,
    language: str,
    *,
    led: Callable[[str], str] | None = None,
) -> Piece | None:
    """What a version says on a medium, in a language or else in the first of the others; None for nothing.

    The others: the same language of another country, the business's own, then those of Puente in order.
    """
    by_language = version.contents.get(medium)
    if not isinstance(by_language, Mapping) or not by_language:
        return None
    business = Tenant.objects.get()
    wanted = next((one for one in preferred(language, business) if by_language.get(one)), None)
    if wanted is None:
        return None
    return written(medium, wanted, by_language[wanted], business, led=led)


def written(
    medium: str,
    language: str,
    content: Mapping[str, Any],
    business: Tenant,
    *,
    led: Callable[[str], str] | None = None,
) -> Piece:
    """A piece of what stands in a version, or in the editor."""
    template = None
    if medium == Medium.WHATSAPP and content.get("template_id"):
        template = Template.objects.select_related("channel").filter(pk=content["template_id"]).first()
    return Piece(medium, language, content, template=template, business=business, led=led)


def preferred(language: str, business: Tenant) -> list[str]:
    """Languages by how well they suit somebody who reads one."""
    ours = [code for code, _name in settings.LANGUAGES]
    asked = language.lower()
    akin = [code for code in ours if code.partition("-")[0] == asked.partition("-")[0]]
    return list(dict.fromkeys([asked, *akin, business.language, *ours]))
