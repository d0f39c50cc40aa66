"""The links and the picture of campaigns' mails, outside every business's own pages."""

from django.urls import path

from conversations.tracking import doors

app_name = "tracking"
urlpatterns = [
    path("l/<str:token>/<int:number>", doors.link, name="link"),
    path("o/<str:token>.gif", doors.picture, name="picture"),
]
