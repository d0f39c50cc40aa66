"""Addresses of the pages where people teach the bot."""

from django.urls import path

from conversations.workspace.views import rehearsals, review, unanswered

urlpatterns = [
    path("settings/knowledge/reviews/", review.reviews, name="reviews"),
    path(
        "settings/knowledge/reviews/<uuid:decision_id>/verdict/", review.review_verdict, name="review-verdict"
    ),
    path(
        "settings/knowledge/reviews/<uuid:decision_id>/undoing/", review.review_undoing, name="review-undoing"
    ),
    path("settings/knowledge/reviews/<uuid:decision_id>/better/", review.review_better, name="review-better"),
    path("settings/knowledge/unanswered/", unanswered.groups, name="unanswered"),
    path(
        "settings/knowledge/unanswered/gathering/",
        unanswered.unanswered_gathering,
        name="unanswered-gathering",
    ),
    path(
        "settings/knowledge/unanswered/<uuid:group_id>/draft/",
        unanswered.unanswered_draft,
        name="unanswered-draft",
    ),
    path(
        "settings/knowledge/unanswered/<uuid:group_id>/dismissal/",
        unanswered.unanswered_dismissal,
        name="unanswered-dismissal",
    ),
    path(
        "settings/knowledge/unanswered/<uuid:group_id>/reopening/",
        unanswered.unanswered_reopening,
        name="unanswered-reopening",
    ),
    path("settings/knowledge/rehearsals/", rehearsals.rehearsals, name="rehearsals"),
    path("settings/knowledge/rehearsals/new/", rehearsals.rehearsal_new, name="rehearsal-new"),
    path("settings/knowledge/rehearsals/<uuid:rehearsal_id>/", rehearsals.rehearsal, name="rehearsal"),
    path(
        "settings/knowledge/rehearsals/<uuid:rehearsal_id>/publication/",
        rehearsals.rehearsal_publication,
        name="rehearsal-publication",
    ),
    path(
        "settings/knowledge/rehearsals/<uuid:rehearsal_id>/discarding/",
        rehearsals.rehearsal_discarding,
        name="rehearsal-discarding",
    ),
]
