"""Starts a server, and the app over and over: each time another process, as a person starts it."""

import os
import subprocess
import sys

from demo_server import room

with room() as made:
    demo = made.serve()
    user = demo["user"]
    settings = {
        "SYMBOLON_ADDRESS": demo["grpc"],
        "CLIENT_ID": demo["tenant_id"],
        "APP_PASSWORD": user["password"],
        "APP_FILE": str(made.path / "login.json"),
    }
    for words in (["sign-in", user["login_name"]], ["who"], ["rename", "Ann"], ["who"], ["sign-out"], ["who"]):
        print(f"app.py {' '.join(words)}", flush=True)
        subprocess.run([sys.executable, "app.py", *words], env={**os.environ, **settings}, check=True)
