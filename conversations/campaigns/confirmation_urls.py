"""What customers are told of their appointments, orders and payments, at /b/<slug>/confirmations/."""

from django.urls import path

from conversations.campaigns.views import confirmations as views

STEP = "confirmations/steps/<uuid:confirmation_step_id>/"
ONE = "confirmations/<uuid:confirmation_id>/"
urlpatterns = [
    path("confirmations/", views.confirmations, name="confirmations"),
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
