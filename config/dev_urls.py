"""Pages for developers: components, mailbox."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
