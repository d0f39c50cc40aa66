from django.urls import path

from conversations.channels.instagram import views

urlpatterns = [
    path("hooks/instagram/", views.app_hook, name="instagram-app-hook"),
    path("hooks/instagram/<uuid:channel_id>/", views.channel_hook, name="instagram-hook"),
]
