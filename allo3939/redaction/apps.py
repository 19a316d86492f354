from django.apps import AppConfig


class RedactionConfig(AppConfig):
    name = "allo3939.redaction"
    label = "redaction"
