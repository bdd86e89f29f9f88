"""Check and make password hashes with Django itself.

Standard input:  {"check": [[password, encoded], ...], "make": [password, ...]}
Standard output: {"checked": [true, ...], "made": [encoded, ...]}
"""

import json
import sys

from django.conf import settings

settings.configure(
    PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher"],
)

from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, make_password  # noqa: E402

# Full strength once, to see the default form; the rest need not be slow.
made = []
request = json.load(sys.stdin)
for number, password in enumerate(request["make"]):
    made.append(make_password(password))
    PBKDF2PasswordHasher.iterations = 1000 + number

checked = [check_password(password, encoded) for password, encoded in request["check"]]
json.dump({"checked": checked, "made": made}, sys.stdout)
