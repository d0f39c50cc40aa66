"""What comes in from the pages of answers."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from conversations.actions.article_content import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    MOST_BUTTONS,
    MOST_PHRASINGS,
    Content,
)
from conversations.knowledge import STATES, Narrow
from conversations.models import Category
from conversations.workspace.forms import Prose
from conversations.workspace.work_forms import channel_choices
from tenants.kit.text import one_line


class ArticleForm(forms.Form):
    """An answer. Wordings and buttons are lists of inputs and read beside it."""

    question = Prose(
        label=_("Question"),
        max_length=LONGEST_QUESTION,
        help_text=_("As a customer would ask it."),
        widget=forms.TextInput,
    )
    answer = Prose(
        label=_("Answer"),
        max_length=LONGEST_ANSWER,
        help_text=_("It is sent word for word. Nothing is made up around it."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    channel_kinds = forms.MultipleChoiceField(
        label=_("Only on these channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None is all of them."),
    )
    valid_from = forms.DateField(
        label=_("Valid from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("That day included. Good for holidays and offers."),
    )

    is_public = forms.BooleanField(
        label=_("Show it in the help centre"),
        required=False,
        initial=True,
        help_text=_("The page where everybody reads and searches your answers, if you switched it on."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["channel_kinds"].choices = channel_choices()


def read_lists(post: QueryDict) -> dict[str, list[str]]:
    """Wordings and buttons as they stand in the form, empty ones left out."""
    most = {"phrasings": MOST_PHRASINGS + 1, "buttons": MOST_BUTTONS + 1}
    return {
        name: [text for one in post.getlist(name) if (text := one_line(one, 1_000))][:limit]
        for name, limit in most.items()
    }


def rows_of(texts: list[str], *, least: int, most: int, spare: int = 0) -> list[str]:
    """Inputs to show: what is there, and empty ones to fill."""
    count = min(max(least, len(texts) + spare), max(most, len(texts)))
    return [*texts, *[""] * (count - len(texts))]


def initial_of(content: Content | None, language: str) -> dict[str, Any]:
    """What the form shows at first."""
    if content is None:
        return {"language": language, "category": Category.GENERAL.value, "is_public": True}
    columns = content.columns()
    return {name: columns[name] for name in ArticleForm.base_fields}


def read_narrow(query: QueryDict) -> Narrow:
    """The list's filters out of the address; what makes no sense is left out."""

    def one_of(name: str, known: Any) -> str:
        value = query.get(name, "")
        return value if value in known else ""

    return Narrow(
        q=one_line(query.get("q", ""), 100),
        state=one_of("state", STATES),
        category=one_of("category", Category.values),
        language=one_of("language", dict(settings.LANGUAGES)),
    )
