"""Secrets in files that only their owner may read."""

import os
import secrets


def keep_secret_file(path):
    """Returns the text of a file. When it is missing, makes it with 48 random bytes; programs that start together agree on them."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    if not path.exists():
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # appears whole, and never replaces another's
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()
