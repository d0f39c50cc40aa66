"""The facts that a business keeps of its customers, among its settings."""

from django.urls import path

from crm.views import attributes

app_name = "facts"
urlpatterns = [
    path("", attributes.attributes, name="attributes"),
    path("new/", attributes.attribute_new, name="attribute-new"),
    path("<uuid:attribute_id>/", attributes.attribute, name="attribute"),
    path("<uuid:attribute_id>/place/", attributes.attribute_place, name="attribute-place"),
    path("<uuid:attribute_id>/conversion/", attributes.attribute_conversion, name="attribute-conversion"),
    path("<uuid:attribute_id>/archiving/", attributes.attribute_archiving, name="attribute-archiving"),
    path("<uuid:attribute_id>/return/", attributes.attribute_return, name="attribute-return"),
]
