"""Dukao (督考): what supervision finds is worked off as a case; what is not worked off lowers the unit's score by itself."""

import flask_migrate
from flask import Flask

from app.cli import register
from app.core.aliases import lay_out_tables
from app.core.clock import Clock, SystemClock
from app.core.db import Database, Model
from app.core.protect import missing_protections
from app.core.secret import load_secret
from app.web import init_web
from config import ROOT, Settings, from_environment


def create_app(settings: Settings | None = None, clock: Clock | None = None, database: Database | None = None) -> Flask:
    """Build the application: settings, database, pages and commands. Every route has a policy, or there is no start."""
    application = Flask("app", static_folder="web/static", template_folder="web/templates")
    furnish(application, settings or from_environment(), clock or SystemClock(), database)
    init_web(application)
    register(application)
    lay_out_tables(Model.metadata)
    return application


def furnish(application: Flask, settings: Settings, clock: Clock, database: Database | None = None) -> None:
    """Give the application the county that it works on: data folder, secret, database and clock; nothing else keeps them."""
    application.config["DUKAO"] = settings
    try:
        settings.instance.mkdir(parents=True, exist_ok=True)
        application.config["SECRET_KEY"] = load_secret(settings.instance / "secret")
    except OSError as error:
        raise RuntimeError(
            f"数据文件夹 DUKAO_INSTANCE={settings.instance} 不能使用，请换成一个可以写入的文件夹。"
        ) from error
    application.config["MAX_CONTENT_LENGTH"] = settings.max_upload
    database = database or Database(settings.database_url, settings.owner_url)
    database.init_app(application)
    application.extensions["clock"] = clock
    flask_migrate.Migrate(application, database, directory=str(ROOT / "migrations"))


def refuse_unprotected(application: Flask) -> None:
    """Refuse to serve while a protection of an append-only table is missing; RuntimeError names the command that helps."""
    database: Database = application.extensions["database"]
    with database.engine.connect() as connection:
        if missing := missing_protections(connection):
            raise RuntimeError(f"数据库缺少 {len(missing)} 项保护（如 {missing[0]}），请先执行 flask db upgrade。")


__all__ = ["create_app", "furnish", "refuse_unprotected"]
