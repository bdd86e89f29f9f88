import json

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand

from project.secret_file import keep_secret_file


class Command(BaseCommand):
    help = 'Makes sure that there is a user "demo" with a random password, and prints both as JSON.'

    def handle(self, *args, **options):
        password = keep_secret_file(settings.STATE / "demo-password")
        user, created = User.objects.get_or_create(username="demo", defaults={"email": "demo@site.example"})
        if created or not user.check_password(password):
            user.set_password(password)
            user.save()
        self.stdout.write(json.dumps({"username": user.username, "password": password}))
