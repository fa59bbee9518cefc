"""Only the store speaks SQL or the ORM; every table is of one kind, and relations point one way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState
from django.test.utils import isolate_apps

from tests.house.reading import Breach, Module, caught, hold, under

ORM = (
    *("django.db.models", "django.db.connection", "django.db.transaction", "django.db.migrations"),
    *(
        "django.contrib.auth.models.User",
        "django.contrib.auth.get_user_model",
        "django.contrib.sessions.models",
    ),
    *("django.contrib.postgres", "django.apps.apps.get_model", "psycopg", "daily8.store.models"),
    *("django.shortcuts.get_object_or_404", "django.shortcuts.get_list_or_404"),
)
CONNECTIONS = {
    "daily8.pipeline.threads": "gives the connections of its threads back",
    "daily8.cli.start": "gives the connections of a command back",
    "daily8.cli.service": "gives the connections of the parent back before the server forks",
}
"""Who may end connections, which is no speaking."""
_ENDS = ("django.db.connections", "django.db.close_old_connections")
_SPEAKS = frozenset({"objects", "_default_manager", "_base_manager", "cursor"})
_SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|ALTER\s+TABLE|CREATE\s+(TABLE|INDEX)|"
    r"TRUNCATE\s+TABLE|WITH\s+\w+\s+AS\s*\()",
    re.DOTALL,
)

KINDS = ("facts", "derived", "personal", "machine")
Model = type[models.Model]


def speaks_to_the_database(module: Module) -> Iterator[Breach]:
    """Above and beside the store nobody knows rows, queries or connections."""
    if under(module.name, "daily8.store"):
        return
    for line, name in module.uses():
        if under(name, *ORM):
            yield line, f"{name}: only the store speaks to the database"
        if under(name, *_ENDS) and module.name not in CONNECTIONS:
            yield line, f"{name}: only the store speaks to the database"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in _SPEAKS:
            yield node.lineno, f".{node.attr}: only the store speaks to the database"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _SQL.match(node.value):
            yield node.lineno, "SQL: only the store speaks to the database"


def out_of_kind(tables: Iterable[Model]) -> Iterator[str]:
    """Every table has one kind; relations point to their own kind or to facts; derived rows bear a recipe."""
    for table in tables:
        kind = getattr(table, "table_kind", None)
        if kind not in KINDS:
            yield f"{table.__name__} is of no kind"
            continue
        fields = table._meta.get_fields()
        if kind == "derived" and "recipe" not in {field.name for field in fields}:
            yield f"{table.__name__} is derived and bears no recipe"
        for field in fields:
            target = field.related_model if field.concrete else None
            if not isinstance(target, type) or kind == "machine":
                continue
            there = getattr(target, "table_kind", None)
            if there not in {kind, "facts"}:
                yield f"{table.__name__}.{field.name} points from {kind} to {there}"


def test_only_the_store_speaks_to_the_database() -> None:
    hold(speaks_to_the_database, "daily8")


@pytest.mark.parametrize(
    "text",
    [
        "from daily8.store.models import Article",
        "from daily8.store import models",
        "def f():\n    from daily8.store.models.articles import Article",
        "from django.db import connection",
        "from django.db import transaction",
        "from django.db.models import Q",
        "from django.db import connections",
        "def f(row):\n    return type(row).objects.all()",
        "def f(c):\n    with c.cursor() as cursor:\n        pass",
        "import psycopg",
        "from django.contrib.auth import get_user_model",
        "ROWS = 'SELECT id FROM store_article'",
        "ROWS = 'delete FROM store_article'.replace('delete', 'DELETE')\nROWS = 'DELETE FROM store_article'",
    ],
)
def test_whoever_else_speaks_to_it_is_caught(text: str) -> None:
    assert caught(speaks_to_the_database, text, "daily8.web.views.thing")


def test_the_store_and_plain_prose_are_not() -> None:
    text = "from django.db import connection\nROWS = 'SELECT id FROM store_article'"
    assert not caught(speaks_to_the_database, text, "daily8.store.thing")
    prose = "'Select an edition from the list'\nfrom daily8.store import articles\narticles.page(1)"
    assert not caught(speaks_to_the_database, prose, "daily8.web.views.thing")


def test_every_table_is_of_one_kind_and_relations_point_one_way() -> None:
    tables = list(apps.get_app_config("store").get_models(include_auto_created=True))
    assert len(tables) > 10
    assert list(out_of_kind(tables)) == []


@isolate_apps("tests.house")
def test_a_table_out_of_kind_is_caught() -> None:
    class Fact(models.Model):
        table_kind = "facts"

        class Meta:
            app_label = "house"

    class Derived(models.Model):
        table_kind = "derived"
        recipe = models.TextField()
        fact = models.ForeignKey(Fact, models.CASCADE)

        class Meta:
            app_label = "house"

    class Job(models.Model):
        table_kind = "machine"
        derived = models.ForeignKey(Derived, models.CASCADE)

        class Meta:
            app_label = "house"

    class Nameless(models.Model):
        class Meta:
            app_label = "house"

    class Bare(models.Model):
        table_kind = "derived"

        class Meta:
            app_label = "house"

    class Upward(models.Model):
        table_kind = "facts"
        derived = models.ForeignKey(Derived, models.CASCADE)
        job = models.OneToOneField(Job, models.CASCADE)

        class Meta:
            app_label = "house"

    assert list(out_of_kind([Fact, Derived, Job])) == []
    assert list(out_of_kind([Nameless, Bare, Upward])) == [
        "Nameless is of no kind",
        "Bare is derived and bears no recipe",
        "Upward.derived points from facts to derived",
        "Upward.job points from facts to machine",
    ]


def _missing(now: ProjectState) -> list[str]:
    loader = MigrationLoader(connection)
    found = MigrationAutodetector(loader.project_state(), now).changes(loader.graph)
    return [
        f"{app}: {operation.describe()}"
        for app, migrations in found.items()
        for migration in migrations
        for operation in migration.operations
        if app == "store"
    ]


@pytest.mark.django_db
def test_the_migrations_make_the_tables_as_they_are() -> None:
    assert _missing(ProjectState.from_apps(apps)) == []


@pytest.mark.django_db
def test_a_missing_migration_is_caught() -> None:
    changed = ProjectState.from_apps(apps)
    state: ModelState = changed.models["store", "publisher"]
    state.fields["motto"] = models.TextField(default="")
    assert _missing(changed) == ["store: Add field motto to publisher"]
