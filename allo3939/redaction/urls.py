"""Pages of those who write fiches outside the admin, under ``/redaction/``."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
