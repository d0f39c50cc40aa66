"""The description of the API: making it costs seconds, and anybody may ask for it."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class DescriptionView(SpectacularAPIView):
    """OpenAPI 3.1 as JSON or YAML, by `Accept` or `?format=`; texts in the reader's language or `?lang=`."""

    authentication_classes: Any = []
    permission_classes: Any = []

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("lang", "")
        language = wanted if wanted in dict(settings.LANGUAGES) else translation.get_language()
        renderer = request.accepted_renderer
        return HttpResponse(
            _rendered(str(language), renderer.media_type),
            content_type=renderer.media_type,
            headers={"Content-Disposition": f'inline; filename="{self._get_filename(request, "")}"'},
        )


@cache
def _rendered(language: str, media_type: str) -> str | bytes:
    """Made once per language and format in each process."""
    with translation.override(language):
        schema = SchemaGenerator().get_schema(request=None, public=True)
    [renderer] = [kind for kind in DescriptionView.renderer_classes if kind.media_type == media_type]
    text: str | bytes = renderer().render(schema, renderer_context={})
    return text
