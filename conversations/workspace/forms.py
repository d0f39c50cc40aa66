"""What comes in from the agents' screens, checked."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations import canned
from conversations.actions.outbound import Way
from conversations.channels.base import File
from conversations.models import CannedReply, Conversation
from conversations.queries import VIEWS, Filters
from conversations.queue_order import NEWEST_FIRST, SORTS
from tenants.kit.text import clean, one_line


def uuid_or_none(text: str | None) -> UUID | None:
    """The identifier in a text, None when it is none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def read_filters(query: QueryDict, default_view: str = "mine") -> Filters:
    """The queue's filters out of the address; what makes no sense is left out."""
    priority, known = query.get("priority", ""), {str(value) for value in Conversation.Priority.values}
    view = query.get("view", "")
    return Filters(
        view=view if view in VIEWS else default_view,
        q=one_line(query.get("q", ""), 100),
        label=uuid_or_none(query.get("label")),
        channel=uuid_or_none(query.get("channel")),
        team=uuid_or_none(query.get("team")),
        priority=int(priority) if priority in known else None,
        sort=sort if (sort := query.get("sort", "")) in SORTS else NEWEST_FIRST,
    )


def query_of(filters: Filters, **changes: Any) -> str:
    """The filters as an address says them, some of them changed."""
    query = QueryDict(mutable=True)
    for name in ("view", "q", "label", "channel", "team", "priority", "sort"):
        value = changes.get(name, getattr(filters, name))
        if value not in (None, "") and (name, value) != ("sort", NEWEST_FIRST):
            query[name] = str(value)
    return query.urlencode()


class Prose(forms.CharField):
    """Text as people type or paste it: what no database keeps is dropped, not complained about."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean(super().to_python(value) or "")


class ReplyForm(forms.Form):
    """The composer."""

    text = Prose(required=False)
    kind = forms.ChoiceField(choices=[("reply", ""), ("note", "")], required=False)
    client_id = forms.UUIDField(required=False)
    seen = forms.UUIDField(required=False)
    after = forms.UUIDField(required=False)
    anyway = forms.BooleanField(required=False)
    then = forms.CharField(required=False, max_length=10)


def files_of(uploads: list[UploadedFile]) -> list[File]:
    """Uploaded files as channels take them."""
    return [File.named(upload.name or "", upload.read()) for upload in uploads]


class DraftForm(forms.Form):
    """What has been typed so far."""

    text = Prose(required=False)
    kind = forms.CharField(required=False, max_length=10)
    client_id = forms.UUIDField(required=False)


SNOOZES = {
    "1h": gettext_lazy("In one hour"),
    "3h": gettext_lazy("In three hours"),
    "tomorrow": gettext_lazy("Tomorrow at nine"),
    "monday": gettext_lazy("On Monday at nine"),
    "week": gettext_lazy("In a week"),
}


def snooze_until(choice: str) -> datetime | None:
    """The moment of a choice, or of a date and time as a browser's field gives it; None for neither."""
    now = timezone.localtime()
    morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
    presets = {
        "1h": now + timedelta(hours=1),
        "3h": now + timedelta(hours=3),
        "tomorrow": morning + timedelta(days=1),
        "monday": morning + timedelta(days=7 - now.weekday()),
        "week": morning + timedelta(days=7),
    }
    if choice in presets:
        return presets[choice]
    try:
        moment = datetime.fromisoformat(choice)
        aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class CannedReplyForm(forms.ModelForm):  # type: ignore[type-arg]
    """A reply the business writes often."""

    class Meta:
        model = CannedReply
        fields = ["title", "shortcut", "body"]
        help_texts = {
            "shortcut": gettext_lazy("Typed after a slash in the composer, such as /hours."),
            "body": gettext_lazy(
                "Names in double braces are filled in; after a bar stands what to say without one."
            ),
        }
        widgets = {"body": forms.Textarea(attrs={"rows": 8})}

    def clean_title(self) -> str:
        return one_line(self.cleaned_data["title"], 80)

    def clean_shortcut(self) -> str:
        shortcut: str = self.cleaned_data["shortcut"].lower()
        taken = CannedReply.objects.filter(shortcut__iexact=shortcut).exclude(pk=self.instance.pk)
        if taken.exists():
            raise forms.ValidationError(_("Another reply has this shortcut."))
        return shortcut

    def clean_body(self) -> str:
        body = clean(self.cleaned_data["body"])
        try:
            canned.check(body)
        except canned.BadTemplate as error:
            raise forms.ValidationError(str(error)) from error
        return body


class WaySelect(forms.Select):
    """Marks the ways without a subject: the page hides its field for them."""

    subjectless: frozenset[str] = frozenset()

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        if str(value) in self.subjectless:
            option["attrs"]["data-subjectless"] = True
        return option


class StartForm(forms.Form):
    """The first word to a customer."""

    to = forms.ChoiceField(label=gettext_lazy("To"), widget=WaySelect)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200, required=False)
    text = Prose(label=gettext_lazy("Message"), widget=forms.Textarea(attrs={"rows": 10}))
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, ways: list[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = {way.key: way for way in ways}
        field: Any = self.fields["to"]
        field.choices = [(way.key, f"{way.identity.display} · {way.channel.name}") for way in ways]
        field.widget.subjectless = frozenset(way.key for way in ways if not way.wants_subject)

    def clean_to(self) -> Way:
        return self.ways[self.cleaned_data["to"]]

    def clean_subject(self) -> str:
        way, subject = self.cleaned_data.get("to"), one_line(self.cleaned_data["subject"], 200)
        if way and way.wants_subject and not subject:
            raise forms.ValidationError(_("Say in a few words what it is about."))
        return subject if way and way.wants_subject else ""
