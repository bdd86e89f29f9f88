"""Judge passwords with Django itself, and say what Python thinks of characters.

Standard input:
    {"settings": [AUTH_PASSWORD_VALIDATORS, ...],            "DJANGO_LIST" as a path stands for the list that Django ships
     "cases": [[number of a setting, password, {attribute: value}], ...],
     "lower": [text, ...]}
Standard output:
    {"failures": [[[code, message], ...], ...],              of each case
     "lowered": [text, ...],
     "classes": "...",     a character for each code point: "x" unassigned, else 0x40 + 1 (word) + 2 (digit) + 4 (space)
     "lower_map": {...},   code points, as text, that lower() changes
     "list": path}         of the list that Django ships
"""

import json
import re
import sys
import unicodedata
from pathlib import Path

import django
from django.conf import settings

settings.configure(INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"])
django.setup()

from django.contrib.auth import password_validation  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.exceptions import ValidationError  # noqa: E402

request = json.load(sys.stdin)
django_list = str(Path(password_validation.__file__).parent / "common-passwords.txt.gz")
FIELDS = {field.name for field in User._meta.get_fields()}


def load(setting):
    for member in setting:
        if member.get("OPTIONS", {}).get("password_list_path") == "DJANGO_LIST":
            member["OPTIONS"]["password_list_path"] = django_list
    return password_validation.get_password_validators(setting)


def make_user(attributes):
    user = User(**{name: value for name, value in attributes.items() if name in FIELDS})
    for name, value in attributes.items():
        setattr(user, name, value)
    return user


def judge(number, password, attributes):
    try:
        password_validation.validate_password(password, make_user(attributes), loaded[number])
    except ValidationError as error:
        return [[failure.code, failure.message % (failure.params or {})] for failure in error.error_list]
    return []


def classify(code):
    char = chr(code)
    if unicodedata.category(char) in ("Cn", "Cs"):
        return "x"
    return chr(0x40 + bool(re.match(r"\w", char)) + 2 * char.isdigit() + 4 * char.isspace())


loaded = [load(setting) for setting in request["settings"]]
json.dump(
    {
        "failures": [judge(*case) for case in request["cases"]],
        "lowered": [text.lower() for text in request["lower"]],
        "classes": "".join(map(classify, range(sys.maxunicode + 1))),
        "lower_map": {
            code: chr(code).lower()
            for code in range(sys.maxunicode + 1)
            if not 0xD800 <= code < 0xE000 and chr(code).lower() != chr(code)
        },
        "list": django_list,
    },
    sys.stdout,
)
