"""A template as its page takes it."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from conversations.channels.base import File
from conversations.template_parts import TITLE
from conversations.template_writing import (
    BODY,
    BUTTON,
    FOOTER,
    LARGEST_SAMPLE,
    MEDIA,
    MOST_BUTTONS,
    Wording,
    Written,
    check_language,
    check_name,
    check_sample,
    too_large,
    written,
)  # fmt: skip
from conversations.workspace.forms import Prose, files_of
from tenants.kit.text import clean
from tenants.refusals import Refused

LANGUAGES = (
    ("es_MX", gettext_lazy("Spanish (Mexico)")),
    ("es", gettext_lazy("Spanish")),
    ("es_AR", gettext_lazy("Spanish (Argentina)")),
    ("es_ES", gettext_lazy("Spanish (Spain)")),
    ("pt_BR", gettext_lazy("Portuguese (Brazil)")),
    ("pt_PT", gettext_lazy("Portuguese (Portugal)")),
    ("en", gettext_lazy("English")),
    ("en_US", gettext_lazy("English (United States)")),
    ("en_GB", gettext_lazy("English (United Kingdom)")),
    ("fr", gettext_lazy("French")),
    ("de", gettext_lazy("German")),
    ("it", gettext_lazy("Italian")),
)
CATEGORIES = (
    ("utility", gettext_lazy("Service: about an order, an appointment, a question")),
    ("marketing", gettext_lazy("Advertising: offers and news")),
)
HEADERS = (
    ("", gettext_lazy("Nothing")),
    ("text", gettext_lazy("A title")),
    ("image", gettext_lazy("A picture")),
    ("video", gettext_lazy("A video")),
    ("document", gettext_lazy("A document (PDF)")),
)
BUTTON_KINDS = (
    ("", gettext_lazy("No button")),
    ("quick_reply", gettext_lazy("Quick answer")),
    ("url", gettext_lazy("Link")),
    ("phone_number", gettext_lazy("Call")),
    ("copy_code", gettext_lazy("Copy a code")),
)
SHOWN_BUTTONS = 4
TARGET = {"url": "url", "phone_number": "phone", "copy_code": "code"}


class TemplateForm(forms.Form):
    """Header, body, footer, buttons; the places that are found in them bring fields for their samples."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=512,
        help_text=gettext_lazy(
            "Small letters, digits and underscores, such as order_shipped. Customers do not see it."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=LANGUAGES)
    category = forms.ChoiceField(label=gettext_lazy("What it is for"), choices=CATEGORIES)
    header_kind = forms.ChoiceField(label=gettext_lazy("Above the text"), choices=HEADERS, required=False)
    header = forms.CharField(label=gettext_lazy("Title"), max_length=TITLE, required=False)
    sample = forms.FileField(
        label=gettext_lazy("Sample of the file"),
        required=False,
        help_text=gettext_lazy("What such a file looks like. Each message brings its own."),
    )
    body = Prose(
        label=gettext_lazy("Text"),
        widget=forms.Textarea(attrs={"rows": 7, "maxlength": BODY}),
        help_text=gettext_lazy("Places to fill in are written {{first_name}} or {{1}}."),
    )
    footer = forms.CharField(label=gettext_lazy("Last line, small"), max_length=FOOTER, required=False)

    def __init__(self, data: QueryDict | None = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.posted = data if data is not None else QueryDict()

    def clean_sample(self) -> File | None:
        upload, media = self.cleaned_data.get("sample"), self._media()
        if upload and upload.size > LARGEST_SAMPLE:
            raise forms.ValidationError(too_large())
        try:
            return check_sample(media, files_of([upload])[0] if upload else None)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def _media(self) -> str:
        kind: str = self.cleaned_data.get("header_kind") or ""
        return kind if kind in MEDIA else ""

    def clean(self) -> None:
        data = self.cleaned_data
        try:
            check_name(data.get("name", ""))
            check_language(data.get("language", ""))
            data["written"] = self._written()
        except Refused as refusal:
            self.refuse(refusal)

    def _written(self) -> Written:
        data = self.cleaned_data
        is_text = data.get("header_kind") == "text"
        return written(
            Wording(
                body=data.get("body", ""),
                header=data.get("header", "") if is_text else "",
                media=self._media(),
                footer=data.get("footer", ""),
                buttons=self.buttons(),
                samples=self.samples(),
            )
        )

    def refuse(self, refusal: Refused) -> None:
        """Say it beside the field it is about."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))

    def buttons(self) -> list[dict[str, str]]:
        """Those of which a kind was chosen."""
        return [
            {"type": row["kind"], "text": row["text"], TARGET.get(row["kind"], "url"): row["target"]}
            for row in self.button_rows()
            if row["kind"]
        ]

    def button_rows(self) -> list[dict[str, str]]:
        """The rows of the page, as they were sent."""
        rows = []
        for index in range(min(SHOWN_BUTTONS, MOST_BUTTONS)):
            row = {
                name: clean(self.posted.get(f"button-{index}-{name}", ""))[:2_100]
                for name in ("kind", "text", "target")
            }
            rows.append(row)
        return rows

    def samples(self) -> dict[str, str]:
        """Values by the keys of their places."""
        return {
            name.removeprefix("sample."): clean(str(value))[:200]
            for name, value in list(self.posted.items())[:200]
            if name.startswith("sample.")
        }

    @property
    def kinds(self) -> Any:
        return BUTTON_KINDS

    @property
    def button_limit(self) -> int:
        return BUTTON
