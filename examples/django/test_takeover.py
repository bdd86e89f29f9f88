"""The site alone, with Jeton beside it, and without it again."""

import json
import subprocess
import sys
import tempfile
import unittest

from servers import HERE, JETON, Site


class Takeover(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        state = tempfile.TemporaryDirectory()
        cls.addClassCleanup(state.cleanup)
        cls.site = Site(state.name)
        cls.user = cls.site.prepare()
        cls.django = cls.site.start_django()
        cls.addClassCleanup(cls.django.stop)
        cls.jeton = cls.site.start_jeton()
        cls.addClassCleanup(cls.jeton.stop)

    def change(self, statements):
        """Runs Python in the site, with the demo user as user."""
        found = "from django.contrib.auth.models import User; user = User.objects.get(username='demo'); "
        return self.site.manage("shell", "--verbosity", "0", "-c", found + statements)

    def expect(self, answer, status=200):
        self.assertEqual(answer[0], status, answer)
        return answer[1]

    def login(self, server):
        pair = self.expect(server.call("/api/token/", self.user))
        self.assertEqual(list(pair), ["refresh", "access"])
        return pair

    def test_django_alone(self):
        pair = self.login(self.django)
        self.expect(self.django.call("/api/notes/", {"text": "milk"}, pair["access"]), 201)
        self.assertIn("milk", [note["text"] for note in self.expect(self.django.call("/api/notes/", token=pair["access"]))])
        self.expect(self.django.call("/api/token/verify/", {"token": pair["access"]}))
        self.expect(self.django.call("/api/token/refresh/", {"refresh": pair["refresh"]}))
        self.expect(self.django.call("/api/notes/"), 401)

    def test_each_takes_the_others_tokens(self):
        for maker, other in [(self.django, self.jeton), (self.jeton, self.django)]:
            pair = self.login(maker)
            for token in pair.values():
                self.assertEqual(self.expect(other.call("/api/token/verify/", {"token": token})), {})
            self.expect(self.django.call("/api/notes/", token=pair["access"]))
            fresh = self.expect(other.call("/api/token/refresh/", {"refresh": pair["refresh"]}))
            self.expect(self.django.call("/api/notes/", token=fresh["access"]))
            self.expect(self.django.call("/api/notes/", token=pair["refresh"]), 401)

    def test_refusals_are_the_same(self):
        pair = self.login(self.django)
        forged = pair["refresh"][:-4] + "AAAA"
        for path, data in [
            ("/api/token/", self.user | {"password": "wrong"}),
            ("/api/token/", {"username": "nobody", "password": "wrong"}),
            ("/api/token/", {}),
            ("/api/token/refresh/", {"refresh": forged}),
            ("/api/token/refresh/", {"refresh": pair["access"]}),
            ("/api/token/verify/", {"token": forged}),
            ("/api/token/verify/", {"token": "nonsense"}),
            ("/api/token/verify/", {"token": ""}),
            ("/api/token/verify/", []),
            ("/api/token/blacklist/", {"refresh": forged}),
            ("/api/token/blacklist/", {}),
        ]:
            with self.subTest(path=path, data=data):
                theirs, ours = self.django.call(path, data), self.jeton.call(path, data)
                self.assertGreaterEqual(theirs[0], 400)
                self.assertEqual(theirs, ours)

    def test_each_knows_what_the_other_has_ended(self):
        spent = {"detail": "Token is blacklisted", "code": "token_not_valid"}
        for maker, other in [(self.django, self.jeton), (self.jeton, self.django)]:
            first = self.login(maker)["refresh"]
            second = self.expect(other.call("/api/token/refresh/", {"refresh": first}))["refresh"]
            self.assertNotEqual(first, second)
            self.assertEqual(self.expect(maker.call("/api/token/refresh/", {"refresh": first}), 401), spent)
            self.assertEqual(self.expect(maker.call("/api/token/blacklist/", {"refresh": second})), {})
            self.assertEqual(self.expect(other.call("/api/token/refresh/", {"refresh": second}), 401), spent)
            for server in (maker, other):
                self.assertEqual(self.expect(server.call("/api/token/verify/", {"token": second}), 400), {"non_field_errors": ["Token is blacklisted"]})

    def test_users_are_the_sites(self):
        before = self.login(self.jeton)
        self.addCleanup(self.change, f"user.set_password({self.user['password']!r}); user.is_active = True; user.save()")
        self.change("user.set_password('another one'); user.save()")
        for server in (self.django, self.jeton):
            self.expect(server.call("/api/token/", self.user), 401)
            self.expect(server.call("/api/token/", self.user | {"password": "another one"}))
        self.change("user.is_active = False; user.save()")
        for server in (self.django, self.jeton):
            self.expect(server.call("/api/token/", self.user | {"password": "another one"}), 401)
            self.expect(server.call("/api/token/refresh/", {"refresh": before["refresh"]}), 401)

    def test_other_origins_are_told_the_same(self):
        app, other = "https://app.site.example", "https://other.example"
        asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
        for path in ["/api/token/", "/api/token/verify/", "/api/nowhere/"]:
            for method, headers in [
                ("OPTIONS", {"Origin": app} | asking),
                ("OPTIONS", {"Origin": other} | asking),
                ("OPTIONS", asking),
                ("OPTIONS", {"Origin": app}),
                ("POST", {"Origin": app}),
                ("POST", {"Origin": other}),
                ("POST", {"Origin": "null"}),
                ("GET", {"Origin": app}),
                ("GET", {}),
            ]:
                with self.subTest(path=path, method=method, headers=headers):
                    found = []
                    for server in (self.django, self.jeton):
                        status, fields, _ = server.exchange(path, {} if method == "POST" else None, headers, method)
                        cors = {name.lower(): value for name, value in fields.items() if name.lower().startswith("access-control-")}
                        vary = (fields["Vary"], fields["Content-Type"]) if path != "/api/nowhere/" or "Access-Control-Request-Method" in headers else None
                        found.append((status, cors, vary))
                    self.assertEqual(*found)
        self.assertEqual(self.jeton.exchange("/api/token/", None, {"Origin": app} | asking, "OPTIONS")[1]["Access-Control-Allow-Origin"], app)

    def test_logins_are_recorded(self):
        before = self.change("user.last_login = None; user.save(); print(user.password)")
        self.login(self.jeton)
        seen = self.change("from django.utils import timezone; print(user.password, (timezone.now() - user.last_login).total_seconds() < 600)")
        self.assertEqual(seen, before.rstrip() + " True\n")  # the hash is not renewed: both want the same cost

    def test_roll_back(self):
        jeton = self.site.start_jeton()
        pair = self.login(jeton)
        self.assertEqual(jeton.stop(), 0)
        self.expect(self.django.call("/api/notes/", token=pair["access"]))
        fresh = self.expect(self.django.call("/api/token/refresh/", {"refresh": pair["refresh"]}))
        self.expect(self.django.call("/api/notes/", token=fresh["access"]))

    def test_check(self):
        command = [JETON, "serve", "--check", "--db", str(self.site.database), "--config", str(self.site.settings)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        self.assertIn(f"signing key: --config {self.site.settings}, for HS256", said)

    def test_secrets_are_the_owners(self):
        for name in ["secret-key", "demo-password", "jeton.json"]:
            self.assertEqual((self.site.state / name).stat().st_mode & 0o777, 0o600, name)
        secret = json.loads(self.site.settings.read_text())["SECRET_KEY"]
        for server in (self.django, self.jeton):
            self.assertNotIn(secret, "".join(server.lines))
            self.assertNotIn(self.user["password"], "".join(server.lines))


class Run(unittest.TestCase):
    def test_run(self):
        """The one command of README.md, which ends once all has been shown."""
        with tempfile.TemporaryDirectory() as state:
            for attempt in ("first", "again"):
                command = [sys.executable, "run.py", "--once", "--state", state, "--django-port", "0", "--jeton-port", "0"]
                said = subprocess.run(command, cwd=HERE, check=True, stdout=subprocess.PIPE, text=True, timeout=300).stdout
                statuses = [line.split()[0] for line in said.splitlines() if line.startswith("  ")]
                self.assertEqual(statuses, ["200"] * 3 + ["401"] + ["200"] * 4 + ["401"], f"{attempt}: {said}")


if __name__ == "__main__":
    unittest.main()
