"""Where the links in what is said of an appointment lead: pages without log-in."""

from django.urls import path

from conversations.campaigns.views import appointment_page

app_name = "appointment"
urlpatterns = [
    path("<str:token>/", appointment_page.page, name="page"),
    path("<str:token>/calendar.ics", appointment_page.calendar_file, name="calendar"),
]
