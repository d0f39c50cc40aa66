"""The REST API, mounted under /api/v1/: each app brings its own viewsets."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from tenants.api.docs import docs
from tenants.api.errors import nothing_here

schema = SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[])

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", schema, name="api-schema"),
    path("docs/", docs, name="api-docs"),
    path("", include("tenants.api.urls")),
    path("", include("crm.api.urls")),
    path("", include("conversations.api.urls")),
    path("", include("feedback.api.urls")),
    re_path(r"", nothing_here),
]
