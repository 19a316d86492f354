"""A rédacteur creates, previews, publishes and archives a fiche without typing any JSON."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.shared.models import Importation
from knowledge.enums import Etat
from knowledge.forms import keep_codes
from knowledge.models import Fiche, Parution, Theme
from knowledge.publish import publish

ADD = "admin:knowledge_fiche_add"
CHANGE = "admin:knowledge_fiche_change"
TABLES = ("services", "sources", "questions", "issues")


@pytest.fixture
def theme(secteur):
    return Theme.objects.create(code="pacs", titre="Pacs", secteur=secteur)


def rows(prefix, *lines, initial=0):
    """The fields a browser sends for a table."""
    data = {f"{prefix}-TOTAL_FORMS": len(lines), f"{prefix}-INITIAL_FORMS": initial}
    for rank, line in enumerate(lines):
        data |= {f"{prefix}-{rank}-{name}": value for name, value in line.items()}
    return data


@pytest.fixture
def typed(theme):
    """A complete answer fiche as typed in the form."""
    return {
        "nature": "reponse",
        "titre": "Conclure un Pacs",
        "theme": theme.pk,
        "secteur": theme.secteur_id,
        "mots_cles": "pacs, union civile\npacte",
        "a_dire": "Vous déposez le dossier en mairie ou chez un notaire.",
        "pieces": "- Pièce d'identité\nActe de naissance\n\n",
        "cout": "Gratuit en mairie",
        "delai": "",
        "organismes_0": "mairie",
        "organismes_1": "chambre_notaires",
        "organismes_2": "",
        "organismes_3": "",
        "texte": "## Conditions\n\nÊtre majeur.",
        "definition": "",
        "exemples_dans": "",
        "exemples_hors": "",
        "cible": "",
        "verifiee_le": "14/10/2026",
        **rows(
            "services", {"titre": "Service-Public", "url": "https://www.service-public.gouv.fr"}
        ),
        **rows(
            "sources", {"titre": "Code civil, article 515-1", "url": ""}, {"titre": "", "url": ""}
        ),
        **rows(
            "questions",
            {"code": "", "texte": "Où voulez-vous le signer ?", "choix": "Mairie\nNotaire"},
            {"code": "", "texte": "", "choix": ""},
        ),
        **rows(
            "issues",
            {"titre": "en mairie", "si_ou-voulez-vous-le-signer": ["mairie"], "cout": "Gratuit"},
            {"titre": "chez le notaire", "si_ou-voulez-vous-le-signer": ["notaire", "nsp"]},
        ),
    }


def create(client, typed, button="_publier"):
    return client.post(reverse(ADD), typed | {button: "1"})


def edited(client, fiche):
    """The form's own fields, as a browser would send them back untouched."""
    form = client.get(reverse(CHANGE, args=[fiche.pk])).context["adminform"].form
    data = {}
    for part in (form, *(row for table in form.tables for row in table)):
        for field in part:
            value = field.value()
            if hasattr(field.field.widget, "widgets"):
                for rank, code in enumerate(field.field.widget.decompress(value)):
                    data[f"{field.html_name}_{rank}"] = code
            elif value is not None:
                data[field.html_name] = value
    for table in form.tables:
        data |= {
            f"{table.prefix}-TOTAL_FORMS": table.total_form_count(),
            f"{table.prefix}-INITIAL_FORMS": table.initial_form_count(),
        }
    return data


def test_a_redacteur_creates_and_publishes_a_fiche(client, login, typed):
    agent = login(Role.REDACTEUR)
    response = create(client, typed)
    fiche = Fiche.objects.get()
    assert response.status_code == 302
    assert response.url == reverse(CHANGE, args=[fiche.pk])
    assert (fiche.reference, fiche.etat, fiche.version) == ("A39-1001", Etat.PUBLIEE, 1)
    assert fiche.origine == "allo3939"
    assert fiche.mots_cles == ["pacs", "union civile", "pacte"]
    assert fiche.pieces == ["Pièce d'identité", "Acte de naissance"]
    assert fiche.organismes == ["mairie", "chambre_notaires"]
    assert fiche.sources == [{"titre": "Code civil, article 515-1", "url": ""}]
    assert fiche.parcours["questions"] == [
        {
            "code": "ou-voulez-vous-le-signer",
            "texte": "Où voulez-vous le signer ?",
            "choix": [
                {"code": "mairie", "libelle": "Mairie"},
                {"code": "notaire", "libelle": "Notaire"},
            ],
        }
    ]
    assert [issue["si"] for issue in fiche.parcours["issues"]] == [
        {"ou-voulez-vous-le-signer": ["mairie"]},
        {"ou-voulez-vous-le-signer": ["notaire", "nsp"]},
    ]
    assert any(block["type"] == "fourche" for block in fiche.contenu)
    assert fiche.history.get().history_user == agent
    assert client.get(fiche.get_absolute_url()).status_code == 200


def test_the_form_sent_back_untouched_changes_nothing(client, login, typed):
    login(Role.REDACTEUR)
    create(client, typed)
    fiche = Fiche.objects.get()
    response = client.post(
        reverse(CHANGE, args=[fiche.pk]), edited(client, fiche) | {"_publier": "1"}
    )
    assert response.status_code == 302
    again = Fiche.objects.get()
    assert again.version == 2
    assert again.contenu == fiche.contenu
    assert again.parcours == fiche.parcours


def test_an_error_is_said_in_plain_french_and_nothing_typed_is_lost(client, login, typed):
    login(Role.REDACTEUR)
    typed["a_dire"] = "mot " * 61
    typed |= rows("issues", {"titre": "en mairie", "a_dire": "Perdu ?", "cout": "Gratuit"})
    typed |= rows("questions", {"texte": "Où ?", "choix": "Mairie"})
    response = create(client, typed)
    html = response.content.decode()
    assert response.status_code == 200
    assert not Fiche.objects.exists()
    assert "61 mots à dire, 60 au plus" in html
    assert "Question 1 : entre 2 et 8 choix." in html.replace("\xa0", " ")
    for kept in ("mot mot mot", "Perdu ?", "en mairie", "Acte de naissance", "union civile"):
        assert kept in html, kept
    assert re.search(r'<option value="mairie" selected', html)


def test_a_draft_is_saved_as_it_is_with_what_is_left_to_do(client, login, typed):
    login(Role.REDACTEUR)
    typed |= rows("sources")
    response = client.post(reverse(ADD), typed | {"_save": "1"}, follow=True)
    fiche = Fiche.objects.get()
    assert fiche.etat == Etat.BROUILLON
    assert "Il manque au moins une source." in response.content.decode()


def test_more_rows_are_given_without_saving_anything(client, login, typed):
    login(Role.REDACTEUR)
    html = create(client, typed, "_tableau").content.decode()
    assert not Fiche.objects.exists()
    assert 'name="sources-3-titre"' in html
    assert "Code civil, article 515-1" in html
    assert "errornote" not in html
    # The conditions follow the question just typed.
    assert re.search(r'name="issues-0-si_ou-voulez-vous-le-signer"[^>]*value="mairie"', html)
    assert re.search(r'value="mairie"[^>]*checked', html)


def test_a_new_version_says_what_it_changes_for_the_agents(client, login, typed):
    login("redacteur")
    create(client, typed)
    fiche = Fiche.objects.get()
    page = client.get(reverse(CHANGE, args=[fiche.pk])).content.decode()
    assert "Ce que cette version change" in page
    sent = edited(client, fiche) | {
        "importance": "changement", "raison": "Nouveau plafond", "_publier": "1",
    }  # fmt: skip

    client.post(reverse(CHANGE, args=[fiche.pk]), sent)

    told = Parution.objects.order_by("version").values_list("version", "importance", "raison")
    assert list(told) == [(1, "precision", ""), (2, "changement", "Nouveau plafond")]
    assert fiche.history.first().history_change_reason == "Nouveau plafond"


def test_a_published_fiche_is_never_half_saved(client, login, typed):
    login(Role.REDACTEUR)
    create(client, typed)
    fiche = Fiche.objects.get()
    page = client.get(reverse(CHANGE, args=[fiche.pk])).content.decode()
    assert 'name="_save"' not in page
    data = edited(client, fiche) | {"titre": "À moitié", "_save": "1"}
    response = client.post(reverse(CHANGE, args=[fiche.pk]), data)
    assert "publiez la nouvelle version" in response.content.decode()
    fiche.refresh_from_db()
    assert fiche.titre == "Conclure un Pacs"


def test_two_redacteurs_do_not_overwrite_each_other(client, login, typed):
    login(Role.REDACTEUR)
    create(client, typed)
    fiche = Fiche.objects.get()
    opened_before = edited(client, fiche)
    url = reverse(CHANGE, args=[fiche.pk])
    client.post(url, edited(client, fiche) | {"titre": "Le premier", "_publier": "1"})
    html = client.post(url, opened_before | {"titre": "Le second", "_publier": "1"})
    assert "Quelqu&#x27;un a enregistré cette fiche" in html.content.decode()
    assert "Le second" in html.content.decode()
    assert Fiche.objects.get().titre == "Le premier"


def test_archiving_takes_the_fiche_from_the_agents(client, login, typed):
    login(Role.REDACTEUR)
    create(client, typed)
    fiche = Fiche.objects.get()
    client.post(reverse(CHANGE, args=[fiche.pk]), {"_archiver": "1"})
    fiche.refresh_from_db()
    assert fiche.etat == Etat.ARCHIVEE
    assert 'name="_publier"' in client.get(reverse(CHANGE, args=[fiche.pk])).content.decode()


def test_the_preview_shows_what_is_typed_without_saving_it(client, login, typed):
    login(Role.REDACTEUR)
    create(client, typed)
    fiche = Fiche.objects.get()
    url = reverse("admin:knowledge_fiche_preview", args=[fiche.pk])
    response = client.post(url, edited(client, fiche) | {"titre": "Titre en cours"}, follow=True)
    html = response.content.decode()
    assert "Titre en cours" in html
    assert "À DIRE" in html
    assert 'href="?chemin=1&amp;essai=1"' in html
    assert "en mairie" in client.get(url, {"chemin": "1", "essai": "1"}).content.decode()
    assert "Conclure un Pacs" in client.get(url, {"chemin": "9.9"}).content.decode()
    assert Fiche.objects.get().titre == "Conclure un Pacs"


def test_a_fiche_is_previewed_before_it_is_first_saved(client, login, typed):
    agent = login(Role.REDACTEUR)
    cache.delete(f"apercu:{agent.pk}:")
    url = reverse("admin:knowledge_fiche_preview")
    assert client.get(url, {"essai": "1"}).status_code == 404
    assert f'formaction="{url}"' in client.get(reverse(ADD)).content.decode()
    html = client.post(url, typed, follow=True).content.decode()
    assert "Conclure un Pacs" in html
    assert "À DIRE" in html
    html = client.get(url, {"chemin": "1", "essai": "1"}).content.decode()
    assert "en mairie" in html
    assert not Fiche.objects.exists()
    halfway = typed | {"theme": "", "nature": "", "titre": "À moitié écrit"}
    assert "À moitié écrit" in client.post(url, halfway, follow=True).content.decode()


def test_the_history_tells_who_changed_what_and_shows_each_version(client, login, typed):
    login(Role.REDACTEUR, poste="Poste 9")
    create(client, typed)
    fiche = Fiche.objects.get()
    client.post(
        reverse(CHANGE, args=[fiche.pk]),
        edited(client, fiche) | {"a_dire": "Autre texte.", "_publier": "1"},
    )
    html = client.get(reverse("admin:knowledge_fiche_history", args=[fiche.pk])).content.decode()
    assert "Poste 9" in html
    assert "dire" in html
    first = fiche.history.last()
    past = reverse("admin:knowledge_fiche_simple_history", args=[fiche.pk, first.pk])
    assert "Vous déposez le dossier" in client.get(past).content.decode()
    assert client.post(past, {"titre": "x"}).status_code == 405


def test_an_imported_fiche_only_takes_our_overlay(client, login, secteur):
    login(Role.REDACTEUR)
    fiche = Fiche.objects.create(
        reference="F1",
        nature="reponse",
        origine="service_public",
        etat=Etat.DISPARUE,
        titre="Titre de la source",
        contenu=[{"type": "paragraphe", "texte": ["Source."]}],
    )
    url = reverse(CHANGE, args=[fiche.pk])
    html = client.get(url).content.decode()
    assert 'name="a_dire"' in html
    assert 'name="titre"' not in html
    assert 'name="sources-0-titre"' not in html
    data = {"a_dire": "Notre texte.", "mots_cles": "un, deux", "secteur": secteur.pk}
    client.post(url, data | {"titre": "Volé", "_save": "1"})
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.a_dire) == ("Titre de la source", "Notre texte.")
    assert (fiche.mots_cles, fiche.secteur, fiche.etat) == (["un", "deux"], secteur, "disparue")
    long = client.post(url, data | {"a_dire": "mot " * 61, "_save": "1"})
    assert "61 mots" in long.content.decode()
    client.post(url, {"_archiver": "1"})
    fiche.refresh_from_db()
    assert fiche.etat == Etat.DISPARUE


def test_an_overlay_opened_before_an_import_is_not_saved_over_it(client, login):
    login(Role.REDACTEUR)
    fiche = Fiche.objects.create(
        reference="F1",
        nature="reponse",
        origine="service_public",
        etat=Etat.PUBLIEE,
        publiee_le=timezone.now(),
        titre="Titre",
    )
    url = reverse(CHANGE, args=[fiche.pk])
    page = client.get(url).content.decode()
    lue = fiche.history.get().pk
    assert f'name="lue" value="{lue}"' in page
    data = {"a_dire": "Notre texte.", "mots_cles": "", "secteur": "", "lue": lue, "_save": "1"}
    fiche.titre = "Titre changé à la source"
    fiche.save()
    assert "Quelqu&#x27;un a enregistré cette fiche" in client.post(url, data).content.decode()
    fiche.refresh_from_db()
    assert fiche.a_dire == ""
    data["lue"] = fiche.history.first().pk
    assert client.post(url, data).status_code == 302
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.a_dire) == ("Titre changé à la source", "Notre texte.")


def test_an_escalation_fiche_is_written_in_the_same_form(client, login, typed, secteur):
    login(Role.REDACTEUR)
    typed |= {
        "nature": "escalade",
        "definition": "Le Pacs finit mal.",
        "exemples_dans": "Il a vendu la maison.",
        "exemples_hors": "Comment se pacser ? → fiche",
        "cible": secteur.pk,
        "confondu_avec": ["justice"],
        **rows("questions"),
        **rows("issues"),
    }
    create(client, typed)
    fiche = Fiche.objects.get()
    assert (fiche.etat, fiche.cible, fiche.confondu_avec) == (Etat.PUBLIEE, secteur, ["justice"])
    assert fiche.contenu[0]["role"] == "definition"
    html = client.get(reverse(CHANGE, args=[fiche.pk])).content.decode()
    assert 'name="definition"' in html


def test_an_answer_fiche_does_not_show_the_fields_of_escalation(client, login, typed):
    login(Role.REDACTEUR)
    create(client, typed)
    html = client.get(reverse(CHANGE, args=[Fiche.objects.get().pk])).content.decode()
    assert 'name="definition"' not in html


def test_the_list_is_filtered_and_searched(client, login, typed, theme):
    login(Role.REDACTEUR)
    create(client, typed)
    url = reverse("admin:knowledge_fiche_changelist")
    for query in ({"q": "union"}, {"theme": theme.pk}, {"nature": "reponse", "etat": "publiee"}):
        assert "Conclure un Pacs" in client.get(url, query).content.decode()
    assert "Conclure un Pacs" not in client.get(url, {"q": "carte grise"}).content.decode()


def test_the_list_costs_the_same_queries_for_one_and_twenty_fiches(
    client, login, typed, django_assert_max_num_queries
):
    login(Role.REDACTEUR)
    create(client, typed)
    url = reverse("admin:knowledge_fiche_changelist")
    client.get(url)
    with django_assert_max_num_queries(20) as one:
        client.get(url)
    fiche = Fiche.objects.get()
    for number in range(20):
        fiche.pk, fiche.reference = None, f"A39-2{number:03d}"
        fiche._state.adding = True
        publish(fiche, by=None)
    with django_assert_max_num_queries(20) as twenty:
        client.get(url)
    assert len(one) == len(twenty)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.REDACTEUR])
def test_nobody_else_edits_fiches(client, login, typed, role):
    login(role)
    assert client.get(reverse("admin:knowledge_fiche_changelist")).status_code in (302, 403)
    assert create(client, typed).status_code in (302, 403)
    assert not Fiche.objects.exists()


def test_themes_of_the_source_are_left_to_its_import(client, login, theme):
    login(Role.REDACTEUR)
    Theme.objects.create(code="N19810", titre="Papiers")
    html = client.get(reverse("admin:knowledge_theme_changelist")).content.decode()
    assert "Pacs" in html
    assert "Papiers" not in html


def test_imports_are_read_and_never_changed(client, login):
    login(Role.REDACTEUR)
    importation = Importation.objects.create(
        genre="fiches",
        producteur="DILA",
        fichier="vosdroits.zip",
        commencee_le="2026-11-23T08:00Z",
        ecartes=[{"reference": "F9", "reason": "XML tronqué"}],
    )
    assert (
        "vosdroits.zip"
        in client.get(reverse("admin:shared_importation_changelist")).content.decode()
    )
    url = reverse("admin:shared_importation_change", args=[importation.pk])
    assert "XML tronqué" in client.get(url).content.decode()
    assert client.post(url, {"fichier": "x"}).status_code == 403
    assert client.get(reverse("admin:shared_importation_add")).status_code == 403


def test_codes_survive_an_edit_of_the_choices():
    known = [{"code": "a", "libelle": "Un"}, {"code": "b", "libelle": "Deux"}]

    def codes(*labels):
        return [choice["code"] for choice in keep_codes(known, list(labels))]

    assert codes("Deux", "Un") == ["b", "a"]
    assert codes("Un", "Deux ou plus") == ["a", "b"]
    assert codes("Un", "Deux", "Trois") == ["a", "b", "trois"]
    assert codes("Deux") == ["b"]
    assert codes("A", "B", "A") == ["a-2", "b-2", "a-3"]
