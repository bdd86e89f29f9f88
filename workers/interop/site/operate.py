"""What is done to a site from its command line: operate.py SITE.json VERB [USERNAME], with a password on standard input.

    create, password, deactivate, delete   a user, as Django's own code does
    flush                                  Django's command for tokens that have expired
"""
import os
import sys

os.environ["INTEROP_SITE"] = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django

django.setup()

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command

verb, username = sys.argv[2], "".join(sys.argv[3:])
if verb == "create":
    User.objects.create_user(username, password=sys.stdin.read())
elif verb == "flush":
    call_command("flushexpiredtokens" if hasattr(settings, "SIMPLE_JWT") else "delete_stale_tokens")
else:
    user = User.objects.get(username=username)
    if verb == "password":
        user.set_password(sys.stdin.read())
        user.save()
    elif verb == "deactivate":
        user.is_active = False
        user.save()
    elif verb == "delete":
        user.delete()
    else:
        sys.exit(f"there is no verb {verb}")
