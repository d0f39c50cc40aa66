"""Addresses of the API about confirmations."""

from django.urls import path

from conversations.api.confirmations import (
    ConfirmationSendingViewSet,
    ConfirmationStepViewSet,
    ConfirmationSwitchViewSet,
    ConfirmationViewSet,
)
from conversations.api.free_slots import AgendaViewSet, FreeSlotViewSet, SlotPolicyViewSet

STEPS, ALL = "confirmation-steps/", "confirmations/"

urlpatterns = [
    path(STEPS, ConfirmationStepViewSet.as_view({"get": "list", "post": "create"})),
    path(
        f"{STEPS}<uuid:pk>/",
        ConfirmationStepViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path(f"{STEPS}<uuid:pk>/switching/", ConfirmationSwitchViewSet.as_view({"put": "update"})),
    path(ALL, ConfirmationViewSet.as_view({"get": "list"})),
    path(f"{ALL}<uuid:pk>/", ConfirmationViewSet.as_view({"get": "retrieve"})),
    path(f"{ALL}<uuid:pk>/withdrawal/", ConfirmationViewSet.as_view({"post": "withdrawal"})),
    path(f"{ALL}<uuid:pk>/sending/", ConfirmationSendingViewSet.as_view({"post": "create"})),
    path("free-slots/", FreeSlotViewSet.as_view({"get": "list", "post": "create"})),
    path("free-slot-policy/", SlotPolicyViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("agendas/", AgendaViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "agendas/<uuid:pk>/",
        AgendaViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
]
