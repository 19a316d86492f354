from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "allo3939.accounts"
    verbose_name = "Agents et secteurs"
