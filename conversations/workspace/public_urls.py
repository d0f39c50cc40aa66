"""Pages that a mail's link opens, outside every business's own pages."""

from django.urls import path

from conversations.workspace.views import unsubscribing

app_name = "notifications"
urlpatterns = [path("<str:token>/", unsubscribing.unsubscribe, name="unsubscribe")]
