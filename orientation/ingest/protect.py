"""Hand corrections under an import: the column keeps our value, the correction the source's.

Works on the staged rows (`organismes_lus`), before they go to the table.
"""

from __future__ import annotations

import json
from typing import Any

from orientation.clean import same_value
from orientation.enums import ChampOrganisme, EtatCorrection
from orientation.ingest.report import Named, Rapport

# Columns that a correction of one column holds.
_COLUMNS = {champ: (champ,) for champ in ChampOrganisme.values} | {
    ChampOrganisme.ADRESSE.value: ("adresse", "code_postal", "commune_nom")
}
_SOURCE = "CASE c.champ {} END".format(
    " ".join(f"WHEN '{champ}' THEN to_jsonb(l.{champ})" for champ in ChampOrganisme.values)
)
_OURS = ", ".join(
    f"{column} = CASE WHEN '{champ}' = ANY(c.champs) THEN o.{column} ELSE l.{column} END"
    for champ, columns in _COLUMNS.items()
    for column in columns
)


def protect(cursor: Any, report: Rapport, *, write: bool) -> None:
    """Confront the corrections in force with the staged rows of their bodies; tells the report.

    Three statements, however many corrections. With ``write`` the rows of the bodies are to be
    locked beforehand: a correction made meanwhile waits.
    """
    cursor.execute(
        f"SELECT c.id, c.champ, c.valeur, c.valeur_source, {_SOURCE}, l.id, l.nom "  # noqa: S608
        "FROM orientation_correction c JOIN organismes_lus l ON l.id = c.organisme_id "
        "WHERE c.etat = %s ORDER BY l.nom, c.id",
        [EtatCorrection.EN_VIGUEUR],
    )
    ids, sources, same, moved = [], [], [], []
    for pk, champ, *texts, body, nom in cursor.fetchall():
        ours, before, now = map(json.loads, texts)
        named: Named = (str(body), f"{nom}, {ChampOrganisme(champ).label}")
        ids.append(pk)
        sources.append(texts[2])
        same.append(same_value(champ, ours, now))
        moved.append(not same_value(champ, before, now))
        if same[-1]:
            report.released.append(named)
            continue
        report.kept += 1
        if moved[-1]:
            report.to_review.append(named)
    if ids and write:
        _follow(cursor, ids, sources, same, moved)


def _follow(
    cursor: Any, ids: list[int], sources: list[str], same: list[bool], moved: list[bool]
) -> None:
    cursor.execute(
        "UPDATE orientation_correction c SET valeur_source = v.source::jsonb, "
        "etat = CASE WHEN v.same THEN %s ELSE c.etat END, "
        "finie_le = CASE WHEN v.same THEN now() END, "
        "source_changee_le = CASE WHEN v.moved AND NOT v.same THEN now() "
        "ELSE c.source_changee_le END "
        "FROM unnest(%s::bigint[], %s::text[], %s::boolean[], %s::boolean[]) "
        "AS v (id, source, same, moved) WHERE c.id = v.id",
        [EtatCorrection.RATTRAPEE, ids, sources, same, moved],
    )
    # In force, the column of the table is ours, whatever its shape.
    cursor.execute(
        f"UPDATE organismes_lus l SET {_OURS} FROM orientation_organisme o "  # noqa: S608
        "JOIN (SELECT organisme_id, array_agg(champ::text) AS champs FROM orientation_correction "
        "WHERE etat = %s GROUP BY 1) c ON c.organisme_id = o.id WHERE o.id = l.id",
        [EtatCorrection.EN_VIGUEUR],
    )
