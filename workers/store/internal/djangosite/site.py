"""A Django site on a database, driven by the Go tests.

    site.py DATABASE [MODEL]

DATABASE is the site's DATABASES["default"] as JSON, and MODEL one of MODELS, the user models of the site's own. Each line of standard input is a command with what it is given, [COMMAND, GIVEN],
and each line of standard output what it answers. The commands are the functions below.
"""

import datetime
import json
import os
import sys
import tempfile

import django
from django.conf import settings

MODELS = {
    # A UUID as primary key, and all that Django's own user has.
    "uuid": """
import uuid
from django.contrib.auth.models import AbstractUser
from django.db import models

class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.UUIDField(null=True)
    number = models.IntegerField(null=True)
""",
    # An address as name, and as little as there can be.
    "email": """
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

class Manager(BaseUserManager):
    def create_user(self, email, password):
        user = self.model(email=email)
        user.set_password(password)
        user.save()
        return user

class User(AbstractBaseUser):
    email = models.EmailField(unique=True)
    objects = Manager()
    USERNAME_FIELD = "email"
""",
    # The name itself as primary key, and no last_login.
    "text": """
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

class Manager(BaseUserManager):
    def create_user(self, handle, password):
        user = self.model(handle=handle, first_name="Given")
        user.set_password(password)
        user.save()
        return user

class User(AbstractBaseUser):
    handle = models.CharField(primary_key=True, max_length=50)
    first_name = models.CharField(max_length=20, null=True)
    is_active = models.BooleanField(default=True)
    last_login = None
    objects = Manager()
    USERNAME_FIELD = "handle"
""",
}

database = json.loads(sys.argv[1])
own = sys.argv[2] if len(sys.argv) > 2 else ""
if own:
    folder = tempfile.TemporaryDirectory()
    os.makedirs(os.path.join(folder.name, "accounts", "migrations"))
    for name, text in {"__init__.py": "", "migrations/__init__.py": "", "models.py": MODELS[own]}.items():
        with open(os.path.join(folder.name, "accounts", name), "w") as file:
            file.write(text)
    sys.path.insert(0, folder.name)
settings.configure(
    SECRET_KEY="only for this test, and long enough for HMAC",
    USE_TZ=True,
    TIME_ZONE="America/Lima",
    DATABASES={"default": database},
    AUTH_USER_MODEL="accounts.User" if own else "auth.User",
    INSTALLED_APPS=(["accounts"] if own else []) + [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.admin",
        "django.contrib.messages",
        "django.contrib.sessions",
        "rest_framework",
        "rest_framework_simplejwt.token_blacklist",
        "rest_framework_jwt.blacklist",
    ],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware"],
    ROOT_URLCONF=__name__,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    PASSWORD_HASHERS=["django.contrib.auth.hashers.PBKDF2PasswordHasher", "django.contrib.auth.hashers.MD5PasswordHasher"],
    SIMPLE_JWT={"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True},
)
urlpatterns = []
django.setup()

from django.contrib.auth import authenticate, get_user_model  # noqa: E402
from django.contrib.auth.models import Group, Permission  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from rest_framework_jwt.blacklist.models import BlacklistedToken as BlockedToken  # noqa: E402
from rest_framework_simplejwt.exceptions import TokenError  # noqa: E402
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken  # noqa: E402
from rest_framework_simplejwt.tokens import RefreshToken  # noqa: E402

User = get_user_model()
FIELDS = ["username", "password", "email", "first_name", "last_name", "is_active", "is_staff", "is_superuser", "date_joined", "last_login"]


def utc(moment):
    return moment and moment.astimezone(datetime.timezone.utc).isoformat(timespec="microseconds")


def migrate(given):
    """Make the site's tables; of the apps given alone, when any are."""
    if own:
        call_command("makemigrations", "accounts", verbosity=0)
    for app in given or [None]:
        call_command("migrate", *filter(None, [app]), verbosity=0)


def adopt(given):
    """Take over a database that has the tables of these apps, as the README says."""
    for app in given:
        call_command("migrate", app, fake=True, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("migrate", check_unapplied=True, verbosity=0)


def schema(_):
    """All there is to know of every table: {table: [line, ...]}."""
    tables = {}
    with connection.cursor() as cursor:
        def every(sql, *arguments):
            cursor.execute(sql, arguments)
            return [" ".join(str(cell) for cell in row) for row in cursor.fetchall()]

        for table in connection.introspection.table_names(cursor):
            if connection.vendor == "sqlite":
                tables[table] = every("SELECT sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type DESC, name", table)
                tables[table] += every("SELECT * FROM pragma_table_info(%s)", table)
                tables[table] += every('SELECT name, "unique", origin, partial FROM pragma_index_list(%s) ORDER BY name', table)
                continue
            tables[table] = every(
                "SELECT column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity, identity_generation, identity_start"
                " FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", table)
            tables[table] += every("SELECT indexdef FROM pg_indexes WHERE tablename = %s ORDER BY indexname", table)
            tables[table] += every(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass ORDER BY conname", table)
    return tables


def add(given):
    """Add users, [{field: value}, ...]."""
    for fields in given:
        for name in ("date_joined", "last_login"):
            if fields.get(name):
                fields[name] = datetime.datetime.fromisoformat(fields[name])
        User.objects.create_user(**fields)


def add_own(given):
    """Add users to a model of the site's own, [[name, password], ...], and return their primary keys."""
    return [str(User.objects.create_user(name, password=password).pk) for name, password in given]


def number(given):
    """Give a user a tenant and a number."""
    name, tenant, value = given
    User.objects.filter(username=name).update(tenant=tenant, number=value)


def own_users(_):
    """The users of a model of the site's own: [[primary key, name, password, last_login], ...]."""
    return [[str(user.pk), user.get_username(), user.password, utc(user.last_login)] for user in User.objects.order_by(User.USERNAME_FIELD)]


def users(_):
    """The users as Django reads them."""
    rows = []
    for user in User.objects.order_by("id"):
        row = {name: getattr(user, name) for name in FIELDS}
        row.update(id=str(user.pk), date_joined=utc(user.date_joined), last_login=utc(user.last_login))
        rows.append(row)
    return rows


def check(given):
    """Whether [[username, password], ...] can log in."""
    return [authenticate(username=name, password=password) is not None for name, password in given]


def give_everything(given):
    """Give a user a group, a permission, a log entry and a token of each kind."""
    user = User.objects.get(username=given)
    group, _ = Group.objects.get_or_create(name="editors")
    user.groups.add(group)
    user.user_permissions.add(Permission.objects.first())
    from django.contrib.admin.models import LogEntry
    LogEntry.objects.create(user_id=user.pk, action_flag=1, object_repr="a thing")
    RefreshToken.for_user(user)
    BlockedToken.objects.create(user=user, token="blocked", expires_at=datetime.datetime.now(datetime.timezone.utc))


def belongings(_):
    """How many rows of each table belong to a user, and how many outstanding tokens to nobody."""
    with connection.cursor() as cursor:
        def count(table, condition):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {condition}")
            return cursor.fetchone()[0]

        tables = [User.groups.through._meta.db_table, User.user_permissions.through._meta.db_table]
        tables += ["django_admin_log", "token_blacklist_outstandingtoken", "blacklist_blacklistedtoken"]
        rows = {t: count(t, "user_id IS NOT NULL") for t in tables}
        rows["nobody"] = count("token_blacklist_outstandingtoken", "user_id IS NULL")
        return rows


def refresh_tokens(given):
    """New refresh tokens of users, [username, ...]: [{"token", "jti", "exp"}, ...]."""
    answers = []
    for name in given:
        token = RefreshToken.for_user(User.objects.get(username=name))
        answers.append({"token": str(token), "jti": token["jti"], "exp": token["exp"]})
    return answers


def accepted(given):
    """Whether refresh tokens are accepted: ["", "Token is blacklisted", ...]."""
    answers = []
    for token in given:
        try:
            RefreshToken(token)
            answers.append("")
        except TokenError as error:
            answers.append(str(error))
    return answers


def blacklist(given):
    """Blacklist refresh tokens."""
    for token in given:
        RefreshToken(token).blacklist()


def tokens(_):
    """The outstanding tokens as Django reads them, with when they were blacklisted."""
    rows = []
    for token in OutstandingToken.objects.order_by("id"):
        blacklisted = BlacklistedToken.objects.filter(token=token).first()
        rows.append({
            "jti": token.jti, "token": token.token, "user": str(token.user_id or ""), "created_at": utc(token.created_at),
            "expires_at": utc(token.expires_at), "blacklisted_at": blacklisted and utc(blacklisted.blacklisted_at),
        })
    return rows


def block(given):
    """Block tokens, [{"token", "token_id", "user", "expires_at"}, ...], as drf-jwt's serializer does."""
    for row in given:
        user = User.objects.get(username=row["user"])
        expires_at = datetime.datetime.fromisoformat(row["expires_at"])
        BlockedToken.objects.get_or_create(token=row["token"], token_id=row["token_id"], user=user, expires_at=expires_at)


def blocked(given):
    """Whether drf-jwt takes [[token, payload, JWT_TOKEN_ID], ...] for blocked."""
    from rest_framework_jwt.settings import api_settings
    answers = []
    for token, payload, mode in given:
        api_settings.JWT_TOKEN_ID = mode
        answers.append(BlockedToken.is_blocked(token, payload))
    return answers


def commands(given):
    """Run management commands."""
    for name in given:
        call_command(name, verbosity=0)


for line in sys.stdin:
    command, given = json.loads(line)
    answer = globals()[command](given)
    connection.close()
    print(json.dumps(answer), flush=True)
