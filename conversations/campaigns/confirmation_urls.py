"""What customers are told of their appointments, orders and payments, at /b/<slug>/confirmations/."""

from django.urls import path

from conversations.campaigns.views import confirmations as views
from conversations.campaigns.views import free_slots, held

STEP = "confirmations/steps/<uuid:confirmation_step_id>/"
AGENDA = "confirmations/free-slots/agendas/<uuid:agenda_id>/"
ONE = "confirmations/<uuid:confirmation_id>/"
urlpatterns = [
    path("confirmations/", views.confirmations, name="confirmations"),
    path("confirmations/held/", held.held, name="held"),
    path("confirmations/held/sending/", held.held_sending, name="held-sending"),
    path("confirmations/held/withdrawal/", held.held_withdrawal, name="held-withdrawal"),
    path("confirmations/free-slots/", free_slots.free_slots, name="free-slots"),
    path("confirmations/free-slots/policy/", free_slots.policy, name="free-slot-policy"),
    path("confirmations/free-slots/agendas/", free_slots.agenda_new, name="agenda-new"),
    path(AGENDA, free_slots.agenda, name="agenda"),
    path(f"{AGENDA}deletion/", free_slots.agenda_deletion, name="agenda-deletion"),
    path("confirmations/steps/", views.steps, name="confirmation-steps"),
    path("confirmations/steps/new/", views.step_new, name="confirmation-step-new"),
    path("confirmations/steps/ready-made/", views.ready_made, name="confirmation-ready-made"),
    path(
        "confirmations/of-customer/<uuid:customer_id>/",
        views.customer_confirmations,
        name="customer-confirmations",
    ),
    path(STEP, views.step, name="confirmation-step"),
    path(f"{STEP}switching/", views.step_switching, name="confirmation-step-switching"),
    path(f"{STEP}deletion/", views.step_deletion, name="confirmation-step-deletion"),
    path(f"{ONE}withdrawal/", views.withdrawal, name="confirmation-withdrawal"),
    path(f"{ONE}sending/", views.sending, name="confirmation-sending"),
]
