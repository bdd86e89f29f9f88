"""A Django site that is about to move: its server, a user who is logged in, and what the move takes along. Runs until standard input ends.

    site.py STATE    with examples/django in PYTHONPATH, and JETON naming the program
"""

import json
import subprocess
import sys
from pathlib import Path

from servers import JETON, Site

state = Path(sys.argv[1])
site = Site(state)
user = site.prepare()
django = site.start_django()
try:
    spent = django.call("/api/token/", user)[1]
    pair = django.call("/api/token/refresh/", {"refresh": spent["refresh"]})[1]
    subprocess.run([JETON, "user", "export", "--db", str(site.database), "--output", str(state / "users.sql")], check=True)
    site.manage("jeton_settings", "--without-secret", "--output", str(state / "worker.json"))
    print(json.dumps({"url": django.url, "user": user, "pair": pair, "spent": spent["refresh"]}), flush=True)
    sys.stdin.read()
finally:
    django.stop()
