import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from allo3939.accounts.models import Secteur
from allo3939.shared.readonly import WriteInGetError, read_only


@read_only
def look(request):
    return HttpResponse(str(Secteur.objects.count()))


@read_only
def write(request):
    Secteur.objects.create(slug="nouveau", nom="Nouveau", numero_transfert="01")
    return HttpResponse()


def test_a_view_that_only_reads_answers(rf: RequestFactory, secteur):
    assert look(rf.get("/")).content == b"1"


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_write_on_get_fails_and_names_the_view(rf, db, method):
    with pytest.raises(WriteInGetError, match="write writes to the database on GET"):
        write(getattr(rf, method)("/"))
    assert not Secteur.objects.exists()


def test_a_post_may_write(rf, db):
    write(rf.post("/"))
    assert Secteur.objects.get().slug == "nouveau"


def test_writing_is_possible_again_after_the_view(rf, secteur):
    look(rf.get("/"))
    secteur.nom = "Autre"
    secteur.save()


def test_an_error_of_the_view_itself_comes_through(rf, db):
    @read_only
    def fail(request):
        raise LookupError

    with pytest.raises(LookupError):
        fail(rf.get("/"))
