from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.db.fields import SET_NULL, TenantForeignKey
from tenants.scoping import TenantManager, TenantOwned, TenantQuerySet

if TYPE_CHECKING:
    from conversations.models.article_file import ArticleFile


class Category(models.TextChoices):
    """What a question is about."""

    SALES = "sales", _("Sales")
    SUPPORT = "support", _("Support")
    COMPLAINT = "complaint", _("Complaints")
    GENERAL = "general", _("General")


class ArticleQuerySet(TenantQuerySet):
    def standing(self) -> "ArticleQuerySet":
        """Those that are not archived."""
        return self.filter(archived_at=None)

    def archived(self) -> "ArticleQuerySet":
        return self.exclude(archived_at=None)


class Article(TenantOwned):
    """A piece of knowledge. What it says is in its versions; archived, it answers nothing."""

    archived_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = TenantManager.of(ArticleQuerySet)

    # Set by `knowledge.with_versions`; `shown` is what is published, else the draft.
    published: "ArticleVersion | None"
    draft: "ArticleVersion | None"
    shown: "ArticleVersion | None"

    class Meta:
        indexes = [models.Index(fields=["tenant", "-updated_at", "-id"], name="conv_article_latest")]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return str(self.pk)


class ArticleVersion(TenantOwned):
    """What an article said, says, or is to say: at most one is published, at most one a draft."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        PAST = "past", _("Earlier")

    class Source(models.TextChoices):
        MANUAL = "manual", _("written by hand")
        IMPORT = "import", _("imported")
        API = "api", _("by API")
        LEARNED = "learned", _("learned from answers")

    article = TenantForeignKey(Article, related_name="versions")
    number = models.PositiveIntegerField(help_text="1 is the first of the article.")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    question = models.CharField(_("question"), max_length=300)
    phrasings = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    answer = models.TextField(_("answer"), max_length=4_000)
    language = models.CharField(_("language"), max_length=5)
    category = models.CharField(_("category"), max_length=10, choices=Category, default=Category.GENERAL)
    channel_kinds = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, help_text="Empty: every kind."
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True, help_text="That day included.")
    buttons = models.JSONField(default=list, blank=True, help_text="[{title}]")
    is_public = models.BooleanField(_("in the help centre"), default=True, db_default=True)
    file_ids = ArrayField(
        models.UUIDField(),
        default=list,
        db_default=[],
        blank=True,
        help_text="Files that go with it, in order.",
    )
    source = models.CharField(max_length=10, choices=Source, default=Source.MANUAL)
    author = TenantForeignKey("tenants.Membership", db_on_delete=SET_NULL, null=True, related_name="+")
    author_label = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True, help_text="The last time it was.")

    files: "list[ArticleFile]"  # Set where a page shows them.

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "article", "number"], name="conv_article_version"),
            models.UniqueConstraint(
                fields=["tenant", "article"],
                condition=models.Q(state="published"),
                name="conv_article_one_published",
            ),
            models.UniqueConstraint(
                fields=["tenant", "article"], condition=models.Q(state="draft"), name="conv_article_one_draft"
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "language", "id"],
                condition=models.Q(state="published"),
                name="conv_article_answers",
            )
        ]

    personal_data: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.question

    @property
    def button_titles(self) -> list[str]:
        return [button["title"] for button in self.buttons]

    def is_valid_on(self, day: date) -> bool:
        """Whether a day lies between its dates."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )
