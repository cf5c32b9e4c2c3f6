"""Cases on record that may be the same problem as one about to be entered, as far as the actor sees them.

The rarest pairs of the new text are looked up in the index of pairs: few cases hold them, and a case that says the same
holds most of them. So it costs the same among a million cases. Whoever may not see a case is never told of it.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    literal,
    literal_column,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from app.ledgers.cases.likeness import FEWEST_PAIRS, GROUNDS, NEAR, OnRecord, Sketch, Told, ground_of, sketch
from app.ledgers.cases.models import Case
from app.ledgers.cases.searching import array_of, in_index
from app.ledgers.cases.texts import CaseText
from app.people import Actor, within

TOGETHER = 40  # texts compared by one round of queries
RARE = 100  # cases up to which a pair is rare
ASKED_PAIRS = 60  # pairs of one text of which is asked how common they are
FEWEST_KEYS, MOST_KEYS = 3, 14  # pairs of one text by which is looked for cases
LOOKED_AT, AT_PLACE = 250, 50
MOST_SHOWN = 5
GONE = ("rejected", "merged", "voided")
ORDER = list(GROUNDS)
COMMONNESS = {
    "postgresql": text(
        "WITH common AS MATERIALIZED (SELECT m.pair FROM pg_stats s "
        "JOIN pg_class c ON c.oid = to_regclass(quote_ident(s.schemaname) || '.' || quote_ident(s.tablename)), "
        "unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS m(pair, share) "
        "WHERE s.schemaname = current_schema() AND s.tablename = 'case_texts' AND s.attname = 'grams' "
        "AND m.pair IS NOT NULL AND m.share * c.reltuples > :rare) "
        # apart from its limit, for which the planner would rather read the whole table from its beginning
        "SELECT p.pair, (WITH hits AS MATERIALIZED (SELECT 1 FROM case_texts t WHERE t.grams @> ARRAY[p.pair]) "
        "SELECT count(*) FROM (SELECT 1 FROM hits LIMIT :rare + 1) AS few) FROM unnest(CAST(:pairs AS text[])) AS p(pair) "
        "WHERE p.pair NOT IN (SELECT pair FROM common)"
    ),
    "sqlite": text(
        "SELECT p.value, (SELECT count(*) FROM (SELECT 1 FROM case_texts_fts WHERE case_texts_fts "
        "MATCH '\"' || p.value || '\"' LIMIT :rare + 1)) FROM json_each(:pairs) AS p"
    ),
}


@dataclass(frozen=True, slots=True)
class Alike:
    """A case that may be the same problem. `why` is a key of GROUNDS, `share` how much of the words they share."""

    case_id: int
    number: str | None
    title: str
    state: str
    source_kind: str
    place: str
    why: str
    share: float


class Reach(NamedTuple):
    """How far a look goes: from which share words are near, to how many cases rare pairs may lead and how many of those
    are compared, whether by place too.
    """

    share: float
    cases: int
    compared: int
    by_place: bool


HINTS = Reach(NEAR, 120, 25, True)  # what a person may want to see
COPIES = Reach(0.75, 40, 6, False)  # what is held back for a person's word; offices repeat their phrases


class Found(NamedTuple):
    """A case that is compared: its row and its words."""

    row: Any
    read: OnRecord


def find_alike(
    session: Session,
    actor: Actor,
    authority_id: int,
    told: Iterable[Told],
    but: Collection[int] = (),
    reach: Reach = HINTS,
) -> Iterator[list[Alike]]:
    """Yield for each text the cases of the authority that may be the same problem, the likeliest first.

    At most MOST_SHOWN for each, and only what the actor sees; `but` are cases left out. Three queries for TOGETHER texts.
    """
    seen: tuple[ColumnElement[bool], ...] = (
        within(Case, actor),
        Case.authority_id == authority_id,
        Case.state.not_in(GONE),
        Case.id.not_in(but),
    )
    counts: dict[str, int] = {}
    left = iter(told)
    while some := list(islice(left, TOGETHER)):
        news = [sketch(one) for one in some]
        _learn(session, news, counts)
        keys = [_keys(new, counts, reach.cases) for new in news]
        near = _by_pairs(session, seen, keys, counts, reach.compared)
        there = _by_place(session, seen, some) if reach.by_place else {}
        for at, new in enumerate(news):
            yield _ranked(new, [*near[at], *there.get(new.place, ())], reach)


def _learn(session: Session, news: Sequence[Sketch], counts: dict[str, int]) -> None:
    """Learn how many cases hold each pair not asked for yet, up to RARE and one more; common ones may stay unknown."""
    asked = sorted({pair for new in news for pair in _asked(new)} - counts.keys())
    if not asked:
        return
    dialect = session.get_bind().dialect.name
    pairs = f"{{{','.join(asked)}}}" if dialect == "postgresql" else json.dumps(asked)  # of letters and digits alone
    counts |= dict.fromkeys(asked, RARE + 1)
    counts |= dict(map(tuple, session.execute(COMMONNESS[dialect], {"pairs": pairs, "rare": RARE}).all()))


def _asked(new: Sketch) -> list[str]:
    """Return the pairs of a text that are asked for: of a long one some, taken from all over it."""
    pairs = sorted(new.pairs)
    return pairs[:: -(-len(pairs) // ASKED_PAIRS)] if pairs else []


def _keys(new: Sketch, counts: dict[str, int], enough: int) -> list[str]:
    """Return the pairs by which a text is looked for: the rarest, as many as lead to `enough` cases.

    Of a text whose every pair is common, some, all of which a case must hold; none where a pair stands in no case.
    """
    asked = _asked(new)
    rare = sorted((pair for pair in asked if 0 < counts[pair] <= RARE), key=lambda pair: (counts[pair], pair))
    chosen: list[str] = []
    cases = 0
    for pair in rare[:MOST_KEYS]:
        if len(chosen) < FEWEST_KEYS or cases < enough:
            chosen.append(pair)
            cases += counts[pair]
    if chosen or len(new.pairs) < FEWEST_PAIRS or not all(counts[pair] for pair in asked):
        return chosen
    return asked[:: -(-len(asked) // MOST_KEYS)]


def _by_pairs(
    session: Session,
    seen: Sequence[ColumnElement[bool]],
    keys: Sequence[list[str]],
    counts: dict[str, int],
    most: int,
) -> list[list[Found]]:
    """Return for each text the cases that hold most of its rare pairs; where it has none, those that hold all its pairs."""
    hits = []
    for at, chosen in enumerate(keys):
        if chosen:
            is_rare = counts[chosen[0]] <= RARE
            hits.append(_newest(at, _one_of(chosen) if is_rare else _all_of(chosen), seen))
    led_to: list[list[tuple[int, int, Any]]] = [[] for _ in keys]
    if hits:
        hit = union_all(*hits).subquery()
        for row in session.execute(_cases(hit.c.at).join(hit, hit.c.id == CaseText.id)):
            words = row.words
            led_to[row.at].append((len([pair for pair in keys[row.at] if pair in words]), row.id, row))
    return [[_found(row) for *_, row in nlargest(most, rows, key=lambda one: one[:2])] for rows in led_to]


def _by_place(session: Session, seen: Iterable[ColumnElement[bool]], told: Sequence[Told]) -> dict[str, list[Found]]:
    """Return the newest cases at the places named, by the plain form of the place."""
    places = {one.place.strip() for one in told} - {""}
    if not places:
        return {}
    query = _cases().where(Case.place.in_(sorted(places)), CaseText.unit_id.is_(None), *seen)
    found: dict[str, list[Found]] = {}
    for row in session.execute(query.order_by((Case.id + 0).desc()).limit(AT_PLACE * len(places))):
        one = _found(row)
        found.setdefault(one.read.place, []).append(one)
    return found


def _found(row: Any) -> Found:
    return Found(row, OnRecord(Told(row.title, row.text, row.place, row.category), row.words))


def _newest(at: int, hit: ColumnElement[bool], seen: Iterable[ColumnElement[bool]]) -> Select[Any]:
    """Select the newest texts that one text leads to: asked for each by itself, the planners see how few they are."""
    query = select(CaseText.id).join(Case, Case.id == CaseText.case_id).where(hit, CaseText.unit_id.is_(None), *seen)
    newest = query.order_by((Case.id + 0).desc()).limit(LOOKED_AT).subquery()
    return select(literal_column(str(at)).label("at"), newest.c.id)


def _cases(*more: ColumnElement[Any]) -> Select[Any]:
    shown: tuple[Any, ...] = (Case.id, Case.number, Case.title, Case.state, Case.source_kind, Case.place)
    return select(*shown, Case.category, Case.text, CaseText.text.label("words"), *more).join(
        CaseText, CaseText.case_id == Case.id
    )


def _one_of(pairs: list[str]) -> ColumnElement[bool]:
    asked = " OR ".join(f'"{pair}"' for pair in pairs)
    return in_index(CaseText.id, literal(asked, String()), CaseText.grams.op("&&")(array_of(pairs)))


def _all_of(pairs: list[str]) -> ColumnElement[bool]:
    asked = " ".join(f'"{pair}"' for pair in pairs)
    return in_index(CaseText.id, literal(asked, String()), CaseText.grams.op("@>")(array_of(pairs)))


def _ranked(new: Sketch, compared: Iterable[Found], reach: Reach) -> list[Alike]:
    found: dict[int, Alike] = {}
    for row, read in compared:
        ground = None if row.id in found else ground_of(new, read, reach.share)
        if ground is not None and (reach.by_place or ground[0] != "place"):
            shown = (row.id, row.number, row.title, row.state, row.source_kind, row.place)
            found[row.id] = Alike(*shown, *ground)
    ranked = sorted(found.values(), key=lambda one: (ORDER.index(one.why), -one.share, -one.case_id))
    return ranked[:MOST_SHOWN]
