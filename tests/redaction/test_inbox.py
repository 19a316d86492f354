"""The rédacteur's inbox: what waits, ranked by the calls at stake; dealt with, and taken back."""

import re
import uuid
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from allo3939.redaction import inbox
from allo3939.redaction.inbox import Genre, around, blocks, fiches
from allo3939.shared.models import Importation
from calls import feedback, record
from calls.models import Consultation, Demande
from knowledge import misses
from knowledge.models import (
    BlocPartage,
    Conflit,
    Epingle,
    Fiche,
    Lacune,
    Proposition,
    RechercheManquee,
    UsageFiche,
    ValeurBloc,
)
from orientation.models import Organisme, Signalement, TypeService

URL = "/administration/boite/"
ACT = "/administration/boite/agir/"
UNDO = "/administration/boite/annuler/"
TODAY = timezone.localdate
pytestmark = pytest.mark.django_db


def forget():
    """Forget what earlier tests put aside."""
    days = [TODAY() - timedelta(days=number) for number in range(100)]
    name = connection.settings_dict["NAME"]
    cache.delete_many([feedback._key(day) for day in days])
    cache.delete_many([f"donnees:{name}:{day}" for day in days])


@pytest.fixture(autouse=True)
def forgotten(db):
    forget()


@pytest.fixture
def me(login):
    return login("redacteur", site="Paris")


@pytest.fixture
def colleague(make_agent):
    return make_agent("redacteur", username="collegue", poste="Poste 2", site="Paris")


@pytest.fixture
def make(db):
    """A published fiche, opened in so many calls."""
    numbers = iter(range(1, 10_000))

    def create(titre="Fiche", *, calls=0, **fields):
        fiche = Fiche.objects.create(
            **{
                "reference": f"A39-{next(numbers):04}",
                "titre": titre,
                "nature": "reponse",
                "origine": "allo3939",
                "etat": "publiee",
                "publiee_le": timezone.now() - timedelta(days=30),
                "verifiee_le": TODAY() - timedelta(days=400),
            }
            | fields
        )
        if calls:
            UsageFiche.objects.create(fiche=fiche, jour=TODAY(), consultations=calls)
        return fiche

    return create


@pytest.fixture
def proposes():
    """A proposition in a state."""

    def create(agent, fiche, etat="a_relire", **fields):
        agreed = {"approuvee_par": "Juriste"} if etat in ("approuvee", "programmee") else {}
        return Proposition.objects.create(
            fiche=fiche, auteur=agent, etat=etat, motif="Loi de finances", **agreed | fields
        )

    return create


@pytest.fixture
def conflicts():
    """Open a conflict on a fiche."""

    def create(fiche):
        importation = Importation.objects.create(
            genre="fiches", producteur="DILA", fichier="essai.zip", commencee_le=timezone.now()
        )
        return Conflit.objects.create(
            fiche=fiche, importation=importation, surcharge=["note"], changements=["Le titre"]
        )

    return create


@pytest.fixture
def missed(make_agent):
    """A search without result, so many times."""

    def create(texte, times=1):
        return RechercheManquee.objects.bulk_create(
            RechercheManquee(
                texte=texte, genre="sans_resultat", cle=misses.follow.key_of(texte),
                le=timezone.now(),
            )
            for _ in range(times)
        )  # fmt: skip

    return create


@pytest.fixture
def complains(make_agent):
    """A question closed because a fiche did not do."""
    numbers = iter(range(1000))

    def create(fiche, reason="", **fields):
        appel = record.pick_up(make_agent(username=f"tele{next(numbers)}"))
        demande = record.current_question(appel)
        Consultation.objects.create(
            demande=demande, fiche=fiche, version=fiche.version,
            ouverte_le=timezone.now(), lue_le=timezone.now(),
        )  # fmt: skip
        closed = {"issue": "FI", "precision": reason, "termine_le": timezone.now()}
        Demande.objects.filter(pk=demande.pk).update(**(closed | fields))
        return demande

    return create


@pytest.fixture
def reported(make_agent):
    """A body that an agent reports."""

    def create(nom="Mairie - Le Mans", kind="mairie"):
        organisme = Organisme.objects.create(id=uuid.uuid4(), nom=nom, types=[kind])
        reporter = make_agent(username=f"agent-{uuid.uuid4()}")
        return Signalement.objects.create(organisme=organisme, objet="telephone", auteur=reporter)

    return create


@pytest.fixture
def values():
    """A shared block and its values: (text, first day, last day or None, who approved or None)."""

    def create(by, *rows, code="timbre"):
        bloc = BlocPartage.objects.create(code=code, titre=f"Le {code}", genre="montant")
        for texte, du, au, approver in rows:
            ValeurBloc.objects.create(
                bloc=bloc, texte=texte, du=du, au=au, source="CGI", auteur=by,
                approuvee_par=approver, approuvee_le=timezone.now() if approver else None,
            )  # fmt: skip
        return bloc

    return create


def fallen_pin(mots, fiche):
    return Epingle.objects.create(
        mots=mots, fiche=fiche, rang_constate=4, verifiee_le=timezone.now()
    )


def seen(agent) -> list[tuple[str, str, int]]:
    boite = inbox.open_inbox(agent, on=TODAY()).narrow()
    return [(each.genre.value, each.titre, each.appels) for each in boite.affaires]


def keys(agent, *genres) -> list[str]:
    boite = inbox.open_inbox(agent, on=TODAY())
    return [each.cle for each in boite.affaires if each.genre in genres]


def page(client, query="") -> str:
    response = client.get(URL + query)
    assert response.status_code == 200
    return unescape(response.content.decode())


# --- What waits -----------------------------------------------------------------------------------


def test_all_that_waits_stands_in_one_list_the_most_calls_at_stake_first(
    client, me, colleague, make, proposes, conflicts, missed, complains, reported
):
    proposes(colleague, make("Passeport", calls=50))
    conflicts(make("Carte grise", calls=80, origine="service_public", note="note"))
    complains(make("Permis", calls=120))
    make("Divorce", calls=20, a_revoir_le=TODAY())
    missed("trottinette électrique", times=3)
    fallen_pin("pacs", make("Pacs", calls=10))
    reported()
    blocked = {"effet_le": TODAY(), "blocage": "Il manque une source."}
    proposes(colleague, make("Impôt", calls=60), "programmee", **blocked)

    assert [(genre, calls) for genre, _, calls in seen(me)] == [
        ("retour", 120),
        ("conflit", 80),
        ("empechee", 60),
        ("a-relire", 50),
        ("revue", 20),
        ("epingle", 10),
        ("manque", 3),
        ("signalement", 0),
    ]
    shown = re.findall(r'<span class="enjeu"><b>(\d+)', page(client))
    assert shown == ["120", "80", "60", "50", "20", "10", "3", "0"]


@pytest.mark.parametrize(
    "role", ["teleconseiller", "informateur", "partenaire", "superviseur", "administrateur"]
)
def test_only_a_redacteur_has_an_inbox(client, login, role):
    login(role)
    answers = [client.get(URL), client.post(ACT), client.post(UNDO)]
    assert [answer.status_code for answer in answers] == [403] * 3


def test_the_administration_of_a_redacteur_begins_with_it(client, me):
    assert client.get("/administration/").url == URL


def test_the_administration_of_others_begins_with_its_models(client, login):
    login("administrateur")
    assert "Rédaction et administration" in page_of(client, "/administration/")


def page_of(client, url) -> str:
    return client.get(url).content.decode()


def test_the_same_queries_for_one_of_each_and_for_twenty(
    client, me, colleague, make, proposes, conflicts, missed, complains, reported, values,
    django_assert_max_num_queries,
):  # fmt: skip
    def add(number):
        proposes(colleague, make(f"Titre {number}", calls=5))
        conflicts(make(f"Source {number}", origine="service_public", note="note"))
        complains(make(f"Plainte {number}"), "trop court")
        make(f"Revue {number}", a_revoir_le=TODAY())
        missed(f"recherche{number * 'x'}")
        fallen_pin(f"mot{number * 'y'}", make(f"Épingle {number}"))
        reported(f"Mairie {number}")
        values(colleague, ("86 €", TODAY(), None, None), code=f"bloc-{number}")

    add(1)
    client.get(URL)
    with django_assert_max_num_queries(40) as few:
        client.get(URL)
        count = len(few)
    for number in range(2, 21):
        add(number)
    client.get(URL)  # the bodies not counted yet
    with django_assert_max_num_queries(count):
        client.get(URL)


def test_what_is_composed_once_gives_the_rows_that_the_orm_gives(
    me, colleague, make, proposes, conflicts, reported, values, secteur
):
    TypeService.objects.create(code="mairie", libelle="Mairie", secteur=secteur)
    for number in (1, 2):
        proposes(colleague, make(f"Titre {number}", secteur=secteur), "a_corriger")
        conflicts(make(f"Source {number}", origine="service_public", note="note"))
        make(f"Revue {number}", a_revoir_le=TODAY())
        fallen_pin(f"mot {number}", make(f"Épingle {number}"))
        reported(f"Mairie {number}")
        values(colleague, ("86 €", TODAY(), None, me), code=f"bloc-{number}")
    keys = list(Fiche.objects.values_list("pk", flat=True))
    asked = {
        fiches._PENDING: (),
        fiches._CONFLICTS: (),
        fiches._TOLD: (keys,),
        fiches._DUE: (TODAY(),),
        fiches._FAILING: (),
        around._REPORTS: (),
        around._KINDS: (),
        blocks._BLOCKS: (),
    }
    for composed, given in asked.items():
        found, expected = composed.ask(*given), list(composed._make(*given))
        assert sorted(map(repr, found)) == sorted(map(repr, expected))
        assert found


def test_without_anything_the_inbox_is_empty_and_says_what_comes_next(client, me, make):
    make("Divorce", a_revoir_le=TODAY() + timedelta(days=3))
    html = page(client)
    assert "Tout est réglé." in html
    assert "Prochaines revues\u00a0: " in html


def test_what_is_programmed_stands_apart_and_keeps_nobody_from_zero(
    client, me, colleague, make, proposes
):
    proposes(colleague, make("Impôt"), "programmee", effet_le=TODAY() + timedelta(days=2))
    proposes(colleague, make("Loyer"), "programmee", effet_le=TODAY() + timedelta(days=40))
    html = page(client)
    assert "Tout est réglé." in html
    assert "Impôt" in html
    assert "Loyer" not in html


# --- Shared blocks --------------------------------------------------------------------------------


def test_a_value_waits_for_somebody_elses_approval_with_the_calls_of_its_fiches(
    client, me, colleague, make, values
):
    now, soon = TODAY() - timedelta(days=400), TODAY() + timedelta(days=30)
    bloc = values(colleague, ("86 €", now, None, me), ("92 €", soon, None, None))
    for titre, calls in (("Passeport", 40), ("Titre de séjour", 15)):
        make(titre, calls=calls, blocs=["timbre"])

    assert seen(me) == [("a-relire", "Bloc «\u00a0Le timbre\u00a0»", 55)]
    assert seen(colleague) == []
    html = page(client)
    assert "Valeur à approuver\u00a0: «\u00a092 €\u00a0»" in html
    assert reverse("admin:knowledge_blocpartage_change", args=[bloc.pk]) in html


@pytest.mark.parametrize(
    ("periods", "told"),
    [
        ([], "Sans valeur aujourd'hui"),
        ([(-400, -1)], "Sans valeur aujourd'hui"),
        ([(-400, 5)], "Sans valeur après le"),
        ([(-400, 5), (6, None)], ""),
        ([(-400, 5), (8, None)], "Sans valeur après le"),
        ([(-400, None), (-10, 3)], "Sans valeur après le"),
        ([(-400, 90)], ""),
        ([(5, None)], "Sans valeur aujourd'hui"),
    ],
)
def test_a_block_whose_value_ends_with_none_to_follow_is_told_in_time(
    client, me, colleague, make, values, periods, told
):
    def day(number):
        return None if number is None else TODAY() + timedelta(days=number)

    values(colleague, *(("86 €", day(first), day(last), me) for first, last in periods))
    make("Passeport", calls=40, blocs=["timbre"])

    assert seen(me) == ([("revue", "Bloc «\u00a0Le timbre\u00a0»", 40)] if told else [])
    assert told in page(client)


def test_a_block_that_no_fiche_names_asks_for_nothing(me, colleague, values):
    values(colleague)
    assert seen(me) == []


# --- Whose it is ----------------------------------------------------------------------------------


def test_what_i_submitted_waits_for_a_colleague(me, make, proposes):
    proposes(me, make("Passeport"))
    assert seen(me) == []
    others = inbox.open_inbox(me, on=TODAY()).narrow(pour="autre")
    assert [each.titre for each in others.affaires] == ["Passeport"]


def test_what_was_sent_back_to_me_is_mine_and_opens_my_form(client, me, make, proposes):
    fiche = make("Passeport")
    proposes(me, fiche, "a_corriger")
    assert seen(me) == [("a-reprendre", "Passeport", 0)]
    assert reverse("admin:knowledge_fiche_change", args=[fiche.pk]) in page(client, "?pour=moi")


def test_what_a_jurist_agreed_to_waits_for_a_hand(me, make, proposes):
    proposes(me, make("Passeport"), "approuvee")
    assert seen(me) == [("a-relire", "Passeport", 0)]


def test_a_fiche_being_changed_is_not_told_again_as_a_report_or_a_review(
    me, colleague, make, proposes, complains
):
    fiche = make("Passeport", a_revoir_le=TODAY())
    complains(fiche)
    proposes(colleague, fiche, "brouillon")
    assert seen(me) == []


def test_the_brief_of_a_colleague_is_with_the_colleague(me, colleague, missed):
    missed("trottinette")
    misses.take(misses.group()[0], by=colleague)
    assert seen(me) == []
    misses.assign(Lacune.objects.get(), to=me)
    assert seen(me) == [("manque", "Trottinette", 1)]


# --- What agents said -----------------------------------------------------------------------------


def test_a_report_tells_the_agents_reason(client, me, make, complains):
    complains(make("Permis"), "rien sur les permis étrangers")
    complains(Fiche.objects.get(), issue="RE", fiche_utile=False)
    html = page(client)
    assert (
        "2 fois insuffisante ou inutile\u00a0: «\u00a0rien sur les permis étrangers\u00a0»" in html
    )


def test_a_new_version_answers_the_reports_before_it(me, make, complains):
    fiche = make("Permis")
    complains(fiche)
    Fiche.objects.update(publiee_le=timezone.now())
    assert seen(me) == []
    complains(fiche)
    assert seen(me) == [("retour", "Permis", 0)]


def test_a_group_of_reports_on_one_fiche_is_told_once(me, make, complains):
    fiche = make("Permis")
    complains(fiche, "rien sur les mineurs")
    misses.closed(
        texte="permis mineur", precision="", genre="insuffisante", fiche=fiche,
        agent=Demande.objects.get().appel.agent_id,
    )  # fmt: skip
    assert [genre for genre, *_ in seen(me)] == ["retour"]


def test_reports_on_one_body_are_one_line_of_the_sector_that_keeps_it(me, reported, secteur):
    TypeService.objects.create(code="tj", libelle="Tribunal", secteur=secteur)
    first = reported("Tribunal", "tj")
    Signalement.objects.create(organisme=first.organisme, objet="horaires", auteur=first.auteur)
    [affaire] = inbox.open_inbox(me, on=TODAY()).affaires
    assert affaire.dit.startswith("2 signalements")
    assert affaire.secteur == "justice"


# --- Narrowed -------------------------------------------------------------------------------------


def test_the_list_is_narrowed_by_kind_and_sector(client, me, colleague, make, proposes, secteur):
    proposes(colleague, make("Passeport", secteur=secteur))
    make("Divorce", a_revoir_le=TODAY())

    assert titles(page(client, "?genre=revue")) == ["Divorce"]
    assert titles(page(client, "?secteur=justice")) == ["Passeport"]
    assert titles(page(client, "?secteur=niveau-1")) == ["Divorce"]
    assert "Rien avec ces filtres." in page(client, "?genre=epingle")
    assert titles(page(client, "?genre=inconnu&secteur=x&pour=y")) == ["Passeport", "Divorce"]


def titles(html) -> list[str]:
    return re.findall(r"data-a39-affaire>([^<]+)<", html)


def test_the_kinds_tell_how_many_in_the_order_of_their_digits(client, me, make):
    make("Divorce", a_revoir_le=TODAY())
    html = page(client)
    digits = re.findall(r'data-a39-chiffre="(\d)".*?</kbd> ([^<]+) <b>(\d+)</b>', html)
    assert digits[0] == ("0", "Tout", "1")
    assert digits[-1] == ("9", "Revues dues", "1")
    assert len(digits) == 10


def test_a_long_list_has_pages(client, me, make):
    for number in range(51):
        make(f"Revue {number}", a_revoir_le=TODAY())
    assert "Page 2 sur 2" in page(client, "?page=2")


# --- Dealt with at once ---------------------------------------------------------------------------


def test_several_fiches_are_verified_at_once_and_taken_back(client, me, make, complains):
    first = make("Divorce", a_revoir_le=TODAY())
    second = make("Permis")
    complains(second)
    before = first.verifiee_le

    chosen = {"geste": "verifier", "cle": keys(me, Genre.REVUE, Genre.RETOUR)}
    response = client.post(ACT, chosen, follow=True)

    assert "Vérifiée aujourd'hui\u00a0: 2." in unescape(response.content.decode())
    assert seen(me) == []
    first.refresh_from_db()
    assert first.verifiee_le == TODAY()

    client.post(UNDO)

    first.refresh_from_db()
    assert (first.verifiee_le, first.a_revoir_le) == (before, TODAY())
    assert {titre for _, titre, _ in seen(me)} == {"Divorce", "Permis"}


def test_several_overlays_are_kept_as_they_are_and_taken_back(client, me, make, conflicts):
    for number in range(3):
        conflicts(make(f"Source {number}", origine="service_public", note="note"))

    client.post(ACT, {"geste": "garder", "cle": keys(me, Genre.CONFLIT)})
    assert set(Conflit.objects.values_list("decision", "regle_par")) == {("garder", me.pk)}

    client.post(UNDO)
    assert Conflit.objects.open().count() == 3


def test_misses_are_settled_and_taken_back(client, me, missed):
    missed("trottinette électrique", times=2)
    missed("bornes de recharge")

    client.post(ACT, {"geste": "traiter", "cle": keys(me, Genre.MANQUE)})
    assert seen(me) == []

    client.post(UNDO)
    assert [calls for *_, calls in seen(me)] == [2, 1]


def test_a_report_taken_is_a_proposition_of_mine_with_the_agents_words(client, me, make, complains):
    complains(make("Permis"), "rien sur les mineurs")

    client.post(ACT, {"geste": "prendre", "cle": keys(me, Genre.RETOUR)})

    proposition = Proposition.objects.get()
    assert (proposition.auteur, proposition.origine) == (me, "appel")
    assert proposition.contexte == {"precisions": ["rien sur les mineurs"]}
    assert seen(me) == [("a-reprendre", "Permis", 0)]

    client.post(UNDO)
    assert seen(me) == [("retour", "Permis", 0)]


def test_bodies_found_right_are_answered_at_once_and_taken_back(client, me, colleague, reported):
    first, second = reported("Mairie - Le Mans"), reported("Mairie - Coulaines")
    reported_again = Signalement.objects.create(
        organisme=first.organisme, objet="horaires", auteur=colleague
    )
    checked = timezone.now() - timedelta(days=90)
    Organisme.objects.filter(pk=first.organisme_id).update(
        verifie_le=checked, verifie_par=colleague
    )

    client.post(ACT, {"geste": "juste", "cle": keys(me, Genre.SIGNALEMENT)})

    assert seen(me) == []
    answered = Signalement.objects.filter(pk__in=[first.pk, second.pk, reported_again.pk])
    assert set(answered.values_list("etat", "traite_par")) == {("confirme", me.pk)}
    assert Organisme.objects.get(pk=first.organisme_id).verifie_par == me

    client.post(UNDO)

    assert len(seen(me)) == 2
    assert Signalement.objects.open().count() == 3
    body = Organisme.objects.get(pk=first.organisme_id)
    assert (body.verifie_le, body.verifie_par) == (checked, colleague)
    assert Organisme.objects.get(pk=second.organisme_id).verifie_le is None


def test_an_answer_changed_since_is_not_taken_back(client, me, colleague, reported):
    signalement = reported()
    client.post(ACT, {"geste": "juste", "cle": keys(me, Genre.SIGNALEMENT)})
    Signalement.objects.update(traite_par=colleague)

    response = client.post(UNDO, follow=True)

    assert "Une de ces réponses a changé depuis" in unescape(response.content.decode())
    signalement.refresh_from_db()
    assert signalement.etat == "confirme"


def test_a_group_taken_is_a_brief_of_mine_and_comes_back(client, me, missed):
    missed("trottinette")

    client.post(ACT, {"geste": "prendre", "cle": keys(me, Genre.MANQUE)})
    assert Lacune.objects.get().responsable == me

    client.post(UNDO)
    assert not Lacune.objects.exists()
    assert seen(me) == [("manque", "trottinette", 1)]


def test_a_brief_that_a_group_joined_is_not_thrown_away_with_it(client, me, missed):
    missed("trottinette")
    misses.take(misses.group()[0], by=me)
    RechercheManquee.objects.update(lacune=None)

    client.post(ACT, {"geste": "prendre", "cle": keys(me, Genre.MANQUE)})
    client.post(UNDO)

    assert Lacune.objects.count() == 1


def test_one_that_changed_meanwhile_is_told_and_stops_no_other(client, me, make):
    first, second = (make(titre, a_revoir_le=TODAY()) for titre in ("Divorce", "Permis"))
    chosen = keys(me, Genre.REVUE)
    Fiche.objects.filter(pk=first.pk).update(version=2)

    response = client.post(ACT, {"geste": "verifier", "cle": chosen}, follow=True)

    html = unescape(response.content.decode())
    assert f"{first.reference} a changé pendant votre lecture." in html
    assert "Vérifiée aujourd'hui\u00a0: 1." in html
    assert [titre for _, titre, _ in seen(me)] == ["Divorce"]
    second.refresh_from_db()
    assert second.verifiee_le == TODAY()


def test_what_somebody_else_settled_is_only_told(client, me, colleague, missed):
    missed("trottinette")
    chosen = keys(me, Genre.MANQUE)
    misses.take(misses.group()[0], by=colleague)
    RechercheManquee.objects.update(traitee_le=timezone.now())

    response = client.post(ACT, {"geste": "traiter", "cle": chosen}, follow=True)

    assert "Déjà réglé, ou en main\u00a0: 1." in unescape(response.content.decode())


def test_an_act_does_not_go_to_what_it_is_not_for(client, me, make, conflicts):
    conflicts(make("Source", origine="service_public", note="note"))
    response = client.post(ACT, {"geste": "verifier", "cle": keys(me, Genre.CONFLIT)}, follow=True)
    assert "Ne se règle pas ainsi\u00a0: 1." in unescape(response.content.decode())
    assert Conflit.objects.open().count() == 1


@pytest.mark.parametrize(
    "cle",
    ["", "revue", "revue|1", "revue|x|1", "revue|1|1|1", f"revue|{'9' * 30}|1", "manque|hier|a",
     "manque|2026-11-26|a", "conflit|0|0", "inconnu|1|1", "revue|bloc|1", "signalement|x",
     "signalement|0"],
)  # fmt: skip
@pytest.mark.parametrize("geste", ["verifier", "garder", "juste", "traiter", "prendre"])
def test_a_forged_key_does_nothing(client, me, geste, cle):
    assert client.post(ACT, {"geste": geste, "cle": cle}).status_code == 302


def test_an_unknown_act_is_refused(client, me):
    assert client.post(ACT, {"geste": "effacer", "cle": "revue|1|1"}).status_code == 400


def test_nothing_chosen_is_said(client, me):
    response = client.post(ACT, {"geste": "traiter"}, follow=True)
    assert "Rien n'était choisi." in unescape(response.content.decode())


def test_one_goes_back_to_the_list_as_it_was_and_nowhere_else(client, me):
    there = f"{URL}?genre=revue"
    assert client.post(ACT, {"geste": "traiter", "retour": there}).url == there
    for outside in ("https://exemple.fr/", "//exemple.fr/administration/boite/", "/console/"):
        assert client.post(ACT, {"geste": "traiter", "retour": outside}).url == URL


def test_what_was_done_is_offered_to_be_taken_back_for_ten_minutes(client, me, make):
    make("Divorce", a_revoir_le=TODAY())
    client.post(ACT, {"geste": "verifier", "cle": keys(me, Genre.REVUE)})
    assert UNDO in page(client)

    session = client.session
    session["boite"] |= {"le": (timezone.now() - timedelta(minutes=11)).isoformat()}
    session.save()
    assert UNDO not in page(client)


def test_nothing_is_taken_back_twice(client, me, make):
    make("Divorce", a_revoir_le=TODAY())
    client.post(ACT, {"geste": "verifier", "cle": keys(me, Genre.REVUE)})
    client.post(UNDO)
    response = client.post(UNDO, follow=True)
    assert "Il n'y a plus rien à annuler." in unescape(response.content.decode())


def test_a_fiche_published_since_its_verification_is_not_taken_back(client, me, make, secteur):
    fiche = make("Divorce", a_revoir_le=TODAY())
    client.post(ACT, {"geste": "verifier", "cle": keys(me, Genre.REVUE)})
    fiche.refresh_from_db()
    fiche.save()

    response = client.post(UNDO, follow=True)

    assert "a changé depuis" in unescape(response.content.decode())
    fiche.refresh_from_db()
    assert fiche.verifiee_le == TODAY()


# --- The list of fiches ---------------------------------------------------------------------------


def test_the_list_of_fiches_tells_use_review_and_what_is_pending(
    client, me, colleague, make, proposes
):
    fiche = make("Divorce", calls=12, a_revoir_le=date(2027, 3, 1))
    proposes(colleague, fiche, "brouillon")
    html = page_of(client, "/administration/knowledge/fiche/")
    assert '<td class="field-appels">12</td>' in html
    assert "01/03/2027" in html
    assert '<td class="field-en_cours">en cours</td>' in html


def test_the_list_of_fiches_is_ordered_by_use(client, me, make):
    make("Peu lue", calls=2)
    make("Très lue", calls=50)
    html = unescape(page_of(client, "/administration/knowledge/fiche/?o=-2"))
    assert html.index("Très lue") < html.index("Peu lue")


def test_a_fiche_opened_from_the_list_knows_how_it_was_filtered(client, me, make):
    fiche = make("Divorce", calls=2)
    address = reverse("admin:knowledge_fiche_change", args=[fiche.pk])
    plain = page_of(client, "/administration/knowledge/fiche/")
    assert plain.count(f'href="{address}"') == 2
    sorted_ = unescape(page_of(client, "/administration/knowledge/fiche/?o=-2"))
    assert sorted_.count(f'href="{address}?_changelist_filters=o%3D-2"') == 2


def test_the_list_of_fiches_asks_as_much_for_one_as_for_twenty(
    client, me, make, django_assert_num_queries
):
    url = "/administration/knowledge/fiche/"
    make("Première", calls=1)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
        count = len(few)
    for number in range(20):
        make(f"Fiche {number}", calls=number)
    with django_assert_num_queries(count):
        client.get(url)
