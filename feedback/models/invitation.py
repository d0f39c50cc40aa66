from django.db import models

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantOwned


class Invitation(TenantOwned):
    """A customer asked once about one episode. The link's hash lies in the directory."""

    survey = TenantForeignKey("feedback.Survey", related_name="invitations")
    customer = TenantForeignKey("crm.Customer", related_name="survey_invitations")
    conversation = TenantForeignKey("conversations.Conversation", related_name="survey_invitations")
    episode = TenantForeignKey("conversations.Episode", related_name="+")
    agent = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    channel_kind = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "survey", "episode"], name="feedback_invitation_once")
        ]
        indexes = [
            models.Index(fields=["tenant", "customer", "-created_at"], name="feedback_invitation_customer"),
            models.Index(fields=["tenant", "conversation"], name="feedback_invitation_conv"),
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.id)
