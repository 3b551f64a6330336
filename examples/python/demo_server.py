"""Starts and ends what an example is made of. A program of your own needs nothing of this."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
NODE = ROOT / "node_modules/.bin/node"
FREE = ["--grpc-address", "127.0.0.1:0", "--http-address", "127.0.0.1:0", "--metrics-address", "off"]


class Room:
    """A directory for one run, and the programs that run in it."""

    def __init__(self, directory: str) -> None:
        self.path = Path(directory)
        self.running: list[subprocess.Popen[str]] = []

    def start(self, command: list[str], ready: str, env: dict[str, str]) -> str:
        """Run a program until a line of it says that it is ready; answers the rest of the line."""
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **env})
        self.running.append(child)
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith(ready):
                return line.removeprefix(ready).strip()
        raise SystemExit(f"{command[-1]} ended before it was ready")

    def serve(self) -> dict[str, Any]:
        """Start a server with a new data directory. Answers its `demo.json`."""
        data = self.path / "data"
        command = [str(NODE), str(ROOT / "bin/symbolon.js"), "serve", "--demo", "--data-dir", str(data)]
        self.start([*command, "--log-level", "warn", *FREE], "symbolon ready", {})
        demo: dict[str, Any] = json.loads((data / "demo.json").read_text())
        return demo


@contextmanager
def room() -> Iterator[Room]:
    """Make one, and end all that runs in it."""
    with tempfile.TemporaryDirectory(prefix="symbolon-example-", ignore_cleanup_errors=True) as directory:
        made = Room(directory)
        try:
            yield made
        finally:
            for each in reversed(made.running):
                each.terminate()
                each.wait()
