"""The rating page a customer opens."""

from django.urls import path

from feedback.views import public

app_name = "rating"
urlpatterns = [path("<str:token>/", public.rate, name="rate")]
