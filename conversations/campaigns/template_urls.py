"""Templates: what is written to many, at /b/<slug>/templates/."""

from django.urls import path

from conversations.campaigns.views import template_editor, templates

ONE = "templates/<uuid:message_template_id>/"
urlpatterns = [
    path("templates/", templates.templates, name="message-templates"),
    path("templates/new/", templates.template_new, name="message-template-new"),
    path("templates/customers/", template_editor.template_customers, name="message-template-customers"),
    path("templates/frame/<str:key>/", template_editor.template_frame, name="message-template-frame"),
    path(
        "templates/files/<uuid:message_template_file_id>/",
        template_editor.template_file,
        name="message-template-file",
    ),
    path(ONE, template_editor.template, name="message-template"),
    path(f"{ONE}look/", template_editor.template_look, name="message-template-look"),
    path(f"{ONE}archiving/", templates.template_archiving, name="message-template-archiving"),
    path(f"{ONE}restoration/", templates.template_restoration, name="message-template-restoration"),
    path(f"{ONE}test-send/", templates.template_test_send, name="message-template-test-send"),
    path(f"{ONE}copy/", templates.template_copy, name="message-template-copy"),
    path(f"{ONE}versions/", templates.template_versions, name="message-template-versions"),
    path(
        f"{ONE}versions/<int:number>/restoration/",
        templates.template_version_restoration,
        name="message-template-version-restoration",
    ),
]
