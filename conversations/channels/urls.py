"""Vendors' webhooks and the web chat's own endpoints."""

from django.urls import URLPattern

app_name = "channels"
urlpatterns: list[URLPattern] = []
