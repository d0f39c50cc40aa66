"""The product's addresses and the floors'."""

from django.urls import path

from bench import floors
from config.urls import urlpatterns as product

urlpatterns = [
    path("bench/read/<slug:name>/<int:variant>/", floors.read),
    path("bench/write/<slug:name>/<int:variant>/", floors.write),
    path("bench/accept/", floors.accept),
    path("bench/accept/signed/", floors.accept_signed),
    *product,
]
