"""Makes the database of a site, and serves the site with gunicorn on a free port of 127.0.0.1.

    serve.py SITE.json

To what settings.py reads, the file may add "users" and "dump". When there are users, the tables are made and the users put in. "dump"
names a file for the statements that make the same SQLite database elsewhere, a JSON list. One line of JSON on standard output,
{"address": "127.0.0.1:…"}, says that the site is ready. It ends when standard input does.
"""
import json
import os
import signal
import socket
import sys
import threading
from pathlib import Path

os.environ["INTEROP_SITE"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django

django.setup()

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.utils.crypto import get_random_string
from gunicorn.app.base import BaseApplication


def add_users(users):
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        for row in users:
            get_user_model().objects.create(password=encoded_password(row), **row)


def encoded_password(row):
    """A row's "hash", or that of its "password", made by the site's hasher or as "hasher" and "iterations" say; unusable without one."""
    if "hash" in row:
        return row.pop("hash")
    password, hasher, iterations = (row.pop(name, None) for name in ("password", "hasher", "iterations"))
    if iterations:
        return PBKDF2PasswordHasher().encode(password, get_random_string(22), iterations)
    return make_password(password, hasher=hasher or "default")


def dump_database(path):
    connection.ensure_connection()
    transactions = ("BEGIN TRANSACTION;", "COMMIT;")
    statements = [text for text in connection.connection.iterdump() if text not in transactions]
    statements.sort(key=lambda text: not text.startswith("CREATE TABLE"))  # foreign keys need the other table
    Path(path).write_text(json.dumps(statements), "utf-8")


class Site(BaseApplication):
    def __init__(self, listener):
        self.address = "%s:%d" % listener.getsockname()
        self.descriptor = listener.detach()  # gunicorn closes it
        super().__init__()

    def load_config(self):
        self.cfg.set("bind", f"fd://{self.descriptor}")
        self.cfg.set("workers", 1)
        self.cfg.set("timeout", 120)
        self.cfg.set("graceful_timeout", 1)
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("when_ready", self.announce)

    def load(self):
        return get_wsgi_application()

    def announce(self, _):
        print(json.dumps({"address": self.address}), flush=True)


def end_with_standard_input():
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


site = json.loads(Path(sys.argv[1]).read_text("utf-8"))
if site.get("users"):
    add_users(site["users"])
if site.get("dump"):
    dump_database(site["dump"])
connection.close()
listener = socket.create_server(("127.0.0.1", 0))
threading.Thread(target=end_with_standard_input, daemon=True).start()
Site(listener).run()
