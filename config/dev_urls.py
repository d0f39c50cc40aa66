"""Pages for developers: components, mailbox."""

from django.urls import URLPattern, path

from config import gallery, mailbox

urlpatterns: list[URLPattern] = [
    path("components/", gallery.gallery, name="gallery"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", mailbox.mail, name="mailbox-mail"),
    path("mailbox/<str:name>/html/", mailbox.mail_html, name="mailbox-html"),
]
