from django.apps import AppConfig


class SharedConfig(AppConfig):
    name = "allo3939.shared"
    verbose_name = "Socle"
