"""Every page of the desktop; who may open it stands in `allo3939.accounts.permissions`."""

from django.contrib import admin
from django.urls import include, path, register_converter

from allo3939 import health
from allo3939.shared.converters import InseeConverter, ReferenceConverter
from orientation.api import api

register_converter(ReferenceConverter, "reference")
register_converter(InseeConverter, "insee")

urlpatterns = [
    path("sante/vivant", health.vivant, name="sante-vivant"),
    path("sante/pret", health.pret, name="sante-pret"),
    path("", include("allo3939.accounts.urls")),
    path("", include("knowledge.urls")),
    path("", include("orientation.urls")),
    path("", include("calls.urls")),
    path("redaction/", include("allo3939.redaction.urls")),
    path("api/v1/", api.urls),
    path("administration/", admin.site.urls),
]
