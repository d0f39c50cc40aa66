from django.urls import path

from conversations.channels.sms import views

urlpatterns = [
    path("hooks/sms/<uuid:channel_id>/", views.hook, name="sms-hook"),
    path("hooks/sms/<uuid:channel_id>/status/", views.status, name="sms-any-status"),
    path("hooks/sms/<uuid:channel_id>/status/<uuid:delivery_id>/", views.status, name="sms-status"),
]
