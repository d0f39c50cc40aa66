"""The screens of what is written to many, below /b/<slug>/: each part has its own list."""

from conversations.campaigns import template_urls

urlpatterns = [*template_urls.urlpatterns]
