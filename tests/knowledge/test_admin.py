"""A rédacteur writes, previews, submits and archives a fiche without typing any JSON."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from allo3939.accounts.enums import Role
from allo3939.accounts.models import Agent, Trace
from allo3939.shared.models import Importation
from knowledge import propose
from knowledge.enums import Etat
from knowledge.forms import keep_codes
from knowledge.models import Fiche, Parution, Proposition, Theme
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


def create(client, typed, button="_soumettre"):
    return client.post(reverse(ADD), typed | {button: "1"})


def approved(client, typed):
    """A fiche written in the form, then approved by somebody else."""
    create(client, typed)
    return approved_by(Proposition.objects.latest("pk"))


def approved_by(proposition, username="relectrice"):
    """The fiche once somebody else has approved."""
    other, _ = Agent.objects.get_or_create(username=username, role=Role.REDACTEUR)
    propose.approve(proposition, by=other)
    return Fiche.objects.get(pk=proposition.fiche_id)


def edited(client, fiche):
    """The form's own fields, as a browser would send them back untouched."""
    form = client.get(reverse(CHANGE, args=[fiche.pk])).context["form"]
    data = {}
    for part in (form, *(row for table in form.tables for row in table)):
        for field in part:
            value = field.value()
            if hasattr(field.field.widget, "widgets"):
                for rank, code in enumerate(field.field.widget.decompress(value)):
                    data[f"{field.html_name}_{rank}"] = code or ""
            elif value is not None:
                data[field.html_name] = value
    for table in form.tables:
        data |= {
            f"{table.prefix}-TOTAL_FORMS": table.total_form_count(),
            f"{table.prefix}-INITIAL_FORMS": table.initial_form_count(),
        }
    return data


def written(client, fiche, button="_save", **changes):
    """Send the form of a fiche with changes."""
    sent = edited(client, fiche) | {"motif": "Plus précis"} | changes | {button: "1"}
    return client.post(reverse(CHANGE, args=[fiche.pk]), sent)


def test_a_redacteur_writes_a_fiche_that_somebody_else_approves(client, login, typed):
    agent = login(Role.REDACTEUR)
    response = create(client, typed)
    fiche = Fiche.objects.get()
    proposition = Proposition.objects.get()
    assert response.url == reverse(CHANGE, args=[fiche.pk])
    assert (fiche.reference, fiche.etat, proposition.etat) == ("A39-1001", "brouillon", "a_relire")
    assert not Fiche.objects.readable().exists()

    fiche = approved_by(proposition)

    assert (fiche.etat, fiche.version, fiche.origine) == (Etat.PUBLIEE, 1, "allo3939")
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
    assert fiche.history.first().history_user == agent
    assert client.get(fiche.get_absolute_url()).status_code == 200


def test_nothing_is_published_from_the_admin_without_the_right(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    page = client.get(reverse(CHANGE, args=[fiche.pk])).content.decode()
    for name in ("_publier", "_forcer"):
        assert f'name="{name}"' not in page
        written(client, fiche, name, titre="Seul", motif_force="Parce que")
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.version) == ("Conclure un Pacs", 1)


def test_a_publication_without_review_asks_why(client, login, typed):
    login(Role.REDACTEUR, publie_sans_relecture=True)
    fiche = approved(client, typed)
    refused = written(client, fiche, "_forcer", titre="Numéro corrigé")
    assert "Dites pourquoi" in client.get(refused.url).content.decode()
    written(client, fiche, "_forcer", titre="Numéro corrigé", motif_force="Numéro faux")
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.version) == ("Numéro corrigé", 2)
    assert Trace.objects.get().details["motif"] == "Numéro faux"


def test_the_form_sent_back_untouched_opens_nothing(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    url = reverse(CHANGE, args=[fiche.pk])
    response = client.post(url, edited(client, fiche) | {"_save": "1"}, follow=True)
    assert "Rien n&#x27;a été changé." in response.content.decode()
    assert Proposition.objects.in_writing().count() == 0


def test_what_is_only_typed_again_is_no_change(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    # As the demonstration's loader writes it: keys without value are left out.
    fiche.parcours["issues"] = [
        {key: value for key, value in issue.items() if value} for issue in fiche.parcours["issues"]
    ]
    fiche.texte = "## Conditions\n\nÊtre majeur.\n"
    fiche.save()
    sent = {
        name: value.replace("\n", "\r\n") if isinstance(value, str) else value
        for name, value in edited(client, fiche).items()
    }
    sent |= {"a_dire": "Deux lignes.\r\nLa seconde.", "motif": "Deux lignes", "_save": "1"}
    client.post(reverse(CHANGE, args=[fiche.pk]), sent)
    champs = Proposition.objects.in_writing().get().champs
    assert champs == {"a_dire": "Deux lignes.\nLa seconde."}


def test_only_what_changed_is_proposed_and_the_form_goes_on_with_it(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    written(client, fiche, a_dire="Vous déposez le dossier.", effet_le="2027-01-01",
            importance="changement")  # fmt: skip
    proposition = Proposition.objects.in_writing().get()
    assert proposition.champs == {"a_dire": "Vous déposez le dossier."}
    assert (proposition.motif, proposition.importance) == ("Plus précis", "changement")
    assert str(proposition.effet_le) == "2027-01-01"
    again = edited(client, fiche)
    assert again["a_dire"] == "Vous déposez le dossier."
    assert (again["motif"], again["revision"]) == ("Plus précis", 1)
    assert Fiche.objects.get(pk=fiche.pk).a_dire != "Vous déposez le dossier."


def test_what_keeps_a_fiche_from_being_submitted_is_said_in_plain_french(client, login, typed):
    login(Role.REDACTEUR)
    typed["a_dire"] = "mot " * 61
    typed |= rows("issues", {"titre": "en mairie", "a_dire": "Perdu ?", "cout": "Gratuit"})
    typed |= rows("questions", {"texte": "Où ?", "choix": "Mairie"})
    html = client.get(create(client, typed).url).content.decode()
    assert Proposition.objects.get().etat == "brouillon"
    assert "61 mots à dire, 60 au plus" in html
    assert "Question 1 : entre 2 et 8 choix." in html.replace("\xa0", " ")
    for kept in ("mot mot mot", "Perdu ?", "en mairie", "Acte de naissance", "union civile"):
        assert kept in html, kept
    assert 'value="Mairie"' in html


def test_a_field_that_is_not_valid_is_kept_as_typed_with_its_error(client, login, typed):
    login(Role.REDACTEUR)
    typed |= {"verifiee_le": "le 14", **rows("sources", {"titre": "Loi", "url": "pas une adresse"})}
    page = create(client, typed, "_save").url
    proposition = Proposition.objects.get()
    assert proposition.saisie["verifiee_le"] == ["le 14"]
    assert "csrfmiddlewaretoken" not in proposition.saisie
    html = client.get(page).content.decode()
    for kept in ("le 14", "pas une adresse", "Saisissez une date valide", "Où voulez-vous"):
        assert kept in html, kept
    fiche = Fiche.objects.get()
    sent = edited(client, fiche) | {"verifiee_le": "2026-10-14", "sources-0-url": ""}
    client.post(page, sent | {"_soumettre": "1"})
    proposition.refresh_from_db()
    assert (proposition.saisie, proposition.etat) == (None, "a_relire")


def test_a_draft_is_kept_as_it_is(client, login, typed):
    login(Role.REDACTEUR)
    typed |= rows("sources")
    create(client, typed, "_save")
    proposition = Proposition.objects.get()
    assert (proposition.etat, proposition.fiche.etat) == ("brouillon", "brouillon")
    assert proposition.champs["a_dire"].startswith("Vous déposez")


def test_more_rows_are_given_without_saving_anything(client, login, typed):
    login(Role.REDACTEUR)
    html = create(client, typed, "_tableau").content.decode()
    assert not Fiche.objects.exists()
    assert 'name="sources-3-titre"' in html
    assert "Code civil, article 515-1" in html
    # The conditions follow the question just typed.
    assert re.search(r'name="issues-0-si_ou-voulez-vous-le-signer"[^>]*value="mairie"', html)
    assert re.search(r'value="mairie"[^>]*checked', html)


def test_a_new_version_says_what_it_changes_for_the_agents(client, login, typed):
    login("redacteur")
    fiche = approved(client, typed)
    written(client, fiche, "_soumettre", a_dire="Nouveau plafond.", importance="changement",
            motif="Nouveau plafond")  # fmt: skip
    approved_by(Proposition.objects.get(etat="a_relire"))
    told = Parution.objects.order_by("version").values_list("version", "importance", "raison")
    assert list(told) == [
        (1, "precision", "Première version"),
        (2, "changement", "Nouveau plafond"),
    ]
    assert fiche.history.first().history_change_reason == "Nouveau plafond"


def test_two_redacteurs_do_not_overwrite_each_other(client, login, typed):
    login(Role.REDACTEUR, poste="Poste 1")
    fiche = approved(client, typed)
    login(Role.REDACTEUR, username="second", poste="Poste 2")
    opened_before = edited(client, fiche) | {"motif": "Autre", "titre": "Le second"}
    login(Role.REDACTEUR, username="premier", poste="Poste 3")
    written(client, fiche, "_soumettre", titre="Le premier")
    client.force_login(
        Agent.objects.get(username="second"), "allo3939.accounts.backends.RoleBackend"
    )
    url = reverse(CHANGE, args=[fiche.pk])
    page = client.get(url).content.decode()
    for told in ("Poste 3", "à relire", "titre"):
        assert told in page

    refused = client.post(url, opened_before | {"_soumettre": "1"})

    merge = reverse("admin:knowledge_fiche_merge", args=[fiche.pk])
    assert refused.url == merge
    html = client.get(merge).content.decode()
    for told in ("Conclure un Pacs", "premier", "second", "Poste 3, à relire"):
        assert told in html
    assert client.post(merge, {}).status_code == 422
    assert client.post(merge, {"titre": "mienne"}).url == url
    assert written(client, fiche, "_soumettre", motif="Autre").url == url
    assert Proposition.objects.get(auteur__username="second").etat == "a_relire"
    assert Proposition.objects.get(auteur__username="second").champs == {"titre": "Le second"}


def test_leaving_theirs_takes_the_field_out_of_mine(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    login(Role.REDACTEUR, username="premier")
    written(client, fiche, "_soumettre", titre="Le premier")
    login(Role.REDACTEUR, username="second")
    written(client, fiche, "_soumettre", titre="Le second", a_dire="Plus court.")
    client.post(reverse("admin:knowledge_fiche_merge", args=[fiche.pk]), {"titre": "leur"})
    assert Proposition.objects.get(auteur__username="second").champs == {"a_dire": "Plus court."}


def test_another_window_does_not_overwrite(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    opened_before = edited(client, fiche)
    written(client, fiche, titre="La première")
    url = reverse(CHANGE, args=[fiche.pk])
    refused = client.post(url, opened_before | {"titre": "La seconde", "_save": "1"})
    assert refused.status_code == 409
    assert "dans une autre fenêtre" in refused.content.decode()
    assert "La seconde" in refused.content.decode()
    assert Proposition.objects.in_writing().get().champs == {"titre": "La première"}


def test_a_window_left_open_on_what_was_submitted_does_not_begin_again(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    written(client, fiche, titre="La première")
    opened_before = edited(client, fiche)
    written(client, fiche, "_soumettre", titre="La première")
    url = reverse(CHANGE, args=[fiche.pk])
    refused = client.post(url, opened_before | {"titre": "La seconde", "_save": "1"})
    assert refused.status_code == 409
    assert not Proposition.objects.in_writing().exists()


def test_what_is_withdrawn_is_taken_up_again(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    written(client, fiche, titre="Autre titre")
    proposition = Proposition.objects.in_writing().get()
    url = reverse(CHANGE, args=[fiche.pk])
    assert f'name="_retirer" value="{proposition.pk}"' in client.get(url).content.decode()
    page = client.post(url, {"_retirer": proposition.pk}, follow=True).content.decode()
    assert f'name="_reprendre" value="{proposition.pk}"' in page
    client.post(url, {"_reprendre": proposition.pk})
    assert edited(client, fiche)["titre"] == "Autre titre"
    # What waits for a review is taken back the same way.
    written(client, fiche, "_soumettre")
    client.post(url, {"_reprendre": proposition.pk})
    assert Proposition.objects.in_writing().get() == proposition


def test_nobody_takes_back_what_a_colleague_wrote(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    written(client, fiche, titre="Autre titre")
    proposition = Proposition.objects.in_writing().get()
    login(Role.REDACTEUR, username="autre")
    client.post(reverse(CHANGE, args=[fiche.pk]), {"_retirer": proposition.pk})
    proposition.refresh_from_db()
    assert proposition.etat == "brouillon"


def test_what_a_reviewer_asks_to_correct_is_on_the_page(client, login, typed, make_agent):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    written(client, fiche, "_soumettre", titre="Autre titre")
    other = Agent.objects.get(username="relectrice")
    propose.send_back(Proposition.objects.get(etat="a_relire"), by=other, commentaire="Trop vague.")
    html = client.get(reverse(CHANGE, args=[fiche.pk])).content.decode()
    assert "Trop vague." in html


def test_archiving_takes_the_fiche_from_the_agents_and_is_undone(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    url = reverse(CHANGE, args=[fiche.pk])
    page = client.post(url, {"_archiver": "1"}, follow=True).content.decode()
    fiche.refresh_from_db()
    assert fiche.etat == Etat.ARCHIVEE
    assert 'name="_retablir"' in page
    client.post(url, {"_retablir": "1"})
    fiche.refresh_from_db()
    assert (fiche.etat, fiche.version) == (Etat.PUBLIEE, 1)


def test_the_preview_shows_what_is_typed_without_saving_it(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    url = reverse("edition-apercu", args=[fiche.reference])
    response = client.post(url, edited(client, fiche) | {"titre": "Titre en cours"}, follow=True)
    html = response.content.decode()
    assert "Titre en cours" in html
    assert "À DIRE" in html
    assert 'href="?chemin=1&amp;essai=1"' in html
    assert "en mairie" in client.get(url, {"chemin": "1", "essai": "1"}).content.decode()
    assert "Conclure un Pacs" in client.get(url, {"chemin": "9.9"}).content.decode()
    assert Fiche.objects.get().titre == "Conclure un Pacs"
    written(client, fiche, titre="Titre gardé")
    assert "Titre gardé" in client.get(url).content.decode()


def test_a_fiche_is_previewed_before_it_is_first_saved(client, login, typed):
    agent = login(Role.REDACTEUR)
    cache.delete(f"apercu:{agent.pk}:")
    url = reverse("edition-apercu")
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


def test_an_imported_fiche_only_takes_our_overlay(client, login, secteur, make_agent):
    login(Role.REDACTEUR)
    fiche = Fiche.objects.create(
        reference="F1",
        nature="reponse",
        origine="service_public",
        etat=Etat.DISPARUE,
        titre="Titre de la source",
        url="https://www.service-public.gouv.fr/particuliers/vosdroits/F1",
        contenu=[{"type": "paragraphe", "texte": ["Source."]}],
    )
    url = reverse(CHANGE, args=[fiche.pk])
    html = client.get(url).content.decode()
    assert 'name="a_dire"' in html
    assert 'name="titre"' not in html
    assert 'name="sources-0-titre"' not in html
    data = {"a_dire": "Notre texte.", "mots_cles": "un, deux", "secteur": secteur.pk, "note": ""}
    told = {"motif": "Ce que disent les agents", "lue": fiche.history.get().pk}
    long = client.post(url, data | told | {"a_dire": "mot " * 61, "_soumettre": "1"}, follow=True)
    assert "61 mots" in long.content.decode()
    client.post(url, data | told | {"titre": "Volé", "revision": 1, "_soumettre": "1"})
    approved_by(Proposition.objects.get(etat="a_relire"))
    fiche.refresh_from_db()
    assert (fiche.titre, fiche.a_dire) == ("Titre de la source", "Notre texte.")
    assert (fiche.mots_cles, fiche.secteur, fiche.etat) == (["un", "deux"], secteur, "disparue")
    client.post(url, {"_archiver": "1"})
    fiche.refresh_from_db()
    assert fiche.etat == Etat.DISPARUE


def test_an_overlay_opened_before_an_import_keeps_what_the_import_wrote(client, login):
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
    data = {"a_dire": "Notre texte.", "mots_cles": "", "secteur": "", "lue": lue, "motif": "Dit"}
    fiche.titre = "Titre changé à la source"
    fiche.save()
    client.post(url, data | {"_soumettre": "1"})
    approved_by(Proposition.objects.get())
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
    fiche = approved(client, typed)
    assert (fiche.etat, fiche.cible, fiche.confondu_avec) == (Etat.PUBLIEE, secteur, ["justice"])
    assert fiche.contenu[0]["role"] == "definition"
    html = client.get(reverse(CHANGE, args=[fiche.pk])).content.decode()
    assert 'name="definition"' in html


def test_an_answer_fiche_does_not_show_the_fields_of_escalation(client, login, typed):
    login(Role.REDACTEUR)
    create(client, typed)
    html = client.get(reverse(CHANGE, args=[Fiche.objects.get().pk])).content.decode()
    assert 'name="definition"' not in html


def test_what_identifies_somebody_stays_out_of_the_reason(client, login, typed):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    refused = written(client, fiche, titre="Autre", motif="Rappeler Mme Durand au 06 12 34 56 78")
    proposition = Proposition.objects.in_writing().get()
    assert proposition.motif == ""
    assert "Durand" not in str(proposition.saisie)
    assert "06 12" not in str(proposition.saisie)
    assert "rien qui désigne quelqu" in client.get(refused.url).content.decode()


def test_what_gave_birth_to_it_is_beside_the_form(client, login, typed):
    agent = login(Role.REDACTEUR)
    fiche = approved(client, typed)
    propose.open_proposition(
        fiche, by=agent, origine="lacune", contexte={"questions": ["pacs à l'étranger"]}
    )
    html = client.get(reverse(CHANGE, args=[fiche.pk])).content.decode()
    assert "pacs à l&#x27;étranger" in html
    assert "une lacune" in html


def test_an_office_is_chosen_by_its_name(client, login, typed):
    login(Role.REDACTEUR)
    typed |= {"organismes_0": "Chambre des notaires", "organismes_1": "mairie"}
    assert approved(client, typed).organismes == ["chambre_notaires", "mairie"]
    fiche = Fiche.objects.get()
    refused = written(client, fiche, organismes_0="Le bureau d'en face")
    assert "n&#x27;est pas un organisme de la liste" in client.get(refused.url).content.decode()


def test_the_page_costs_the_same_queries_whatever_it_shows(client, login, typed, make_agent):
    login(Role.REDACTEUR)
    fiche = approved(client, typed)
    written(client, fiche, titre="Le mien")
    url = reverse(CHANGE, args=[fiche.pk])
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    question = fiche.parcours["questions"][0]
    fiche.parcours["questions"] = [question | {"code": f"q{rank}"} for rank in range(20)]
    fiche.parcours["issues"] = [{"titre": f"cas {rank}", "si": {}} for rank in range(20)]
    fiche.save()
    for rank in range(20):
        other = make_agent("redacteur", username=f"autre{rank}")
        edit = propose.open_proposition(fiche, by=other)
        edit.champs, edit.base = {"delai": ["Un mois"]}, {"delai": []}
        edit.etat = "a_relire"
        edit.save()
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many)


def test_the_list_is_filtered_and_searched(client, login, typed, theme):
    login(Role.REDACTEUR)
    approved(client, typed)
    url = reverse("admin:knowledge_fiche_changelist")
    for query in ({"q": "union"}, {"theme": theme.pk}, {"nature": "reponse", "etat": "publiee"}):
        assert "Conclure un Pacs" in client.get(url, query).content.decode()
    assert "Conclure un Pacs" not in client.get(url, {"q": "carte grise"}).content.decode()


def test_a_list_has_its_own_name_and_says_when_it_is_empty(client, login, typed):
    login(Role.REDACTEUR)
    approved(client, typed)
    url = reverse("admin:knowledge_fiche_changelist")
    html = client.get(url).content.decode()
    assert "Écrire une fiche" in html
    assert "Rien " not in html
    assert "Rien avec ces filtres." in client.get(url, {"q": "carte grise"}).content.decode()
    html = client.get(reverse("admin:knowledge_blocpartage_changelist")).content.decode()
    assert "<h1>Blocs partagés</h1>" in html
    assert "Rien pour l'instant." in html
    assert "Sélectionnez" not in html


def test_the_list_costs_the_same_queries_for_one_and_twenty_fiches(
    client, login, typed, django_assert_max_num_queries
):
    login(Role.REDACTEUR)
    approved(client, typed)
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
