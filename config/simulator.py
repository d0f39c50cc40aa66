"""The simulator: one plays the customer on any channel, against the real adapters.

`make run` starts the vendors' stand-ins (tests/vendors/serve.py) and names their control address in
PUENTE_SIMULATOR; without it, and anywhere but on localhost, these pages do not exist.
"""

import base64
import json
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from config.mailbox import LOCAL_HOSTS
from config.shop import demo_door
from conversations.actions.channels import create_channel, update_channel
from conversations.channels.registry import adapters
from conversations.models import Channel, Template
from tenants.actors import Actor
from tenants.kit import http
from tenants.kit.text import clean, one_line
from tenants.scoping import tenant_scope

SECONDS = 10
LARGEST = 5_000_000  # bytes of a file
MOST_BYTES = 5_000_000  # of an answer
PEOPLE = {1: "Ana Flores", 2: "Beto Salas", 3: "Carla Duarte", 4: "Davi Nunes", 5: ""}
MOODS = {
    "calm": gettext_lazy("works"),
    "slow": gettext_lazy("is slow"),
    "throttles": gettext_lazy("throttles us"),
    "breaks": gettext_lazy("is broken"),
    "hangs": gettext_lazy("takes messages and says nothing"),
}


class Played(NamedTuple):
    """A kind of channel that can be played."""

    title: str
    shares_phone: bool


class SayForm(forms.Form):
    """What the customer does."""

    number = forms.TypedChoiceField(choices=[(n, n) for n in PEOPLE], coerce=int)
    text = forms.CharField(max_length=4_000, required=False)
    file = forms.FileField(required=False, max_length=200)
    times = forms.IntegerField(min_value=1, max_value=5, required=False)
    odd = forms.BooleanField(required=False)

    def clean_text(self) -> str:
        return clean(self.cleaned_data["text"], 4_000)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        return file


@never_cache
@require_safe
def simulator(request: HttpRequest) -> HttpResponse:
    """Every channel that a stand-in serves, and the customer's side of one of them."""
    kinds = _kinds()
    kind = request.GET.get("kind", "")
    kind = kind if kind in kinds else next(iter(kinds))
    return render(request, "config/simulator.html", _context(request, kind, kinds))


@never_cache
@require_safe
def thread(request: HttpRequest, kind: str) -> HttpResponse:
    """What the customer sees of a conversation, asked again and again."""
    return render(request, "config/simulator_thread.html", _context(request, kind, _kinds(kind)))


@never_cache
@require_POST
def act(request: HttpRequest, kind: str, act: str) -> HttpResponse:
    """The customer writes, presses a button or reads; or the vendor's mood changes."""
    _kinds(kind)
    number = _number(request.POST.get("number"))
    channel = request.POST.get("channel", "")
    given = {"channel": _channel_of(kind, channel), "number": number, "name": PEOPLE[number]}
    match act:
        case "say":
            _say(kind, SayForm(request.POST, request.FILES), given)
        case "phone":
            _ask(f"{kind}/phone", given)
        case "mood" if request.POST.get("mood") in MOODS:
            _ask(f"{kind}/mood", {"mood": request.POST["mood"]})
        case "press":
            title = one_line(request.POST.get("title", ""), 100)
            _ask(f"{kind}/press", given | {"sent": request.POST.get("sent", ""), "title": title})
        case "read":
            _ask(f"{kind}/status", given | {"sent": request.POST.get("sent", ""), "status": "read"})
        case _:
            raise Http404
    query = urlencode({"kind": kind, "number": number} | ({"channel": channel} if channel else {}))
    return redirect(f"{reverse('simulator')}?{query}")


def connect() -> list[str]:
    """Connect the demo business to every stand-in, on channels it has or on new ones; returns the kinds."""
    door = demo_door()
    if not settings.SIMULATOR or door is None:
        return []
    announced = _ask("")["channels"]
    with tenant_scope(door.tenant_id):
        for kind, found in announced.items():
            keys = {"settings": found["settings"], "secrets": found["secrets"]}
            channel = Channel.objects.filter(kind=kind).order_by("created_at").first()
            if channel is None:
                title = str(adapters()[kind].title)
                create_channel(kind=kind, name=title, by=Actor.system(), **keys)
            else:
                update_channel(channel=channel, by=Actor.system(), **keys)
                if kind == "whatsapp":
                    _ask(f"{kind}/templates", {"templates": _templates(channel)})
    return list(announced)


def _templates(channel: Channel) -> list[dict[str, Any]]:
    """A channel's templates as Meta lists them: what the stand-in does not know counts as deleted."""
    return [
        {
            "id": one.vendor_id,
            "name": one.name,
            "language": one.language,
            "status": one.status.upper(),
            "category": one.category.upper(),
            "components": one.components,
            "parameter_format": "NAMED" if one.is_named else "POSITIONAL",
            "more": {
                "quality_score": {"score": one.quality.upper()},
                "rejected_reason": "SCAM" if one.status == Template.Status.REJECTED else "NONE",
            },
        }
        for one in Template.objects.filter(channel=channel).exclude(vendor_id="")
        if one.status in {"approved", "pending", "rejected"}
    ]


def _say(kind: str, form: SayForm, given: dict[str, Any]) -> None:
    if not form.is_valid():
        return
    said, times = form.cleaned_data, form.cleaned_data["times"] or 1
    file = said["file"]
    if said["odd"]:
        _ask(f"{kind}/odd", given)
    elif file:
        content = base64.b64encode(file.read()).decode()
        upload = {"file": file.name, "content_type": file.content_type, "content": content}
        _ask(f"{kind}/file", given | upload | {"text": said["text"], "times": times})
    elif said["text"]:
        _ask(f"{kind}/text", given | {"text": said["text"], "times": times})


def _context(request: HttpRequest, kind: str, kinds: dict[str, Played]) -> dict[str, Any]:
    number = _number(request.GET.get("number"))
    seen = _ask(f"{kind}/?number={number}")
    return {
        "kinds": kinds,
        "kind": kind,
        "shares_phone": kinds[kind].shares_phone,
        "people": [(n, name or _("Somebody new")) for n, name in PEOPLE.items()],
        "number": number,
        "channel": request.GET.get("channel", ""),
        "moods": MOODS,
        "mood": seen["mood"],
        "lines": seen["lines"],
    }


def _kinds(*needed: str) -> dict[str, Played]:
    """What can be played, by kind. Raises `Http404` where there is no simulator, or not this kind."""
    if not settings.SIMULATOR or urlsplit(settings.BASE_URL).hostname not in LOCAL_HOSTS:
        raise Http404
    known = {kind: str(adapter.title) for kind, adapter in adapters().items()}
    found = {
        kind: Played(known[kind], one["shares_phone"])
        for kind, one in _ask("")["channels"].items()
        if kind in known
    }
    if not found or any(kind not in found for kind in needed):
        raise Http404
    return found


def _channel_of(kind: str, named: str) -> str:
    """The channel that was named, else the demo's of this kind. Raises `Http404`."""
    if named:
        return str(uuid_or_404(named))
    door = demo_door()
    if door is None:
        raise Http404
    with tenant_scope(door.tenant_id):
        found: UUID | None = (
            Channel.objects.active().filter(kind=kind).order_by("created_at").values_list("pk", flat=True)
        ).first()
    if found is None:
        raise Http404
    return str(found)


def uuid_or_404(named: str) -> UUID:
    try:
        return UUID(named)
    except ValueError:
        raise Http404 from None


def _number(typed: str | None) -> int:
    return int(typed) if typed in {str(number) for number in PEOPLE} else 1


def _ask(path: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the stand-ins' control address, which is on this machine. Raises `Http404` when it is not there."""
    body = json.dumps(data or {}).encode()
    method = "GET" if data is None else "POST"
    try:
        answer = http.request(
            method,
            f"{settings.SIMULATOR}/{path}",
            body=body,
            headers={"Content-Type": "application/json"},
            seconds=SECONDS,
            max_bytes=MOST_BYTES,
        )
        said: dict[str, Any] = json.loads(answer.body)
    except (http.HttpError, ValueError) as error:
        raise Http404 from error
    if answer.status != 200:
        raise Http404
    return said
