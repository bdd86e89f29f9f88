"""Starts the site and Jeton on one database, shows that each takes the other's tokens, and serves both until an interrupt."""

import argparse
import signal
import threading

from servers import HERE, Site


def show(what, answer):
    status, body = answer
    print(f"  {status}  {what}", flush=True)
    return body


def tour(django, jeton, user):
    """Sends what a front end would, to one server and the other."""
    ours = show("Jeton: log in", jeton.call("/api/token/", user))
    show("Django: the notes, with Jeton's access token", django.call("/api/notes/", token=ours["access"]))
    show("Django: refresh, with Jeton's refresh token", django.call("/api/token/refresh/", {"refresh": ours["refresh"]}))
    show("Jeton: refresh, with that refresh token, which is spent", jeton.call("/api/token/refresh/", {"refresh": ours["refresh"]}))
    theirs = show("Django: log in", django.call("/api/token/", user))
    show("Jeton: verify Django's access token", jeton.call("/api/token/verify/", {"token": theirs["access"]}))
    fresh = show("Jeton: refresh, with Django's refresh token", jeton.call("/api/token/refresh/", {"refresh": theirs["refresh"]}))
    show("Django: the notes, with the access token of that", django.call("/api/notes/", token=fresh["access"]))
    show("Django: the notes, without a token", django.call("/api/notes/"))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--state", default=HERE / ".jeton", help="where the database and the keys are kept")
    parser.add_argument("--django-port", type=int, default=8002, help="0 takes a free one")
    parser.add_argument("--jeton-port", type=int, default=8003, help="0 takes a free one")
    parser.add_argument("--once", action="store_true", help="end when all has been shown")
    options = parser.parse_args()

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    running = []
    try:
        serve(Site(options.state), options, running)
    except KeyboardInterrupt:
        pass
    finally:
        for server in running:
            server.stop()


def serve(site, options, running):
    """Starts both servers, which it appends to running, and waits for an interrupt unless there is to be but one round."""
    user = site.prepare()
    running.append(site.start_django(options.django_port))
    running.append(site.start_jeton(options.jeton_port))
    django, jeton = running
    print(f"Django  {django.url}/\nJeton   {jeton.url}/\nUser    {user['username']}, password {user['password']}\n", flush=True)
    tour(django, jeton, user)
    if not options.once:
        print("\nCtrl-C stops both.", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
