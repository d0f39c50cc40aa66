"""Settings of a business and its people."""

from django.urls import URLPattern

app_name = "tenants"
urlpatterns: list[URLPattern] = []
