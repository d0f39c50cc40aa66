from django.urls import path

from conversations.channels.messenger import views

urlpatterns = [
    path("hooks/messenger/", views.app_hook, name="messenger-app-hook"),
    path("hooks/messenger/<uuid:channel_id>/", views.channel_hook, name="messenger-hook"),
]
