"""What changed in the fiches an agent uses is told where they are used."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from calls import notice, propose, record
from calls.models import Consultation
from knowledge.enums import Importance
from knowledge.models import AccuseLecture, Fiche, Parution

HTMX = {"headers": {"HX-Request": "true"}}
MARK = "Changée depuis votre dernière lecture"


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def republish(fiche, *, importance=Importance.PRECISION, a_dire="À dire autrement."):
    """As `publish` does, for the small fiches of these tests, which no rédacteur would publish."""
    fiche = Fiche.objects.get(pk=fiche.pk)
    fiche.a_dire, fiche.publiee_le = a_dire, timezone.now()
    fiche.version += 1
    fiche.save()
    Parution.objects.create(
        fiche=fiche,
        version=fiche.version,
        importance=importance,
        raison="Nouveau délai",
        parue_le=fiche.publiee_le,
    )
    return fiche


@pytest.fixture
def used(appel, fiche_reponse):
    """The fiche was used for the first question of the call; a second question waits."""
    record.open_fiche(record.current_question(appel), fiche=fiche_reponse)
    record.begin_question(appel)
    return fiche_reponse


def test_a_fiche_that_changed_since_it_was_used_is_told(appel, used):
    republish(used)

    [told] = notice.changed_fiches(appel.agent)

    assert told.fiche == used
    assert notice.told(told, at=timezone.now()) == "Précision aujourd'hui\u00a0: Nouveau délai"
    assert notice.changed_references(appel.agent) == {"A39-0001"}


def test_a_typing_error_put_right_is_no_news(appel, used):
    republish(used, importance=Importance.COQUILLE)
    assert notice.changed_fiches(appel.agent) == []


def test_a_fiche_used_again_is_no_news_any_more(appel, used):
    fiche = republish(used)
    assert notice.changed_references(appel.agent) == {"A39-0001"}

    record.open_fiche(record.current_question(appel), fiche=fiche)

    assert notice.changed_references(appel.agent) == set()


def test_a_fiche_used_more_than_seven_days_ago_is_no_news(appel, used):
    Consultation.objects.update(
        ouverte_le=timezone.now() - timedelta(days=8), lue_le=timezone.now()
    )
    republish(used)
    assert notice.changed_fiches(appel.agent) == []


def test_what_a_colleague_used_is_not_told(appel, used, make_agent):
    republish(used)
    assert notice.changed_fiches(make_agent(username="collegue")) == []


def test_the_head_of_the_fiche_says_it_when_it_is_opened_again(client, appel, used):
    republish(used)

    html = client.post(reverse("console-fiche", args=["A39-0001"]), **HTMX).content.decode()

    assert MARK in html
    assert "La réponse a changé" not in html


def test_a_fiche_opened_for_the_first_time_does_not(client, appel, fiche_reponse):
    republish(fiche_reponse)
    html = client.post(reverse("console-fiche", args=["A39-0001"]), **HTMX).content.decode()
    assert MARK not in html


def test_the_lines_of_a_search_are_marked(client, appel, used):
    fiche = republish(used)
    changed = notice.changed_references(appel.agent)
    lines = propose._number(
        (("x", "", "", "console-fiche", [propose._line(fiche.reference, "t", "reponse", 0)]),),
        default=None,
        changed=changed,
    )
    assert lines[0].lignes[0].changee


def test_before_typing_three_groups_come_each_fiche_once(client, appel, used, make_fiche):
    others = [make_fiche(f"A39-01{rank:02}") for rank in range(8)]
    for fiche in others:
        record.open_fiche(record.current_question(appel), fiche=fiche)
    Consultation.objects.filter(fiche=used).update(ouverte_le=timezone.now() - timedelta(days=2))
    republish(used, importance=Importance.CHANGEMENT)

    groups = propose.propose_recent(appel.agent).groupes

    assert [group.titre for group in groups] == [
        "Les plus lues depuis une heure",
        "Mes dernières fiches",
        "Changées depuis ma lecture",
    ]
    assert [len(group.lignes) for group in groups] == [4, 3, 1]
    lines = [ligne for group in groups for ligne in group.lignes]
    assert [ligne.touche for ligne in lines] == list("12345678")
    assert len({ligne.trouvaille.cle for ligne in lines}) == 8
    assert lines[-1].trouvaille.complement.startswith("Changement de réponse aujourd'hui")


def test_the_groups_ask_as_many_queries_for_one_fiche_as_for_twenty(
    appel, make_fiche, django_assert_num_queries
):
    for start, count in ((200, 1), (300, 20)):
        for rank in range(start, start + count):
            fiche = make_fiche(f"A39-0{rank}")
            record.open_fiche(record.current_question(appel), fiche=fiche)
            republish(fiche)
        with django_assert_num_queries(6):
            propose.propose_recent(appel.agent)


def test_a_letter_typed_asks_the_cache_and_not_the_database(appel, used, django_assert_num_queries):
    republish(used)
    notice.changed_references(appel.agent)
    with django_assert_num_queries(0):
        assert notice.changed_references(appel.agent) == {"A39-0001"}


@pytest.fixture
def changed(used):
    """Its answer changed since it was last used."""
    return republish(used, importance=Importance.CHANGEMENT)


def test_a_change_of_answer_opens_as_a_diff_above_the_fiche(client, appel, changed):
    html = client.post(reverse("console-fiche", args=["A39-0001"]), **HTMX).content.decode()

    assert "La réponse a changé" in html
    assert "Nouveau délai" in html
    assert "<del>" in html
    assert "<ins>" in html
    assert 'data-a39-touche="l"' in html
    assert "Gardé ou vendu" in html  # the fiche is there, its digits work


def test_digits_work_without_having_read_it(client, appel, changed):
    client.post(reverse("console-fiche", args=["A39-0001"]), **HTMX)

    html = client.post(reverse("console-choix"), {"choix": "1"}, **HTMX).content.decode()

    assert "Un mois." in html
    assert "La réponse a changé" in html
    assert not AccuseLecture.objects.exists()


def test_one_key_says_that_it_was_read_and_it_does_not_come_back(client, appel, changed):
    client.post(reverse("console-fiche", args=["A39-0001"]), **HTMX)

    html = client.post(reverse("console-lu"), {"version": changed.version}, **HTMX).content.decode()

    assert "La réponse a changé" not in html
    assert "Gardé ou vendu" in html
    accuse = AccuseLecture.objects.get()
    assert (accuse.agent, accuse.parution.version) == (appel.agent, 2)
    assert "La réponse a changé" not in client.get(reverse("console")).content.decode()


@pytest.mark.parametrize("typed", [{}, {"version": "x"}, {"version": "9" * 30}])
def test_a_version_that_is_none_is_refused(client, appel, changed, typed):
    client.post(reverse("console-fiche", args=["A39-0001"]), **HTMX)
    assert client.post(reverse("console-lu"), typed, **HTMX).status_code == 409


def test_outside_a_fiche_there_is_nothing_to_have_read(client, appel):
    assert client.post(reverse("console-lu"), {"version": 1}, **HTMX).status_code == 409


def test_an_informateur_has_not_this_key(client, login):
    login("informateur")
    assert client.post(reverse("console-lu"), {"version": 1}, **HTMX).status_code == 403


def test_the_page_of_the_fiche_tells_it_too(client, appel, changed):
    html = client.get(reverse("fiche", args=["A39-0001"])).content.decode()
    assert "La réponse a changé" in html

    address = reverse("fiche-lu", args=["A39-0001"])
    response = client.post(
        address,
        {"version": changed.version},
        headers={
            "HX-Request": "true",
            "HX-Current-URL": "http://testserver/fiches/A39-0001/?chemin=1",
        },
    )

    assert response["HX-Redirect"] == "/fiches/A39-0001/?chemin=1"
    html = client.get(reverse("fiche", args=["A39-0001"])).content.decode()
    assert "La réponse a changé" not in html
