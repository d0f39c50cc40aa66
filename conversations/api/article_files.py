"""The files of an answer."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.actions import article_files
from conversations.api.files import Base64
from conversations.channels.base import File
from conversations.models import Article, ArticleFile, ArticleVersion
from tenants.api.errors import Malformed
from tenants.api.serializers import Body, Lean
from tenants.api.views import Listing, Reading, TenantViewSet
from tenants.decorators import get_or_404
from tenants.kit.serving import serve
from tenants.permissions import Permission

READ, WRITE = Permission.KNOWLEDGE_READ, Permission.KNOWLEDGE_WRITE


class ArticleFileOut(Lean):
    """A file that goes out with the versions whose `file_ids` name it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField(help_text="As its content says.")
    size = serializers.IntegerField(help_text="Bytes.")
    created_at = serializers.DateTimeField()


class ArticleFileIn(Body):
    """One more file."""

    name = serializers.CharField(max_length=200)
    content = Base64(help_text="The bytes in base64, at most 5 MB.")
    publish = serializers.BooleanField(default=True, help_text="False keeps a draft.")


class ArticleFileViewSet(Listing, Reading, TenantViewSet):
    """The files of an answer, those of its earlier versions too."""

    serializer_class = ArticleFileOut
    required_scopes = {"GET": READ, "POST": WRITE, "DELETE": WRITE}
    ordering = ("id",)

    def _article(self) -> Article:
        found: Article = get_or_404(Article.objects.all(), self.kwargs["article_id"])
        return found

    def get_queryset(self) -> QuerySet[ArticleFile]:
        return article_files.files_of(self._article()).select_related("article").order_by()

    @extend_schema(request=ArticleFileIn, responses={201: ArticleFileOut})
    def create(self, request: Request, article_id: UUID) -> Response:
        """Add one and publish the answer with it, or keep that as its draft."""
        article, given = self._article(), self.body(ArticleFileIn)
        kept = article_files.add_file(
            article=article,
            file=File.named(given["name"], given["content"]),
            by=self.actor,
            publish=given["publish"],
            source=ArticleVersion.Source.API,
        )
        return self.answer(kept, 201)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "publish", bool, description="true (unless told otherwise) publishes the answer without it."
            )
        ],
        responses={204: None},
    )
    def destroy(self, request: Request, article_id: UUID, pk: UUID) -> Response:
        """Let it go out no more. Earlier versions keep it; 422 for a file that only they have."""
        publish = request.query_params.get("publish", "true")
        if publish not in ("true", "false"):
            raise Malformed("true, false", "publish")
        article_files.remove_file(
            file=self.find(pk), by=self.actor, publish=publish == "true", source=ArticleVersion.Source.API
        )
        return Response(status=204)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def content(self, request: Request, article_id: UUID, pk: UUID) -> HttpResponseBase:
        """The file itself; parts of it by `Range`."""
        found: Any = self.find(pk)
        try:
            return serve(request._request, found.file, name=found.name, etag=found.pk.hex, download=True)
        except FileNotFoundError:
            raise Http404 from None
