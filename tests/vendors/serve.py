"""All stand-ins in one process, for `make run`: the vendors' APIs, and an address that plays the customer.

python -m tests.vendors.serve --announce FILE

FILE then says where the control address is, which variables make the adapters call the stand-ins, and what
a channel of each kind needs. The simulator page (config/simulator.py) talks to the control address.
"""

import argparse
import base64
import json
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.vendors.stand_in import Answer, Mood, Person, StandIn, Upload
from tests.vendors.town import Town, serve
from tests.vendors.whatsapp import Kept

MOODS = {"calm": "CALM", "slow": "SLOW", "throttles": "THROTTLES", "breaks": "BREAKS", "hangs": "HANGS_AFTER"}
SHOWN = 50  # messages of a vendor in one answer


def main() -> None:
    """Serve until told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--announce", type=Path, required=True)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    with ExitStack() as stack:
        control = Control(stack)
        half_written = asked.announce.with_suffix(".new")
        half_written.write_text(json.dumps(control.announcement()))
        half_written.rename(asked.announce)
        told.wait()


class Control:
    """Tells what the vendors hold, and does what the people at the simulator do."""

    def __init__(self, stack: ExitStack) -> None:
        town = Town(stack)
        self.vendors = town.vendors
        self.written: list[dict[str, Any]] = []
        self.env = {**town.env, "PUENTE_SIMULATOR": serve(stack, self.answer)}

    def announcement(self) -> dict[str, Any]:
        """What others have to know."""
        channels = {
            kind: {
                "settings": vendor.channel_settings(),
                "secrets": vendor.channel_secrets(),
                "shares_phone": type(vendor).shares_phone is not StandIn.shares_phone,
            }
            for kind, vendor in self.vendors.items()
        }
        return {"env": self.env, "channels": channels}

    def answer(self, call: Any) -> Any:
        """The control address: GET /<kind>/ tells, POST /<kind>/<act>/ does."""
        kind, _slash, act = call.path.strip("/").partition("/")
        vendor = self.vendors.get(kind)
        if vendor is None:
            return Answer(200, self.announcement()) if not kind else Answer(404, {"error": "no such vendor"})
        given = json.loads(call.body or b"{}")
        if call.method == "POST":
            done = self._act(vendor, act, given)
            return Answer(200 if done is not None else 404, {"answers": done})
        mood = next((name for name, mood in MOODS.items() if vendor.mood.name == mood), "calm")
        return Answer(200, {"mood": mood, "lines": self._lines(kind, int(call.query.partition("=")[2] or 0))})

    def _lines(self, kind: str, number: int) -> list[dict[str, Any]]:
        """What a customer sees: what he wrote and what he got, by time."""
        vendor = self.vendors[kind]
        address = _digits(vendor.address_form.format(number))
        got = [
            {"at": sent.at, "mine": False, "id": sent.id, "text": sent.text, "buttons": titles(sent.body)}
            for sent in vendor.sent
            if _digits(sent.to) == address
        ]
        wrote = [line for line in self.written if (line["kind"], line["number"]) == (kind, number)]
        return sorted([*got, *wrote], key=lambda line: line["at"])[-SHOWN:]

    def _act(self, vendor: Any, act: str, given: dict[str, Any]) -> list[int] | None:
        if act == "templates":
            vendor.templates = [Kept(**one) for one in given["templates"]]
            return []
        if act == "mood":
            vendor.become(Mood[MOODS[given["mood"]]]) if given["mood"] != "calm" else vendor.calm_down()
            return []
        channel_id = UUID(given["channel"])
        person = Person(vendor.address_form.format(int(given.get("number", 0))), given.get("name", ""))
        sent = next((one for one in vendor.sent if one.id == given.get("sent")), None)
        match act:
            case "text":
                hook = vendor.text(channel_id, person, given["text"])
            case "file":
                content = base64.b64decode(given["content"])
                upload = Upload(given["file"], given["content_type"], content)
                hook = vendor.file(channel_id, person, upload, text=given.get("text", ""))
            case "phone":
                hook = vendor.shares_phone(channel_id, person, StandIn.address_form.format(given["number"]))
            case "odd":
                hook = vendor.odd(channel_id, person)
            case "press" if sent:
                hook = vendor.pressed(channel_id, person, sent, given["title"])
            case "status" if sent:
                hook = vendor.status(channel_id, sent, given["status"])
            case _:
                return None
        if hook and act in {"text", "file", "odd", "press", "phone"}:
            said = given.get("text") or given.get("title") or given.get("file") or f"({act})"
            number = int(given.get("number", 0))
            line = {"kind": vendor.kind, "number": number, "text": said, "at": time.time(), "mine": True}
            self.written.append(line)
        return [_call(hook) for _ in range(int(given.get("times", 1)))] if hook else []


def titles(body: Any) -> list[str]:
    """The words on the buttons of a message, wherever a vendor's form keeps them."""
    if isinstance(body, str) and body[:1] in "[{":
        with suppress(ValueError):
            return titles(json.loads(body))
    if isinstance(body, list):
        return [title for one in body for title in titles(one)]
    if not isinstance(body, dict):
        return []
    if "callback_data" in body:
        return [str(body.get("text", ""))]
    if "title" in body and {"id", "payload", "content_type"} & body.keys():
        return [str(body["title"])]
    return [title for one in body.values() for title in titles(one)]


def _digits(address: str) -> str:
    return "".join(char for char in address if char.isdigit())


def _call(hook: Any) -> int:
    """Call our webhook as the vendor does; the status of the answer, 0 for none."""
    from django.conf import settings

    headers = {**hook.headers, "Content-Type": hook.content_type}
    request = urllib.request.Request(f"{settings.BASE_URL}{hook.path}", hook.body, headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


if __name__ == "__main__":
    main()
