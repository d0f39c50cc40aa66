"""The secret with which a business's site vouches for the visitors of its chat."""

from django.db import transaction
from django.utils.translation import gettext as _

from conversations.channels.web.identity import SECRET
from conversations.models import Channel
from tenants import audit, doors
from tenants.actors import Actor
from tenants.refusals import Refused


@transaction.atomic
def reset_identity_secret(*, channel: Channel, by: Actor) -> str:
    """A new secret; what was signed with the old one counts no more. Returned once.

    Raises `Refused` for a channel that is no web chat.
    """
    if channel.kind != "web":
        raise Refused(_("Only a web chat has such a secret."))
    secret = doors.new_secret("wi_")
    locked: Channel = Channel.objects.select_for_update(of=("self",)).get(pk=channel.pk)
    locked.secrets = {**locked.secrets, SECRET: secret}
    locked.save(update_fields=["secrets"])
    channel.secrets = locked.secrets
    audit.record("channel.identity_secret_reset", target=channel, by=by)
    return secret
