"""The app and the device of examples/python, as they are started and as they print. The services: test/sdk/python."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from conftest import PATIENCE, ROOT

FOLDER = ROOT / "examples/python"
README = (FOLDER / "README.md").read_text()


@pytest.mark.parametrize("name", ["app", "device"])
def test_example(name: str) -> None:
    pytest.importorskip("uvicorn")
    expected = re.findall(rf"`run {name}` prints:\n\n```\n(.*?)```", README, re.DOTALL)
    done = subprocess.run(
        [sys.executable, f"start_{name}.py"],
        cwd=FOLDER,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert [done.stdout] == expected
