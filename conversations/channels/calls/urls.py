from django.urls import path

from conversations.channels.calls import views

urlpatterns = [path("hooks/calls/<uuid:channel_id>/", views.hook, name="calls-hook")]
