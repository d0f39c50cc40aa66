"""What feedback adds to the pages below it."""

from django.utils.translation import gettext_lazy as _

from conversations import gate
from conversations.left_out import BAD_RATING
from crm import holdings
from feedback.shields import unhappy
from tenants import audit_words, settings_nav
from tenants.permissions import Permission

settings_nav.register(
    settings_nav.Place("feedback:survey", _("Ratings"), "smile", Permission.SETTINGS_WRITE, order=70)
)
holdings.show("feedback.response", _("Ratings"), ("created_at", "score", "comment"), 70)
holdings.show("feedback.invitation", _("Invitations to rate"), (), 71)
audit_words.register({"survey.updated": _("Survey changed")})
gate.register_shield(BAD_RATING, unhappy)
