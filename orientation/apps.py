from django.apps import AppConfig


class OrientationConfig(AppConfig):
    name = "orientation"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        from allo3939.shared.anonymity import register
        from orientation.publics import open_directory

        register(open_directory)
