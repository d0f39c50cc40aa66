"""Who speaks with the customer: a person takes the turn from the bot, or gives it back."""

from django.utils.translation import gettext as _

from conversations.actions.turn_taking import give_back, take_over
from conversations.models import Conversation
from conversations.workspace.views.sorting import sorting
from tenants.kit.undo import Undo
from tenants.refusals import Refused
from tenants.requests import BusinessRequest
from tenants.urls_tools import burl

PERSON, BOT = "person", "bot"


@sorting
def turn(request: BusinessRequest, conversation: Conversation) -> Undo | None:
    """Take it ("person") or give it back ("bot")."""
    to = request.POST.get("to", "")
    if to not in (PERSON, BOT):
        raise Refused(_("Say who answers from here on: person or bot."))
    with_bot = conversation.with_bot
    act = take_over if to == PERSON else give_back
    if act(conversation=conversation, by=request.actor).with_bot == with_bot:
        return None
    url = burl(request, "conversations:turn", conversation.pk)
    if to == PERSON:
        return Undo(_("You answer from here on."), url, {"to": BOT})
    return Undo(_("The bot answers from the next message on."), url, {"to": PERSON})
