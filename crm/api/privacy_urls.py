"""Addresses of the API about privacy."""

from typing import Any

from django.urls import path

from crm.api import privacy as views

LIST_AND_ADD: dict[str, Any] = {"get": "list", "post": "create"}
ONE: dict[str, Any] = {"get": "retrieve"}

urlpatterns = [
    path("privacy-requests/", views.PrivacyRequestViewSet.as_view(LIST_AND_ADD)),
    path("privacy-requests/<uuid:pk>/", views.PrivacyRequestViewSet.as_view(ONE)),
    path("privacy-requests/<uuid:pk>/identity/", views.PrivacyRequestViewSet.as_view({"post": "identity"})),
    path("privacy-requests/<uuid:pk>/answer/", views.PrivacyRequestViewSet.as_view({"post": "answering"})),
    path("privacy-requests/<uuid:pk>/refusal/", views.PrivacyRequestViewSet.as_view({"post": "refusal"})),
    path(
        "privacy-requests/<uuid:pk>/carrying-out/",
        views.PrivacyRequestViewSet.as_view({"post": "carrying_out"}),
    ),
    path("privacy-notices/", views.PrivacyNoticeViewSet.as_view({"get": "list"})),
    path("privacy-notices/<uuid:pk>/", views.PrivacyNoticeViewSet.as_view(ONE)),
    path("customer-archives/", views.CustomerArchiveViewSet.as_view(LIST_AND_ADD)),
    path("customer-archives/<uuid:pk>/", views.CustomerArchiveViewSet.as_view(ONE)),
    path("customer-archives/<uuid:pk>/file/", views.CustomerArchiveViewSet.as_view({"get": "file"})),
    path("erasures/", views.ErasureViewSet.as_view(LIST_AND_ADD)),
    path("erasures/<uuid:pk>/", views.ErasureViewSet.as_view(ONE)),
    path("erasures/<uuid:pk>/cancellation/", views.ErasureViewSet.as_view({"post": "cancellation"})),
    path("retention-rules/", views.RetentionRuleViewSet.as_view({"get": "list", "put": "update"})),
]
