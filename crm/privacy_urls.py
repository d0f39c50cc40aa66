"""Addresses of privacy inside a business, below customers/."""

from django.urls import path

from crm.views import privacy as views

request = "privacy/requests/<uuid:privacy_request_id>/"
urlpatterns = [
    path("privacy/", views.requests, name="privacy"),
    path("privacy/requests/new/", views.request_new, name="privacy-request-new"),
    path(request, views.request, name="privacy-request"),
    path(f"{request}checking/", views.request_checking, name="privacy-request-checking"),
    path(f"{request}identity/", views.request_identity, name="privacy-request-identity"),
    path(f"{request}responsible/", views.request_responsible, name="privacy-request-responsible"),
    path(f"{request}answer/", views.request_answer, name="privacy-request-answer"),
    path(f"{request}refusal/", views.request_refusal, name="privacy-request-refusal"),
    path(f"{request}carrying-out/", views.request_carrying_out, name="privacy-request-carrying-out"),
    path(f"{request}file/", views.request_file, name="privacy-request-file"),
    path("privacy/notices/", views.notices, name="privacy-notices"),
    path("privacy/notices/draft/", views.notice_draft, name="privacy-notice-draft"),
    path(
        "privacy/notices/<uuid:privacy_notice_id>/publication/",
        views.notice_publication,
        name="privacy-notice-publication",
    ),
    path("privacy/retention/", views.retention, name="privacy-retention"),
    path("privacy/retention/<slug:kind>/", views.retention_rule, name="privacy-retention-rule"),
    path("privacy/erasures/", views.erasures, name="privacy-erasures"),
    path("<uuid:customer_id>/privacy/", views.of_customer, name="customer-privacy"),
    path("<uuid:customer_id>/archives/", views.archives, name="customer-archives"),
    path(
        "<uuid:customer_id>/archives/<uuid:customer_archive_id>/file/",
        views.archive_file,
        name="customer-archive-file",
    ),
    path("<uuid:customer_id>/erasure/", views.erasure, name="customer-erasure"),
    path(
        "<uuid:customer_id>/erasure/cancellation/", views.erasure_cancellation, name="customer-erasure-cancel"
    ),
]
