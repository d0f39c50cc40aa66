from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


def message_template_file_path(file: "MessageTemplateFile", filename: str) -> str:
    """A path nobody can guess or steer: the name a person gave stays in the row."""
    return f"message-templates/{file.id.hex[-2:]}/{file.id.hex}"


class MessageTemplateFile(TenantOwned):
    """A picture or an attachment of a template: kept as long as the template, whatever its versions name."""

    template = TenantForeignKey("conversations.MessageTemplate", related_name="files")
    file = models.FileField(upload_to=message_template_file_path, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100, help_text="As its content says.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    width = models.PositiveIntegerField(default=0, help_text="Of a picture, in pixels.")
    height = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "template", "id"], name="conv_msgtemplate_file_of")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Whether it can stand within a mail."""
        return self.width > 0
