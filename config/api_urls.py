"""The REST API, mounted under /api/v1/: each app brings its own viewsets."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
