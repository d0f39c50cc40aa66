from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import TenantForeignKey
from tenants.scoping import TenantOwned


def article_file_path(file: "ArticleFile", filename: str) -> str:
    """A path nobody can guess or steer: the name a person gave stays in the row."""
    return f"articles/{file.id.hex[-2:]}/{file.id.hex}"


class ArticleFile(TenantOwned):
    """A file of an answer: it goes out with the versions that name it."""

    article = TenantForeignKey("conversations.Article", related_name="files")
    file = models.FileField(upload_to=article_file_path, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(max_length=100, help_text="As its content says.")
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["tenant", "article", "id"], name="conv_article_file_of")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name
