"""How the shop writes unasked: a little gentler than the defaults."""

from datetime import time

from conversations.actions.sending_policy import save_sending_policy
from tenants.actors import Actor
from tenants.models import Membership


def furnish(owner: Membership) -> None:
    """From ten, when the shop opens, until eight; two offers a week at most."""
    save_sending_policy(
        by=Actor.of_membership(owner), quiet_from=time(20), quiet_until=time(10), busy_from=15
    )
