"""Who may open which page: one table, denied by default.

Every URL name of the project stands here; a test fails when one is missing, and the middleware
refuses a page that is not in the table. The admin's model permissions are read from the same
table (`may_admin`), so that a right is written once.
"""

from __future__ import annotations

from allo3939.accounts.enums import Role

PUBLIC = frozenset({"public"})
TOUS = frozenset(Role.values)
APPELS = frozenset({Role.TELECONSEILLER})
NIVEAU_2 = frozenset({Role.INFORMATEUR})
REDACTION = frozenset({Role.REDACTEUR})
PARTENAIRES = frozenset({Role.PARTENAIRE})
SECTEURS = NIVEAU_2 | PARTENAIRES
SUPERVISION = frozenset({Role.SUPERVISEUR})
ADMINISTRATION = frozenset({Role.ADMINISTRATEUR})
ECRITURE = REDACTION | PARTENAIRES | NIVEAU_2
LECTURE = TOUS
ADMIN = REDACTION | SUPERVISION | ADMINISTRATION
PERSONNE: frozenset[str] = frozenset()


def _admin_model(
    model: str, *, see: frozenset[str], write: frozenset[str], delete: frozenset[str] = PERSONNE
) -> dict[str, frozenset[str]]:
    """The admin pages of one model, ``"knowledge_fiche"``."""
    return {
        f"admin:{model}_changelist": see,
        f"admin:{model}_history": see,
        f"admin:{model}_simple_history": write,
        f"admin:{model}_change": see,
        f"admin:{model}_add": write,
        f"admin:{model}_write": write,  # not a page: who may save the change form
        f"admin:{model}_delete": delete,
    }


VUES: dict[str, frozenset[str]] = {
    # Health, read by the proxy.
    "sante-vivant": PUBLIC,
    "sante-pret": PUBLIC,
    # The open data of the directory: each address asks for a consumer's token by itself.
    "api:openapi-json": PUBLIC,
    "api:api-root": PUBLIC,
    "api:presentation": PUBLIC,
    "api:organizations": PUBLIC,
    "api:organization": PUBLIC,
    "api:services": PUBLIC,
    "api:service": PUBLIC,
    "api:opening": PUBLIC,
    "api:service_at_locations": PUBLIC,
    "api:service_at_location": PUBLIC,
    "api:taxonomies": PUBLIC,
    "api:taxonomy_terms": PUBLIC,
    "api:communes": PUBLIC,
    "api:competence": PUBLIC,
    "api:inconnue": PUBLIC,
    # The switch: checks the signature of what it is sent by itself.
    "telephonie-evenements": PUBLIC,
    # Somebody without account, who reviews a text: its address is the key.
    "relecture": PUBLIC,
    # The agent.
    "accueil": TOUS,
    "connexion": PUBLIC,
    "deconnexion": TOUS,
    "preferences": TOUS,
    "flash": TOUS,
    "flash-masquer": TOUS,
    "flash-remontrer": TOUS,
    "anonymat-controle": TOUS,
    # Knowledge.
    "fiche": LECTURE,
    "fiche-lu": LECTURE,
    "fiche-parcours": LECTURE,
    "ressource": LECTURE,
    # Orientation.
    "annuaire": LECTURE,
    "annuaire-csv": LECTURE,  # open data, as its producer gives it; each export is logged
    "annuaire-ods": LECTURE,
    "organisme": LECTURE,
    "signaler": TOUS,
    "signalement-retirer": TOUS,
    # The directory, kept by partenaires for the kinds of their sector; rédacteurs keep all of it.
    "redaction-organismes": REDACTION | PARTENAIRES,
    "redaction-organisme": REDACTION | PARTENAIRES,
    "redaction-signalement": REDACTION | PARTENAIRES,
    # Fiches, written by a sector's people outside the admin.
    "redaction-secteur": SECTEURS,
    "redaction-fiche": SECTEURS,
    "redaction-nouvelle": SECTEURS,
    "redaction-lacune": SECTEURS,
    "redaction-propositions": SECTEURS,
    "redaction-proposition": ECRITURE,  # a rédacteur is sent to the admin's page
    "redaction-proposition-apercu": SECTEURS,
    "redaction-proposition-fusion": SECTEURS,
    # The form of a proposition, as it is typed: each fiche is fetched among those the agent edits.
    "edition-controle": ECRITURE,
    "edition-enregistrer": ECRITURE,
    "edition-apercu": ECRITURE,
    "edition-dessin": ECRITURE,
    "edition-liens": ECRITURE,
    # Calls, level 1.
    "console": APPELS,
    "console-recherche": APPELS,
    "console-appel": APPELS,
    "console-demande": APPELS,
    "console-note": APPELS,
    "console-fiche": APPELS,
    "console-suite": APPELS,
    "console-retour": APPELS,
    "console-choix": APPELS,
    "console-communes": APPELS,
    "console-commune": APPELS,
    "console-organisme": APPELS,
    "console-ouvertures": APPELS,
    "console-exterieur": APPELS,
    "console-escalade": APPELS,
    "console-transfert": APPELS,
    "console-transfert-etat": APPELS,
    "console-transfert-suite": APPELS,
    "console-transfert-parti": APPELS,
    "console-repli": APPELS,
    "console-cloture": APPELS,
    "console-lu": APPELS,
    "console-raccroche": APPELS,
    "console-reprise": APPELS,
    "console-urgence": APPELS,
    "console-copie": APPELS,
    "console-rejeu": APPELS,
    "mes-appels": APPELS,
    "console-telephone": APPELS,
    "console-telephone-commande": APPELS,
    "appel": APPELS | SUPERVISION,
    "rectifier": APPELS,
    "annuler-rectification": APPELS,
    # Calls, level 2.
    "secteur": NIVEAU_2,
    "secteur-file": NIVEAU_2,
    "secteur-carte": NIVEAU_2,
    "secteur-accepter": NIVEAU_2,
    "secteur-refuser": NIVEAU_2,
    "secteur-clore": NIVEAU_2,
    "secteur-consulter": NIVEAU_2,
    "secteur-prendre": NIVEAU_2,
    "secteur-rendre": NIVEAU_2,
    "secteur-rerouter": NIVEAU_2,
    "secteur-parti": NIVEAU_2,
    "secteur-presence": NIVEAU_2,
    "secteur-fiche": NIVEAU_2,
    "secteur-lu": NIVEAU_2,
    "secteur-ecrire": NIVEAU_2,
    # Push streams: paths of `allo3939.push`, not Django URLs.
    "flux-secteur": NIVEAU_2,
    "flux-agent": APPELS,
    "flux-supervision": SUPERVISION,
    "flux-commun": TOUS,
    # Supervision.
    "supervision": SUPERVISION,
    "supervision-alertes": SUPERVISION,
    "supervision-flash": SUPERVISION,
    "supervision-flash-apercu": SUPERVISION,
    "supervision-flash-retirer": SUPERVISION,
    "lectures": SUPERVISION | REDACTION,
    # Django admin.
    "admin:index": ADMIN,
    "admin:app_list": ADMIN,
    "admin:login": PUBLIC,
    "admin:logout": ADMIN,
    "admin:password_change": ADMIN,
    "admin:password_change_done": ADMIN,
    "admin:jsi18n": ADMIN,
    "admin:autocomplete": ADMIN,
    "admin:view_on_site": ADMIN,
    "admin:boite": REDACTION,
    "admin:boite-agir": REDACTION,
    "admin:boite-annuler": REDACTION,
    **_admin_model("accounts_agent", see=ADMINISTRATION, write=ADMINISTRATION),
    "admin:auth_user_password_change": ADMINISTRATION,
    **_admin_model("accounts_secteur", see=ADMINISTRATION, write=ADMINISTRATION),
    **_admin_model("accounts_trace", see=ADMINISTRATION, write=PERSONNE),
    "admin:accounts_trace_export": ADMINISTRATION,
    **_admin_model("shared_importation", see=REDACTION | ADMINISTRATION, write=PERSONNE),
    **_admin_model("knowledge_theme", see=REDACTION, write=REDACTION),
    **_admin_model("knowledge_fiche", see=REDACTION, write=REDACTION),
    "admin:knowledge_fiche_merge": REDACTION,
    **_admin_model("knowledge_conflit", see=REDACTION, write=REDACTION),
    "admin:knowledge_conflit_add": PERSONNE,  # imports open them
    **_admin_model("knowledge_proposition", see=REDACTION, write=REDACTION),
    "admin:knowledge_proposition_add": PERSONNE,  # written from a fiche
    "admin:knowledge_proposition_link": REDACTION,
    "admin:knowledge_proposition_revoke": REDACTION,
    # What the search is taught.
    **_admin_model("knowledge_synonyme", see=REDACTION, write=REDACTION),
    **_admin_model("knowledge_epingle", see=REDACTION, write=REDACTION),
    **_admin_model("knowledge_recherchemanquee", see=REDACTION, write=PERSONNE),
    "admin:knowledge_recherchemanquee_settle": REDACTION,
    "admin:knowledge_recherchemanquee_take": REDACTION,
    **_admin_model("knowledge_lacune", see=REDACTION, write=REDACTION),
    **_admin_model("knowledge_blocpartage", see=REDACTION, write=REDACTION),
    "admin:knowledge_lacune_add": PERSONNE,  # taken up from what agents missed
    **_admin_model("knowledge_apprentissage", see=REDACTION, write=REDACTION),
    "admin:knowledge_apprentissage_add": PERSONNE,  # only closed calls teach
    **_admin_model("orientation_organisme", see=REDACTION, write=REDACTION),
    "admin:orientation_organisme_add": PERSONNE,  # imports add them
    **_admin_model("orientation_signalement", see=REDACTION, write=REDACTION),
    "admin:orientation_signalement_add": PERSONNE,  # agents report from a body
    **_admin_model("orientation_fermeture", see=REDACTION, write=REDACTION),
    **_admin_model("orientation_consommateur", see=ADMINISTRATION, write=ADMINISTRATION),
    **_admin_model("orientation_typeservice", see=REDACTION, write=REDACTION),
    **_admin_model("calls_codeissue", see=SUPERVISION, write=SUPERVISION),
}


def may_open(agent, view_name: str) -> bool:
    """Whether the agent may open the page of this URL name; a page not in the table: nobody."""
    roles = VUES.get(view_name, PERSONNE)
    return roles == PUBLIC or (agent.is_authenticated and agent.role in roles)


def may_admin(agent, permission: str) -> bool:
    """Whether the agent holds one of Django's model permissions (``"knowledge.change_fiche"``)."""
    app, _, codename = permission.partition(".")
    action, _, model = codename.partition("_")
    page = {"view": "changelist", "change": "write"}.get(action, action)
    return may_open(agent, f"admin:{app}_{model}_{page}")
