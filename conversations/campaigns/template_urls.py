"""Templates: what is written to many, at /b/<slug>/templates/."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
