"""Addresses outside any business: home, businesses, invitations."""

from django.urls import URLPattern

app_name = "tenants_public"
urlpatterns: list[URLPattern] = []
