"""The REST API, mounted under /api/v1/: each app brings its own viewsets."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from tenants.api.description import DescriptionView
from tenants.api.docs import docs
from tenants.api.errors import nothing_here

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", DescriptionView.as_view(), name="api-schema"),
    path("docs/", docs, name="api-docs"),
    path("", include("tenants.api.urls")),
    path("", include("crm.api.urls")),
    path("", include("conversations.api.urls")),
    path("", include("feedback.api.urls")),
    re_path(r"", nothing_here),
]
