"""Vendors' webhooks and the web chat's own endpoints: each channel's folder brings its addresses."""

from django.urls import include, path

app_name = "channels"
urlpatterns = [
    path("", include("conversations.channels.web.urls")),
    path("", include("conversations.channels.email.urls")),
    path("", include("conversations.channels.whatsapp.urls")),
]
