"""The ways in which somebody could try to change what stands in an append-only table, as SQL for one of its rows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A row of an append-only table: its id, a column of it, and a parent row that it refers to."""

    table: str
    row_id: int
    column: str
    parent: tuple[str, int]

    def fill(self, statement: str) -> str:
        """Put the target into a statement."""
        parent, parent_id = self.parent
        return statement.format(t=self.table, i=self.row_id, c=self.column, p=parent, pi=parent_id)


BOTH = (
    "UPDATE {t} SET {c} = {c}",
    "UPDATE {t} SET {c} = {c} WHERE id = {i}",
    "UPDATE {t} SET id = id + 1000000 WHERE id = {i}",
    "UPDATE {t} SET {c} = {c} WHERE id = {i} RETURNING id",
    "UPDATE {t} SET {c} = o.{c} FROM {t} AS o WHERE o.id = {t}.id",
    "WITH chosen AS (SELECT id FROM {t}) UPDATE {t} SET {c} = {c} WHERE id IN (SELECT id FROM chosen)",
    "DELETE FROM {t}",
    "DELETE FROM {t} WHERE id = {i}",
    "DELETE FROM {t} WHERE id = {i} RETURNING id",
    "WITH chosen AS (SELECT id FROM {t}) DELETE FROM {t} WHERE id IN (SELECT id FROM chosen)",
    "INSERT INTO {t} SELECT * FROM {t} WHERE id = {i}",
    "INSERT INTO {t} SELECT * FROM {t} WHERE id = {i} ON CONFLICT (id) DO UPDATE SET {c} = excluded.{c}",
    "DELETE FROM {p} WHERE id = {pi}",
    "UPDATE {p} SET id = id + 1000000 WHERE id = {pi}",
    "ALTER TABLE {t} RENAME TO gone",
    "ALTER TABLE {t} RENAME COLUMN {c} TO gone",
    "ALTER TABLE {t} DROP COLUMN {c}",
    "ALTER TABLE {t} ADD COLUMN more INTEGER",
    "DROP TABLE {t}",
    "CREATE INDEX more ON {t} ({c})",
)
SQLITE = (
    "REPLACE INTO {t} SELECT * FROM {t} WHERE id = {i}",
    "INSERT OR REPLACE INTO {t} SELECT * FROM {t} WHERE id = {i}",
    "INSERT OR REPLACE INTO {t} SELECT * FROM {t}",
    "INSERT OR FAIL INTO {t} SELECT * FROM {t} WHERE id = {i}",
    "INSERT OR ROLLBACK INTO {t} SELECT * FROM {t} WHERE id = {i}",
    "INSERT INTO {t} SELECT * FROM {t} WHERE id = {i} ON CONFLICT DO UPDATE SET {c} = excluded.{c}",
    "UPDATE OR REPLACE {t} SET {c} = {c} WHERE id = {i}",
    "UPDATE OR IGNORE {t} SET {c} = {c} WHERE id = {i}",
    "UPDATE OR FAIL {t} SET rowid = rowid + 1000000 WHERE id = {i}",
    "DROP TRIGGER protect_{t}_update",
    "DROP TRIGGER protect_{t}_insert",
    "CREATE TRIGGER more AFTER INSERT ON {t} BEGIN UPDATE {t} SET {c} = NEW.{c}; END",
    "CREATE TEMP TRIGGER more AFTER INSERT ON {t} BEGIN DELETE FROM {t}; END",
    "PRAGMA writable_schema = ON",
    "PRAGMA recursive_triggers = OFF",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA ignore_check_constraints = ON",
    "DELETE FROM sqlite_master WHERE type = 'trigger'",
    "UPDATE sqlite_master SET sql = '' WHERE name = '{t}'",
    "ATTACH DATABASE ':memory:' AS other",
)
POSTGRESQL = (
    "TRUNCATE {t}",
    "TRUNCATE {t} CASCADE",
    "TRUNCATE {p} CASCADE",
    "TRUNCATE ONLY {t} RESTART IDENTITY",
    "MERGE INTO {t} USING {t} AS o ON o.id = {t}.id WHEN MATCHED THEN DELETE",
    "WITH gone AS (DELETE FROM {t} RETURNING id) SELECT count(*) FROM gone",
    "SELECT id FROM {t} FOR UPDATE",
    "ALTER TABLE {t} DISABLE TRIGGER ALL",
    "ALTER TABLE {t} DISABLE TRIGGER protect_{t}_update",
    "ALTER TABLE {t} ALTER COLUMN {c} DROP NOT NULL",
    "ALTER TABLE {t} ALTER COLUMN {c} TYPE text USING ''",
    "ALTER TABLE {t} OWNER TO CURRENT_USER",
    "DROP TRIGGER protect_{t}_delete ON {t}",
    "DROP FUNCTION refuse_change() CASCADE",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "CREATE RULE more AS ON INSERT TO {t} DO ALSO DELETE FROM {t}",
    "SET session_replication_role = replica",
    "SET ROLE dukao_owner",
    "GRANT ALL ON {t} TO CURRENT_USER",
    "DROP SCHEMA public CASCADE",
)
