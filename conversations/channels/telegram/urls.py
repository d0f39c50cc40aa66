from django.urls import path

from conversations.channels.telegram import views

urlpatterns = [path("hooks/telegram/<uuid:channel_id>/", views.hook, name="telegram-hook")]
