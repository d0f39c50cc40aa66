"""The button that takes back what was done."""

import re
from html import unescape
from typing import Any

from django.test import Client

_FORM = re.compile(r'<form method="post" action="([^"]+)">((?:<input[^>]+>)*)<button class="[^"]*toast-undo')
_FIELD = re.compile(r'name="([^"]+)" value="([^"]*)"')


def press_undo(client: Client, done: Any) -> Any:
    """Follow a redirect and press what its page offers; returns the answer."""
    page = client.get(done["Location"]).text
    found = _FORM.search(page)
    assert found, "the page offers no undo"
    data: dict[str, list[str]] = {}
    for name, value in _FIELD.findall(found[2]):
        data.setdefault(name, []).append(unescape(value))
    del data["csrfmiddlewaretoken"]
    return client.post(unescape(found[1]), data)
