"""What a workflow is: a table of rows, one static machine that resolves them, and an attempt at one of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session
from transitions import Machine, MachineError

from app.core.errors import Refused
from app.ledgers.cases import Case
from app.people import Actor, Grant, Role
from app.workflows.context import Context

NEW = "new"
STAYS = "="
UNIT_ROLES = frozenset({Role.HEAD, Role.LIAISON})


@dataclass(frozen=True, slots=True)
class Need:
    """One input of a move. `kind` says how it is asked for; `choices` maps values to words for kind `choice`.

    Kinds: line, text, date, number, bool, choice, unit, units, part, parts, person, case, measures, measure, files, entries.
    `longest` is in characters; 0 is as long as texts of the kind may be.
    `holds` says what may stay in it of what could tell who a citizen is: nothing; "names", which are those of officials; or
    in a "letter" of the office to a unit the office's own landline.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    longest: int = 0
    holds: str = ""


@dataclass(slots=True)
class Attempt:
    """One actor trying one move on one row, with the input given; `withheld` was taken out of it, and is kept apart."""

    context: Context
    workflow: "Workflow"
    transition: "Transition"
    row: Any
    form: Mapping[str, Any] = field(default_factory=dict)
    grant: Grant | None = None
    case: Case | None = None
    data: dict[str, Any] = field(default_factory=dict)
    event_id: int = 0
    source: str = ""
    withheld: tuple[str, ...] = ()

    @property
    def session(self) -> Session:
        """The session of the transaction the move belongs to."""
        return self.context.session

    @property
    def actor(self) -> Actor:
        """Who tries."""
        return self.context.actor


Guard = Callable[[Attempt], str | None]
Check = Callable[[Attempt], Mapping[str, str]]
Effect = Callable[[Attempt], None]
When = Callable[[Any], bool]
Offer = Callable[[Attempt], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a table. Roles held at the row's authority or unit; `when` chooses among rows of the same name and source.

    A row without roles is never fired by a person: it follows from another move (see `follow`). `before` writes what must
    stand on the row before it moves; `effects` run after the event. `offer` gives what the form is filled with at first.
    """

    name: str
    label: str
    source: tuple[str, ...]
    dest: str
    roles: tuple[Role, ...] = ()
    guards: tuple[Guard, ...] = ()
    effects: tuple[Effect, ...] = ()
    needs: tuple[Need, ...] = ()
    checks: tuple[Check, ...] = ()
    when: When | None = None
    is_grave: bool = False
    before: tuple[Effect, ...] = ()
    offer: Offer | None = None


class _Token:
    """What the machine moves in place of the row: it keeps nothing of it."""

    def __init__(self, state: str, row: Any) -> None:
        self.state, self.row = state, row


WORKFLOWS: dict[str, "Workflow"] = {}


class Workflow:
    """A named transition table over one model; every one is found by its name in WORKFLOWS."""

    def __init__(
        self,
        name: str,
        label: str,
        model: type[Any],
        states: Mapping[str, str],
        transitions: Iterable[Transition],
        units_of: Callable[[Any], frozenset[int]],
        case_id_of: Callable[[Session, Any], int | None] = lambda _session, row: getattr(row, "case_id", None),
    ) -> None:
        self.name, self.label, self.model, self.states = name, label, model, dict(states)
        self.transitions = tuple(transitions)
        self.units_of, self.case_id_of = units_of, case_id_of
        WORKFLOWS[name] = self
        self._machine = Machine(
            model=None, states=[NEW, *self.states], initial=NEW, auto_transitions=False, send_event=False
        )
        for row in self.transitions:
            when = row.when
            conditions = None if when is None else (lambda subject, when=when: when(subject))
            self._machine.add_transition(row.name, list(row.source), row.dest, conditions=conditions)

    def destination(self, transition: Transition, state: str, row: Any) -> str | None:
        """Return the state the move leads to, or None when the table does not have it from here."""
        token = _Token(state, row)
        event = self._machine.events.get(transition.name)
        try:
            moved = event is not None and event.trigger(token, row)
        except MachineError:
            return None
        return token.state if moved else None

    def rows_from(self, state: str, row: Any) -> list[Transition]:
        """Return the rows that start in the state and apply to the row."""
        return [t for t in self.transitions if state in t.source and (t.when is None or t.when(row))]

    def find(self, name: str, state: str, row: Any) -> Transition:
        """Return the row of that name that applies now; Refused when the table has none from this state."""
        for transition in self.rows_from(state, row):
            if transition.name == name:
                return transition
        label = next((t.label for t in self.transitions if t.name == name), name)
        said = self.states.get(state, "新建")
        raise Refused(f"当前状态为“{said}”，不能办理“{label}”。请刷新页面查看可以办理的事项。")
