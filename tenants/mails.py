"""Mails Puente writes to the people of a business (allauth writes those about accounts)."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from tenants import doors
from tenants.actions.invites import open_door
from tenants.kit.text import one_line
from tenants.models import Invite, Tenant


def mail_invite(invite: Invite) -> None:
    """Send an invitation in the language of the invited person, else of the business.

    Makes the link's secret. Raises what the mail server raises (`OSError`, `SMTPException`).
    """
    tenant = Tenant.objects.get()
    invited = doors.user_by_email(invite.email)
    inviter = invite.invited_by
    context = {
        "business": tenant.name,
        "invite": invite,
        "inviter": inviter.name if inviter else tenant.name,
        "link": settings.BASE_URL + reverse("tenants_public:invite", args=[open_door(invite)]),
    }
    with translation.override((invited and invited.language) or tenant.language):
        EmailMessage(
            subject=one_line(render_to_string("tenants/mail/invite_subject.txt", context), 150),
            body=render_to_string("tenants/mail/invite.txt", context),
            to=[invite.email],
            reply_to=[inviter.user.email] if inviter else None,
        ).send()
