"""The database: typed base class, column types, and an engine that is safe on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from time import monotonic
from typing import Annotated, Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Integer,
    MetaData,
    create_engine,
    event,
)
from sqlalchemy.engine import Dialect, make_url
from sqlalchemy.exc import ArgumentError, InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
BigId = BigInteger().with_variant(Integer, "sqlite")
Id = Annotated[int, mapped_column(BigId, primary_key=True)]
Ref = BigId  # the type of a column that refers to an Id


ALTERING = {
    value
    for name, value in vars(sqlite3).items()
    if name.startswith(("SQLITE_DROP_", "SQLITE_ALTER_", "SQLITE_CREATE_")) or name == "SQLITE_ATTACH"
}
HARMLESS = (
    "table_info",
    "table_xinfo",
    "index_list",
    "index_info",
    "index_xinfo",
    "foreign_key_list",
    "busy_timeout",
    "synchronous",
    "wal_checkpoint",
    "table_list",
    "integrity_check",
    "quick_check",
)
CONFLICTS = ("40001", "40P01")  # PostgreSQL: serialization failure, deadlock detected
RETRIES = 3
RESTED = 1.0  # seconds without use after which a connection is asked whether it still lives
PREPARED = 500  # statements a connection keeps planned: those of all pages, and psycopg's 100 are fewer
NO_ADDRESS = (
    "数据库地址 DUKAO_DATABASE_URL 不对，应像 sqlite:////srv/dukao/dukao.db 或 postgresql://用户:密码@主机/库名。"
)
T = TypeVar("T")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware on the way in, aware and in UTC on the way out, also on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Points(TypeDecorator[Decimal]):
    """Score points with two decimals, stored as whole hundredths so that sums are exact on both engines."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Refuse more than two decimals: rounding is the rule's business, not storage's."""
        if value is None:
            return None
        hundredths = Decimal(value) * 100
        if hundredths != hundredths.to_integral_value():
            raise ValueError(f"more than two decimals: {value}")
        return int(hundredths)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        """Give back a Decimal with two decimals."""
        return None if value is None else Decimal(int(value)).scaleb(-2)


class Model(DeclarativeBase):
    """Base of every table. `__append_only__` tables are protected in the database itself (see core.protect).

    `__frozen_when__` is a SQL condition on a row's own columns, with `OLD.` before each: such a row is never changed again.
    """

    metadata = MetaData(naming_convention=NAMING)
    __append_only__ = False
    __natural_key__: tuple[str, ...] = ()
    __frozen_when__ = ""


class Database:
    """One engine and the sessions made from it. Commits happen only where a session is opened: at the edges."""

    metadata = Model.metadata

    def __init__(self, url: str, owner_url: str | None = None) -> None:
        self.url = url
        self.owner_url = owner_url or url
        self.engine = make_engine(url, may_alter=False)
        self._reading = self.engine.execution_options(read_only=True)
        self._glancing = self._reading
        if self.engine.dialect.name != "sqlite":  # where a transaction costs two messages to the server
            self._glancing = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    def get_engine(self, bind_key: str | None = None) -> Engine:
        """Return the engine; the name is what Flask-Migrate asks for."""
        return self.engine

    @contextmanager
    def session(self, read_only: bool = False) -> Iterator[Session]:
        """Open a session that is rolled back unless its user commits; a reader never waits for SQLite's writer."""
        session = Session(self._reading if read_only else self.engine, expire_on_commit=False)
        try:
            yield session
        finally:
            session.close()

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """Open a connection for one SELECT, which needs no transaction around it."""
        with self._glancing.connect() as connection:
            yield connection

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a session, commit it at the end, roll back on any error."""
        with self.session() as session:
            yield session
            session.commit()

    def retried(self, work: Callable[[Session], T]) -> T:
        """Do one transaction's work and commit; up to three times again where the database broke a deadlock by ending it."""
        for left in range(RETRIES, -1, -1):
            try:
                with self.begin() as session:
                    return work(session)
            except OperationalError as error:
                if not left or getattr(error.orig, "sqlstate", None) not in CONFLICTS:
                    raise
        raise RuntimeError("unreachable")

    def dispose(self) -> None:
        """Close every pooled connection (before a fork, at the end of a test)."""
        self.engine.dispose()

    def init_app(self, app: Any) -> None:
        """Make the database known to a Flask application, where Flask-Migrate looks for it."""
        app.extensions["database"] = self


@contextmanager
def one_snapshot(session: Session) -> Iterator[Session]:
    """Open a reading session beside another, in which every query sees the same moment, whatever is committed meanwhile.

    It does not see what the other session has not committed yet.
    """
    engine = session.get_bind().engine
    options: dict[str, Any] = {"read_only": True}
    if engine.dialect.name != "sqlite":  # a reading transaction of SQLite is one moment by itself
        options["isolation_level"] = "REPEATABLE READ"
    reader = Session(engine.execution_options(**options), expire_on_commit=False)
    try:
        yield reader
    finally:
        reader.close()


def make_engine(url: str, may_alter: bool = True) -> Engine:
    """Build an engine: SQLite in WAL mode with immediate transactions, PostgreSQL with time limits.

    SQLite knows no roles: an engine that may not alter refuses to touch schema, triggers and the pragmas that guard them.
    RuntimeError for an address that leads to no database, without the address: a password may stand in it.
    """
    try:
        parsed = make_url(url)
        parsed.get_dialect().import_dbapi()
    except (ArgumentError, ImportError, ValueError) as error:
        raise RuntimeError(NO_ADDRESS) from error
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": 30})
        event.listen(engine, "connect", _prepare_sqlite)
        if not may_alter:
            event.listen(engine, "connect", _keep_schema)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    options = (
        "-c statement_timeout=60000 -c lock_timeout=20000 -c idle_in_transaction_session_timeout=120000 -c timezone=UTC "
        "-c jit=off"  # compiling a statement takes longer than any statement of a page
        " -c parallel_setup_cost=100000"  # and so does starting processes beside it, but for the largest
    )
    pool = {"pool_size": 8, "max_overflow": 8, "pool_use_lifo": True}  # the connection used last knows its statements
    engine = create_engine(parsed, connect_args={"options": options}, **pool)
    event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "checkin", _rest)
    event.listen(engine, "checkout", partial(_wake, engine.dialect))
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    connection.prepared_max, connection.prepare_threshold = PREPARED, 1  # kept planned from the second time on


def _rest(_connection: object, record: Any) -> None:
    record.info["rests_since"] = monotonic()


def _wake(dialect: Dialect, connection: Any, record: Any, _proxy: object) -> None:
    """Ask a connection that rested whether it still lives; if not, the pool begins anew, before anything was sent."""
    if monotonic() - record.info.get("rests_since", monotonic()) < RESTED:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "busy_timeout=30000",
        "cache_size=-32768",  # KiB: with less, a long transaction spills pages and looks for each in the whole log
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _keep_schema(connection: Any, _record: object) -> None:
    connection.set_authorizer(_allow)


def _allow(action: int, one: str | None, two: str | None, _database: str | None, _trigger: str | None) -> int:
    if action in ALTERING or (action == sqlite3.SQLITE_PRAGMA and two is not None and one not in HARMLESS):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _begin_immediate(connection: Any) -> None:
    read_only = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
