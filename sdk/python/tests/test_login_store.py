"""Stores: a login that outlives its process, and one that processes share."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import ClassVar

import grpc
import pytest

import symbolon
from conftest import PATIENCE, Demo, eventually, run_python
from scripted import HOUR, Driven, Held, Logins, Scripted, ShiftedClock, serving
from symbolon import FileStore, MemoryStore, SymbolonError
from symbolon._login import file_lock
from symbolon._login import session as session_module

PRECONDITION = grpc.StatusCode.FAILED_PRECONDITION


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> ShiftedClock:
    clock = ShiftedClock()
    monkeypatch.setattr(session_module, "CLOCK", clock)
    return clock


@pytest.fixture
def service() -> Scripted:
    return Scripted()  # type: ignore[abstract]


@pytest.fixture
def address(service: Scripted) -> Iterator[str]:
    with serving(service) as address:
        yield address


@pytest.fixture(params=[False, True], ids=["threads", "asyncio"])
def logins(request: pytest.FixtureRequest, clock: ShiftedClock) -> Iterator[Logins]:
    made = Logins(request.param)
    yield made
    made.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "login.json"


@pytest.fixture
def login(logins: Logins, address: str, path: Path) -> Driven:
    return logins.open(address, FileStore(path))


RECORD = json.dumps(
    {
        "version": 1,
        "client_id": "app",
        "kind": "USER",
        "subject_id": "ann",
        "family_id": "fm_ann",
        "token_id": "ta_0",
        "scopes": [],
        "access_token": "syu_secret0",
        "refresh_token": "syr_secret0",
        "obtained_ms": 1,
        "lifetime_ms": 1,
        "login_lifetime_ms": 1,
    }
)


def names_beside(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.iterdir())


def old(path: Path, seconds: float) -> None:
    changed = path.lstat().st_mtime - seconds
    os.utime(path, (changed, changed))


def raise_full(_: int) -> None:
    raise OSError(28, "No space left on device")


def refused(store: FileStore, code: grpc.StatusCode, *words: str) -> None:
    with pytest.raises(SymbolonError) as failed:
        store.load()
    assert failed.value.code is code
    for word in (str(store._path), *words):
        assert word in str(failed.value)
    assert "secret" not in str(failed.value)


@pytest.mark.parametrize("mask", [0, 0o777])
def test_the_owner_alone_may_read_it(path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        FileStore(path).save(RECORD)
        with FileStore(path).lock():
            lock = path.with_name(path.name + ".lock")
            assert stat.S_IMODE(lock.stat().st_mode) == 0o600
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert FileStore(str(path)).load() == RECORD
    assert names_beside(path) == [path.name]
    FileStore(path).clear()
    FileStore(path).clear()
    assert FileStore(path).load() is None


def test_a_save_that_fails_leaves_the_old_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(path)
    store.save(RECORD)

    monkeypatch.setattr(os, "fsync", raise_full)
    with pytest.raises(SymbolonError, match="No space left") as failed:
        store.save(RECORD.replace("secret0", "secret1"))
    assert "secret" not in str(failed.value)
    assert store.load() == RECORD
    assert names_beside(path) == [path.name]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o644])
def test_one_that_others_may_read(path: Path, mode: int) -> None:
    store = FileStore(path)
    store.save(RECORD)
    path.chmod(mode)
    refused(store, PRECONDITION, "chmod 600")
    store.save(RECORD)
    assert store.load() == RECORD


@pytest.mark.parametrize("kind", ["directory", "link", "fifo"])
def test_what_is_not_a_regular_file(path: Path, kind: str) -> None:
    target = path.with_name("target")
    if kind == "directory":
        path.mkdir(0o700)
    elif kind == "link":
        target.write_text("of somebody else")
        target.chmod(0o600)
        path.symlink_to(target)
    else:
        os.mkfifo(path, 0o600)
    store = FileStore(path)
    refused(store, PRECONDITION, "not a regular file")
    for change in (partial(store.save, RECORD), store.clear):
        with pytest.raises(SymbolonError, match="not a regular file"):
            change()
    assert path.is_symlink() or not path.is_file()
    if kind == "link":
        assert target.read_text() == "of somebody else"


@pytest.mark.parametrize("data", [b"", RECORD.encode()[:-20], b"\xff\xfe", b"[]"])
def test_one_that_is_cut_short(logins: Logins, address: str, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600)
    refused(FileStore(path), grpc.StatusCode.DATA_LOSS, "sign in anew")
    login = logins.open(address, FileStore(path))
    with pytest.raises(SymbolonError, match="holds no login"):
        login.resume_stored()
    assert login.told == ["store_failed"]
    assert not login.signed_in
    assert path.read_bytes() == data
    login.sign_in_user("ann", "a-password")
    assert "syu_secret1" in path.read_text()


def test_one_that_can_not_be_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FileStore(path).save(RECORD)
    real = os.open

    def refuse(name: object, *args: int, **kwargs: int) -> int:
        if name == path:
            raise PermissionError(13, "Permission denied")
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    refused(FileStore(path), PRECONDITION, "can't be read", "Permission denied")


def test_a_path_that_leads_nowhere(path: Path) -> None:
    with pytest.raises(SymbolonError, match="path must be in a directory"):
        FileStore(path / "none" / "login.json")
    with pytest.raises(SymbolonError, match="path must be that of a file"):
        FileStore(1)  # type: ignore[arg-type]


def test_a_directory_that_is_gone_signs_nobody_out(
    login: Driven, service: Scripted, clock: ShiftedClock, path: Path
) -> None:
    login.sign_in_user("ann", "a-password")
    away = path.parent.with_name("away")
    path.parent.rename(away)
    clock.go_on(HOUR + 1)
    assert login.token() == "syu_secret2"
    assert "store_failed" in login.told
    assert login.signed_in
    with pytest.raises(SymbolonError, match="can't be read"):
        login.resume_stored()
    away.rename(path.parent)
    clock.go_on(40)
    eventually("it is written", lambda: login.token() in path.read_text())


def test_what_others_left_behind_is_removed(path: Path) -> None:
    left = path.with_name(f"{path.name}.{'a' * 22}.tmp")
    fresh = path.with_name(f"{path.name}.{'b' * 22}.tmp")
    aside = path.with_name(f"{path.name}.lock.{'c' * 22}")
    other = path.with_name("notes.json.tmp")
    for each in (left, fresh, aside, other):
        each.write_text("syr_secret")
    for each in (left, aside, other):
        old(each, 61)
    FileStore(path).save(RECORD)
    assert names_beside(path) == sorted([path.name, fresh.name, other.name])


def test_one_holds_the_lock(path: Path) -> None:
    first, second = FileStore(path), FileStore(path)
    lock = path.with_name(path.name + ".lock")
    entered = threading.Event()

    def enter() -> None:
        with second.lock():
            entered.set()

    with first.lock():
        assert stat.S_IMODE(lock.stat().st_mode) == 0o600
        assert len(lock.read_text()) == 22
        thread = threading.Thread(target=enter)
        thread.start()
        # Younger than it may be held.
        old(lock, 10)
        assert not entered.wait(1.3)
    thread.join(PATIENCE)
    assert entered.is_set()
    assert not lock.exists()


def test_a_lock_of_a_process_that_ended(path: Path) -> None:
    lock = path.with_name(path.name + ".lock")
    lock.write_text("x" * 22)
    old(lock, 16)
    with FileStore(path).lock():
        assert lock.read_text() != "x" * 22
    assert names_beside(path) == []


def test_a_lock_that_is_another_one_by_now_is_put_back(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = path.with_name(path.name + ".lock")
    lock.write_text("x" * 22)
    old(lock, 16)
    real = Path.rename

    def late(self: Path, target: Path) -> Path:
        # Between looking and taking it away, another process was quicker in both.
        self.unlink()
        self.write_text("y" * 22)
        return real(self, target)

    monkeypatch.setattr(Path, "rename", late)
    monkeypatch.setattr(file_lock, "_PATIENCE", 0.3)
    with pytest.raises(SymbolonError, match="holds"), FileStore(path).lock():
        pass
    assert lock.read_text() == "y" * 22
    assert names_beside(path) == [lock.name]


def test_who_lost_the_lock_writes_nothing(path: Path) -> None:
    store = FileStore(path)
    lock = path.with_name(path.name + ".lock")
    with store.lock():
        lock.write_text("z" * 22)
        for change in (partial(store.save, RECORD), store.clear):
            with pytest.raises(SymbolonError, match="took the lock") as failed:
                change()
            assert failed.value.code is grpc.StatusCode.ABORTED
    # And leaves the lock to who has it.
    assert lock.read_text() == "z" * 22
    assert not path.exists()


def test_others_have_it_for_too_long(login: Driven, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_lock, "_PATIENCE", 0.2)
    lock = path.with_name(path.name + ".lock")
    lock.write_text("x" * 22)
    with pytest.raises(SymbolonError, match=r"login\.json\.lock") as failed, FileStore(path).lock():
        pass
    assert failed.value.code is grpc.StatusCode.UNAVAILABLE
    assert lock.read_text() == "x" * 22


def test_no_refresh_without_the_lock(
    login: Driven, service: Scripted, clock: ShiftedClock, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login.sign_in_user("ann", "a-password")
    monkeypatch.setattr(file_lock, "_PATIENCE", 0.2)
    lock = path.with_name(path.name + ".lock")
    lock.write_text("x" * 22)
    clock.go_on(HOUR + 1)
    with pytest.raises(SymbolonError) as failed:
        login.token()
    assert failed.value.code is grpc.StatusCode.UNAVAILABLE
    assert not service.names("Refresh")
    assert login.signed_in
    lock.unlink()
    assert login.token() == "syu_secret2"


def test_closed_while_it_waits_for_the_lock(login: Driven, service: Scripted, clock: ShiftedClock, path: Path) -> None:
    """Nothing is sent any more, for the answer might be lost."""
    login.sign_in_user("ann", "a-password")
    lock = path.with_name(path.name + ".lock")
    lock.write_text("x" * 22)
    clock.go_on(HOUR - 10)
    login.token()
    state = login.login._session.state
    with ThreadPoolExecutor(1) as threads:
        closing = threads.submit(login.close)
        eventually("it is closed", lambda: state.is_closed)
        lock.unlink()
        closing.result(PATIENCE)
    eventually("nothing is under way", lambda: state._flight is None)
    assert not service.names("Refresh")


def test_two_logins_share_one_in_memory(logins: Logins, address: str, clock: ShiftedClock, service: Scripted) -> None:
    """The refresh token of one of them would be taken for theft."""
    store = MemoryStore()
    first, second = logins.open(address, store), logins.open(address, store)
    first.sign_in_user("ann", "a-password")
    assert second.resume_stored()
    clock.go_on(HOUR + 1)
    held = Held()
    service.script("Refresh", held)
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(each.token) for each in (first, second)]
        assert held.arrived.wait(PATIENCE)
        eventually("both wait", lambda: all(each.login._session.state._flight for each in (first, second)))
        held.released.set()
        assert [each.result(PATIENCE) for each in waiting] == ["syu_secret2"] * 2
    assert len(service.names("Refresh")) == 1


def test_another_process_was_quicker(
    logins: Logins, login: Driven, address: str, clock: ShiftedClock, path: Path, service: Scripted
) -> None:
    login.sign_in_user("ann", "a-password")
    other = logins.open(address, FileStore(path))
    assert other.resume_stored()
    clock.go_on(HOUR + 1)
    assert other.token() == "syu_secret2"
    assert login.token() == "syu_secret2"
    assert login.told == ["signed_in", "refreshed"]
    assert len(service.names("Refresh")) == 1
    # And a token that was refused is looked for there, without a call.
    clock.go_on(HOUR + 1)
    assert other.token() == "syu_secret3"
    assert login.refused("syu_secret2")
    assert not service.names("DescribeToken")
    assert login.token() == "syu_secret3"


def test_signed_out_there(logins: Logins, login: Driven, address: str, clock: ShiftedClock, path: Path) -> None:
    login.sign_in_user("ann", "a-password")
    other = logins.open(address, FileStore(path))
    other.resume_stored()
    other.sign_out()
    clock.go_on(HOUR + 1)
    with pytest.raises(SymbolonError, match="sign in first"):
        login.token()
    assert login.told == ["signed_in", "signed_out signed_out"]


@pytest.mark.parametrize("is_written", [True, False])
def test_signed_out_there_and_resumed(
    logins: Logins,
    login: Driven,
    address: str,
    clock: ShiftedClock,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    is_written: bool,
) -> None:
    """Who looks for what is stored finds that nobody is signed in, and brings nobody back."""
    login.sign_in_user("ann", "a-password")
    if not is_written:
        with monkeypatch.context() as full:
            full.setattr(os, "fsync", raise_full)
            clock.go_on(HOUR + 1)
            assert login.token() == "syu_secret2"
    other = logins.open(address, FileStore(path))
    assert other.resume_stored()
    other.sign_out()
    assert not login.resume_stored()
    assert [each for each in login.told if each.startswith("signed")] == ["signed_in", "signed_out signed_out"]
    assert not path.exists()


@pytest.mark.parametrize("how", ["token", "refused"])
def test_replaced_there(
    logins: Logins, login: Driven, address: str, clock: ShiftedClock, path: Path, service: Scripted, how: str
) -> None:
    login.sign_in_user("ann", "a-password")
    other = logins.open(address, FileStore(path))
    service.subject = "bob"
    other.sign_in_user("bob", "a-password")
    clock.go_on(HOUR - 1 if how == "refused" else HOUR + 1)
    if how == "refused":
        assert not login.refused("syu_secret1")
    with pytest.raises(SymbolonError, match="sign in first"):
        login.token()
    assert login.told == ["signed_in", "signed_out replaced"]
    assert not service.names("Refresh")
    # What is there is of somebody else.
    assert not login.signed_in
    assert login.sign_out() in (True, False)
    assert "bob" in path.read_text()


def test_what_is_resumed_takes_the_place_of_who_was_there(
    logins: Logins, login: Driven, address: str, path: Path, service: Scripted
) -> None:
    login.sign_in_user("ann", "a-password")
    service.subject = "bob"
    logins.open(address, FileStore(path)).sign_in_user("bob", "a-password")
    assert login.resume_stored()
    assert login.current_user.subject_id == "bob"
    assert {each.token for each in service.names("Revoke")} == {"syr_secret1"}
    # The same one again is no other.
    before = len(service.names("Revoke"))
    assert login.resume_stored()
    assert len(service.names("Revoke")) == before


def test_a_sign_out_leaves_the_login_of_another(
    logins: Logins, login: Driven, address: str, path: Path, service: Scripted
) -> None:
    login.sign_in_user("ann", "a-password")
    service.subject = "bob"
    logins.open(address, FileStore(path)).sign_in_user("bob", "a-password")
    assert login.sign_out()
    assert "bob" in path.read_text()


def test_a_sign_out_removes_what_others_may_read(login: Driven, path: Path) -> None:
    login.sign_in_user("ann", "a-password")
    path.chmod(0o644)
    assert login.sign_out()
    assert not path.exists()


def test_the_loop_is_not_blocked(
    logins: Logins, login: Driven, path: Path, service: Scripted, clock: ShiftedClock
) -> None:
    if logins.loop is None:
        # A thread may wait.
        return
    login.sign_in_user("ann", "a-password")
    lock = path.with_name(path.name + ".lock")
    lock.write_text("x" * 22)
    clock.go_on(HOUR - 10)

    async def ask() -> None:
        for _ in range(20):
            began = time.monotonic()
            assert await login.login.token() == "syu_secret1"
            assert time.monotonic() - began < 5

    login.wait(ask())
    lock.unlink()
    eventually("it is refreshed", lambda: login.token() == "syu_secret2")


def test_a_task_that_is_cancelled_leaves_no_lock(logins: Logins, address: str, path: Path, clock: ShiftedClock) -> None:
    if logins.is_async:
        # It has loops of its own.
        return
    lock = path.with_name(path.name + ".lock")

    class Told(FileStore):
        is_asked = threading.Event()
        # Kept, for one that nobody has is ended by the garbage collector.
        locks: ClassVar[list[object]] = []

        def lock(self) -> AbstractContextManager[None]:
            self.is_asked.set()
            lock = super().lock()
            self.locks.append(lock)
            return lock

    store = Told(path)

    async def sign_in(and_wait: bool) -> None:
        async with symbolon.AsyncClient(address, "app") as client:
            login = client.login(store=store)
            await login.sign_in_user("ann", "a-password")
            if and_wait:
                store.is_asked.clear()
                lock.write_text("x" * 22)
                clock.go_on(HOUR - 10)
                # The refresh waits for the lock while the loop ends, and another process lets go of it then.
                await login.token()
                await asyncio.to_thread(store.is_asked.wait, PATIENCE)
                threading.Timer(0.3, lock.unlink).start()

    asyncio.run(sign_in(and_wait=True))
    # The loop ends when its threads have.
    assert not lock.exists()
    asyncio.run(sign_in(and_wait=False))
    assert not lock.exists()


PROCESS = """
import sys, asyncio, symbolon
from symbolon._login import session
from scripted import ShiftedClock
address, path, kind = sys.argv[1:]
clock = ShiftedClock()
session.CLOCK = clock
store = symbolon.FileStore(path)

def wait():
    print("ready", flush=True)
    sys.stdin.readline()
    clock.go_on(3601)

async def main():
    login = symbolon.AsyncClient(address, "app").login(store=store)
    assert await login.resume_stored()
    wait()
    print(await login.token(), flush=True)

if kind == "asyncio":
    asyncio.run(main())
else:
    login = symbolon.Client(address, "app").login(store=store)
    assert login.resume_stored()
    wait()
    print(login.token(), flush=True)
"""


def test_processes_make_one_refresh(login: Driven, address: str, path: Path, service: Scripted) -> None:
    login.sign_in_user("ann", "a-password")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, address, str(path), kind],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for kind in ("threads", "asyncio")
    ]
    held = Held()
    service.script("Refresh", held)
    try:
        for each in processes:
            assert each.stdout is not None
            assert each.stdout.readline() == "ready\n"
        for each in processes:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        assert held.arrived.wait(PATIENCE)
        held.released.set()
        assert [each.communicate(timeout=PATIENCE)[0] for each in processes] == ["syu_secret2\n"] * 2
    finally:
        for each in processes:
            each.kill()
            each.wait()
    assert len(service.names("Refresh")) == 1


CRASH = """
import os, sys, symbolon
from symbolon._login import session
from scripted import ShiftedClock
address, path = sys.argv[1:]
clock = ShiftedClock()
session.CLOCK = clock

class Ends(symbolon.FileStore):
    def save(self, record):
        os._exit(7)

with symbolon.Client(address, "demo", timeout=60) as client:
    login = client.login(store=Ends(path))
    assert login.resume_stored()
    clock.go_on(100_000)
    login.token()
"""


def test_a_process_that_ends_between_refresh_and_save(hourly: Demo, path: Path, clock: ShiftedClock) -> None:
    """By the real server: the pair that was lost is answered again, and nothing is taken for theft."""
    user = hourly.record["user"]
    with symbolon.Client(hourly.address, "demo", timeout=60) as client:
        login = client.login(store=FileStore(path))
        login.sign_in_user(user["login_name"], user["password"])
        first = login.token()
        with pytest.raises(AssertionError):
            run_python(CRASH, hourly.address, str(path))
        assert first in path.read_text()
        # Its lock stays for thirty seconds, as that of a process which runs.
        lock = path.with_name(path.name + ".lock")
        if lock.exists():
            old(lock, 16)
        again = client.login(store=FileStore(path))
        assert again.resume_stored()
        clock.go_on(100_000)
        second = again.token()
        assert second != first
        assert again.account.get().login_name == user["login_name"]
        assert again.sign_out()


FORK = """
import os, sys, threading, symbolon
from symbolon._login import session
from scripted import ShiftedClock, Scripted, serving, Held
path = sys.argv[1]
clock = ShiftedClock()
session.CLOCK = clock

def in_child(step):
    child = os.fork()
    if child == 0:
        try:
            step()
        except BaseException:
            import traceback
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0

# The server is another process: one that serves must not fork.
address = sys.argv[2]
client = symbolon.Client(address, "app", timeout=60)
store = symbolon.FileStore(path) if path else None
login = client.login(store=store)
told = []
login.on_event(lambda each: told.append((each.event, each.reason)))
login.sign_in_user("ann", "a-password")
before = login.token()

# As if another thread were within all of it.
state = login._session.state
state._lock.acquire()
login._session.events._lock.acquire()

def go_on():
    assert login.signed_in and login.token() == before
    assert ("refresh_token" in login.export_tokens()) == bool(path)
    assert ("refresh_token" in login._store.load()) == bool(path)
    clock.go_on(3601)
    if path:
        assert login.token() != before
    else:
        # The refresh token is the parent's: a second use of it is theft.
        try:
            login.token()
        except symbolon.SymbolonError as error:
            assert error.code.name == "UNAUTHENTICATED"
        else:
            raise AssertionError
        assert told[-1] == ("signed_out", "expired"), told
    login.sign_in_user("ann", "a-password")

in_child(go_on)
login._session.events._lock.release()
state._lock.release()
if path:
    clock.go_on(3601)
    try:
        login.token()
    except symbolon.SymbolonError:
        # The child has signed in anew.
        pass
else:
    clock.go_on(3601)
    assert login.token() != before
print("good")
"""


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_child_goes_on_with_what_it_inherited(address: str, path: Path, service: Scripted, is_shared: bool) -> None:
    assert run_python(FORK, str(path) if is_shared else "", address) == "good\n"
    # Of the child with its own store there is none.
    refreshes = [each.refresh_token for each in service.names("Refresh")]
    assert len(refreshes) == len(set(refreshes))


FORK_BESIDE = """
import os, sys, symbolon
from symbolon._login import session
from scripted import ShiftedClock
address, path = sys.argv[1:]
clock = ShiftedClock()
session.CLOCK = clock
client = symbolon.Client(address, "app", timeout=60)
login = client.login(store=symbolon.FileStore(path))
login.sign_in_user("ann", "a-password")
clock.go_on(3590)
before = login.token()
# The refresh waits for the server then.
sys.stdin.readline()
child = os.fork()
if child == 0:
    try:
        clock.go_on(20)
        token = login.token()
        os._exit(0 if token != before else 2)
    except BaseException:
        import traceback
        traceback.print_exc()
        os._exit(1)
print("forked", flush=True)
sys.stdin.readline()
clock.go_on(20)
after = login.token()
assert os.waitpid(child, 0)[1] == 0
print(after)
"""


def test_a_fork_beside_a_refresh(address: str, path: Path, service: Scripted) -> None:
    """The child waits for the lock that its parent has, and takes what that got."""
    held = Held()
    service.script("Refresh", held)
    process = subprocess.Popen(
        [sys.executable, "-c", FORK_BESIDE, address, str(path)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert held.arrived.wait(PATIENCE)
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
        assert process.stdout is not None
        assert process.stdout.readline() == "forked\n"
        held.released.set()
        assert process.communicate("go\n", timeout=PATIENCE)[0] == "syu_secret2\n"
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait()
    assert len(service.names("Refresh")) == 1
