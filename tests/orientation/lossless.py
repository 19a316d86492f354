"""Whether a row says all that a record says, and nothing of its officials."""

import json
import re

from orientation.translate import Row
from orientation.translate.leftover import leaves

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def opened(value):
    """A record as the dump writes it: the API's JSON strings opened."""
    if isinstance(value, str) and value[:1] in ("[", "{") and value:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def personal(record):
    """Texts of the officials of a record, but for the functions that they hold."""
    found = set()
    for item in opened(record.get("affectation_personne")) or []:
        found |= set(leaves({key: each for key, each in item.items() if key != "fonction"}))
    return found


def expected(record):
    """Every other text of the record: pairs of its key and the text."""
    for key, value in record.items():
        value = opened(value)
        if key == "affectation_personne":
            value = [item["fonction"] for item in value or [] if item.get("fonction")]
        for leaf in leaves(value):
            yield key, leaf


def said(row: Row):
    """Every text of a row, columns and details."""
    found = set()
    for name, value in row._asdict().items():
        if name in ("adresse", "telephones", "plages", "details"):
            found |= set(leaves(json.loads(value)))
        elif name in ("types", "courriels", "formulaires", "sites"):
            found |= {re.sub(r"\\(.)", r"\1", each) for each in _QUOTED.findall(value)}
        elif value is not None:
            found.add(str(value))
    return found


def missing(record, row):
    """What the record says and the row does not."""
    found = said(row)
    days = {DAYS[each["jour"]] for each in json.loads(row.plages)}
    plages = {each[name] for each in json.loads(row.plages) for name in ("debut", "fin")}
    everything = "\x1e".join(found)
    return [
        (key, leaf)
        for key, leaf in expected(record)
        if leaf not in found
        and leaf not in everything
        and leaf.lower() not in days
        and not (leaf.endswith(":00") and leaf[:5] in plages)
        and not _same_number(leaf, (row.latitude, row.longitude))
        and not (key == "id" and leaf.lower().replace("-", "") == row.id.replace("-", ""))
        and not (key == "adresse" and leaf in ("Adresse", "Adresse postale"))
        and not (key == "adresse" and leaf.replace(" ", "") in everything)
        and not (key == "statut_de_diffusion" and leaf.lower() == "true")
        and not (key == "date_modification" and row.source_modifiee_le)
    ]


def _same_number(leaf, numbers):
    try:
        return float(leaf) in numbers
    except ValueError:
        return False
