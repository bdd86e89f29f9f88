"""A Django site on an SQLite file.

    django_site.py FILE migrate   make the site's tables
    django_site.py FILE schema    print {table: {"sql": ..., "columns": [...], "indexes": [...]}}
    django_site.py FILE add       add users from standard input, [{field: value}, ...]
    django_site.py FILE users     print the users as Django reads them
    django_site.py FILE check     print whether [[username, password], ...] of standard input can log in
"""

import datetime
import json
import sys

import django
from django.conf import settings

path, command = sys.argv[1:]
settings.configure(
    SECRET_KEY="only for this test",
    USE_TZ=True,
    TIME_ZONE="America/Lima",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": path}},
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.contrib.auth import authenticate  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

FIELDS = ["username", "password", "email", "first_name", "last_name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login"]


def schema():
    tables = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name")
        for name, sql in cursor.fetchall():
            cursor.execute("SELECT name, type, \"notnull\", dflt_value, pk FROM pragma_table_info(%s)", [name])
            columns = cursor.fetchall()
            cursor.execute('SELECT "unique", origin, partial FROM pragma_index_list(%s)', [name])
            tables[name] = {"sql": sql, "columns": columns, "indexes": cursor.fetchall()}
    return tables


def users():
    rows = []
    for user in User.objects.order_by("id"):
        row = {name: getattr(user, name) for name in FIELDS}
        row["id"] = str(user.pk)
        for name in ("date_joined", "last_login"):
            if row[name] is not None:
                row[name] = row[name].astimezone(datetime.timezone.utc).isoformat(timespec="microseconds")
        rows.append(row)
    return rows


if command == "migrate":
    call_command("migrate", verbosity=0)
elif command == "schema":
    json.dump(schema(), sys.stdout)
elif command == "add":
    for fields in json.load(sys.stdin):
        for name in ("date_joined", "last_login"):
            if fields.get(name):
                fields[name] = datetime.datetime.fromisoformat(fields[name])
        User.objects.create_user(**fields)
elif command == "users":
    json.dump(users(), sys.stdout)
elif command == "check":
    json.dump([authenticate(username=name, password=password) is not None for name, password in json.load(sys.stdin)], sys.stdout)
