"""What a button of these pages answers: what was done, with the way back where there is one, or why not."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from tenants.kit.undo import Undo, offer
from tenants.refusals import Refused
from tenants.requests import BusinessRequest


def done(
    request: BusinessRequest,
    do: Callable[[], Any],
    said: str | Promise | Callable[[Any], str | Promise] = "",
    *,
    to: str,
    back: str = "",
    undo: str = "",
) -> HttpResponse:
    """Do it and lead `to` a page that says so, with a button that posts to `undo`; a refusal leads `back`.

    What is `said` may depend on what was done.
    """
    try:
        found = do()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(back or to)
    response, words = redirect(to), str(said(found) if callable(said) else said)
    if undo:
        return offer(request, response, Undo(words, undo))
    if words:
        messages.success(request, words)
    return response
