"""Addresses of privacy inside a business, below customers/."""

from django.urls import path

from crm.views import privacy_erasures, privacy_notices, privacy_requests, privacy_retention

request = "privacy/requests/<uuid:privacy_request_id>/"
urlpatterns = [
    path("privacy/", privacy_requests.requests, name="privacy"),
    path("privacy/requests/new/", privacy_requests.request_new, name="privacy-request-new"),
    path(request, privacy_requests.request, name="privacy-request"),
    path(f"{request}checking/", privacy_requests.request_checking, name="privacy-request-checking"),
    path(f"{request}identity/", privacy_requests.request_identity, name="privacy-request-identity"),
    path(f"{request}responsible/", privacy_requests.request_responsible, name="privacy-request-responsible"),
    path(f"{request}answer/", privacy_requests.request_answer, name="privacy-request-answer"),
    path(f"{request}refusal/", privacy_requests.request_refusal, name="privacy-request-refusal"),
    path(
        f"{request}carrying-out/", privacy_requests.request_carrying_out, name="privacy-request-carrying-out"
    ),
    path(f"{request}file/", privacy_requests.request_file, name="privacy-request-file"),
    path("privacy/notices/", privacy_notices.notices, name="privacy-notices"),
    path("privacy/notices/draft/", privacy_notices.notice_draft, name="privacy-notice-draft"),
    path(
        "privacy/notices/<uuid:privacy_notice_id>/publication/",
        privacy_notices.notice_publication,
        name="privacy-notice-publication",
    ),
    path("privacy/retention/", privacy_retention.retention, name="privacy-retention"),
    path("privacy/retention/<slug:kind>/", privacy_retention.retention_rule, name="privacy-retention-rule"),
    path("privacy/erasures/", privacy_erasures.erasures, name="privacy-erasures"),
    path("<uuid:customer_id>/privacy/", privacy_erasures.of_customer, name="customer-privacy"),
    path("<uuid:customer_id>/archives/", privacy_erasures.archives, name="customer-archives"),
    path(
        "<uuid:customer_id>/archives/<uuid:customer_archive_id>/file/",
        privacy_erasures.archive_file,
        name="customer-archive-file",
    ),
    path("<uuid:customer_id>/erasure/", privacy_erasures.erasure, name="customer-erasure"),
    path(
        "<uuid:customer_id>/erasure/cancellation/",
        privacy_erasures.erasure_cancellation,
        name="customer-erasure-cancel",
    ),
]
