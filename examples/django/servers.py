"""Django and Jeton as two processes on one database, and the requests one sends them."""

import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
JETON = os.environ.get("JETON") or str(HERE.parent.parent / "bin" / "jeton")


class Server:
    """A process that says in a line where it listens."""

    def __init__(self, command, ready, environment):
        self.process = subprocess.Popen(
            command, cwd=HERE, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines = []
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(ready, line):
                self.url = found[1]
                break
        else:
            raise RuntimeError(f"{command[0]} ended with status {self.process.wait()}:\n{''.join(self.lines)}")
        # Read on, so that the process never waits for its log to be read.
        self.reader = threading.Thread(target=self.lines.extend, args=(self.process.stdout,), daemon=True)
        self.reader.start()

    def stop(self):
        """Ends the process as a service manager does, and returns its exit status."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=60)
        finally:
            self.process.kill()  # no harm when it has ended
            self.process.wait()
            self.reader.join()
            self.process.stdout.close()

    def exchange(self, path, data=None, headers=(), method=None):
        """Sends JSON, or GET without any, and returns the status, the header fields and the body."""
        request = urllib.request.Request(self.url + path, method=method, headers=dict(headers))
        if data is not None:
            request.data = json.dumps(data).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return response.status, response.headers, response.read()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read()

    def call(self, path, data=None, token=None):
        """Sends a request with an access token, or without, and returns the status and the JSON that comes back."""
        status, _, body = self.exchange(path, data, {"Authorization": f"Bearer {token}"} if token else {})
        return status, json.loads(body)


class Site:
    """The site in a directory of its own: its database, its secret key, its servers."""

    def __init__(self, state):
        self.state = Path(state).resolve()
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.environment = os.environ | {"SITE_STATE": str(self.state), "DJANGO_SETTINGS_MODULE": "project.settings"}
        self.database = self.state / "db.sqlite3"
        self.settings = self.state / "jeton.json"

    def manage(self, *arguments):
        """Runs manage.py and returns what it prints."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=HERE, env=self.environment, check=True, stdout=subprocess.PIPE, text=True).stdout

    def prepare(self):
        """Makes the tables, the demo user and the settings for Jeton, and returns the user's name and password."""
        self.manage("migrate", "--verbosity", "0")
        user = json.loads(self.manage("demo_user"))
        self.manage("jeton_settings", "--output", str(self.settings))
        return user

    def start_django(self, port=0):
        command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--bind", f"127.0.0.1:{port}", "project.wsgi"]
        return Server(command, r"Listening at: (http://127\.0\.0\.1:\d+)", self.environment)

    def start_jeton(self, port=0, *flags):
        command = [JETON, "serve", "--addr", f"127.0.0.1:{port}", "--db", str(self.database), "--config", str(self.settings), *flags]
        return Server(command, r"Jeton is listening on (http://127\.0\.0\.1:\d+)", self.environment)
