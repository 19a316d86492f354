"""Login by name and password; rights from the role, never from Django's permission rows."""

from django.apps import apps
from django.contrib.auth.backends import ModelBackend

from allo3939.accounts.models import Agent
from allo3939.accounts.permissions import may_admin
from allo3939.shared.composed import Composed

_AGENT = Composed(lambda key: Agent.objects.filter(pk=key))


class RoleBackend(ModelBackend):
    """`has_perm` answers from the one table of permissions."""

    def get_user(self, user_id):
        """The agent of a session, None when there is none or it was deactivated.

        Asked at every request: the query is composed once.
        """
        agent = _AGENT.first(user_id)
        return agent if agent and self.user_can_authenticate(agent) else None

    def get_all_permissions(self, user_obj, obj=None):
        return set()

    def has_perm(self, user_obj, perm, obj=None):
        return user_obj.is_active and may_admin(user_obj, perm)

    def has_module_perms(self, user_obj, app_label):
        models = apps.get_app_config(app_label).get_models()
        return any(
            self.has_perm(user_obj, f"{app_label}.view_{model._meta.model_name}")
            for model in models
        )
