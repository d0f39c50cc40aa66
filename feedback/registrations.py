"""What feedback adds to the pages below it."""

from django.utils.translation import gettext_lazy as _

from tenants import audit_words, settings_nav
from tenants.permissions import Permission

settings_nav.register(
    settings_nav.Place("feedback:survey", _("Ratings"), "smile", Permission.SETTINGS_WRITE, order=70)
)
audit_words.register({"survey.updated": _("Survey changed")})
