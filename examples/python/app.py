"""A command-line app that stays signed in: `app.py sign-in NAME`, `who`, `rename NAME`, `sign-out`."""

import os
import sys
from getpass import getpass
from pathlib import Path

import symbolon

FILE = os.environ.get("APP_FILE") or Path.home() / ".symbolon-example.json"


def sign_in(login: symbolon.Login, name: str) -> str:
    """Ask for what is wanted, once."""
    factor = login.sign_in_user(name, os.environ.get("APP_PASSWORD") or getpass())
    if factor is not None:
        factor.complete(input("Code of the second factor: "))
    return f"signed in as {login.account.get().login_name}"


def run(login: symbolon.Login, command: str, *words: str) -> str:
    """Answer what is printed."""
    if command == "sign-in":
        return sign_in(login, *words)
    if not login.resume_stored():
        return "nobody is signed in"
    if command == "sign-out":
        return "signed out" if login.sign_out() else "signed out here; the server is away"
    user = login.account.get() if command == "who" else login.account.update(display_name=" ".join(words))
    return f"still signed in as {user.login_name}{user.display_name and f', {user.display_name}'}"


if __name__ == "__main__":
    with (
        symbolon.Client(os.environ["SYMBOLON_ADDRESS"], os.environ["CLIENT_ID"]) as client,
        client.login(store=symbolon.FileStore(FILE)) as login,
    ):
        try:
            print("  " + run(login, *(sys.argv[1:] or ["who"])))
        except symbolon.SymbolonError as error:
            sys.exit(f"{error}")
