"""Make, check and judge password hashes with Django itself.

Standard input:
    {"hashers": [path, ...],                                  PASSWORD_HASHERS
     "attributes": {class: {name: value}},                    costs of new hashes
     "make": [[class, password, {name: value}, salt], ...],   attributes for this one; salt "" for a new one
     "check": [[password, encoded], ...],
     "must_update": [[class, encoded], ...]}                  class is the preferred hasher
Standard output:
    {"made": [encoded, ...], "checked": [true, ...], "must_update": [true, ...]}
Where Django raises an exception, the answer to a check is false and to must_update null.
"""

import json
import sys

from django.conf import settings

request = json.load(sys.stdin)
settings.configure(PASSWORD_HASHERS=request["hashers"])

from django.contrib.auth import hashers  # noqa: E402

for name, attributes in request["attributes"].items():
    for attribute, value in attributes.items():
        setattr(getattr(hashers, name), attribute, value)


def make(name, password, attributes, salt):
    hasher = type(name, (getattr(hashers, name),), attributes)()
    return hasher.encode(password, salt or hasher.salt())


def check(password, encoded):
    try:
        return hashers.check_password(password, encoded)
    except Exception:
        return False


def must_update(name, encoded):
    preferred = getattr(hashers, name)()
    try:
        hasher = hashers.identify_hasher(encoded)
        return hasher.algorithm != preferred.algorithm or preferred.must_update(encoded)
    except Exception:
        return None


json.dump(
    {
        "made": [make(*arguments) for arguments in request["make"]],
        "checked": [check(*arguments) for arguments in request["check"]],
        "must_update": [must_update(*arguments) for arguments in request["must_update"]],
    },
    sys.stdout,
)
