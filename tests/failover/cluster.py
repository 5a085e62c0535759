"""Three PostgreSQL servers under Patroni, with the example of deploy/, and ways to do them harm."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import requests

from tests.bench.hosts import ROOT, family
from tests.failover.which import as_user, find_programs, give
from tests.serving import find_free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXAMPLE = ROOT / "deploy" / "patroni.yml"
NAMES = ("db1", "db2", "db3")
BEGIN_SECONDS = 120
#: They are of a database that is gone when this is over, and nobody else reaches it.
PASSWORDS = {"SUPERUSER": "invented-1", "REPLICATION": "invented-2", "REWIND": "invented-3"}
OWN = "invented-4"


@dataclass
class Node:
    """A machine of the database: Patroni, and the PostgreSQL that it begins."""

    name: str
    folder: Path
    etcd: str
    port: int = field(default_factory=find_free_port)
    api: int = field(default_factory=find_free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def start(self) -> None:
        """Begin it, or begin it again with what is on its disk."""
        self.folder.mkdir(exist_ok=True)
        give(self.folder)
        with (self.folder / "log").open("ab") as said:
            self.process = subprocess.Popen(
                [*as_user(), "patroni", str(EXAMPLE)],
                env=self._environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def postmaster(self) -> int | None:
        """Return the process of its PostgreSQL, if it has one."""
        with suppress(OSError, ValueError, IndexError):
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
            if b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        return None

    def kill(self) -> None:
        """End it as a power cut would."""
        self._signal_all(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(timeout=10)
            self.process = None

    def freeze(self) -> None:
        """Stop all of it where it is: its connections stay, and nothing answers."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on, as if nothing had been."""
        self._signal_all(signal.SIGCONT)

    def kill_postgresql(self) -> None:
        """End its PostgreSQL alone; Patroni lives and sees it."""
        pid = self.postmaster()
        assert pid is not None
        _signal(family(pid), signal.SIGKILL)

    def kill_one(self) -> None:
        """End one process that serves somebody: PostgreSQL then ends all, and recovers."""
        pid = self.postmaster()
        assert pid is not None
        backends = [it for it in family(pid) if b"microblog microblog" in _words_of(it)]
        _signal(backends[:1], signal.SIGKILL)

    def _signal_all(self, how: signal.Signals) -> None:
        # Patroni first: it would begin PostgreSQL again.
        pids = family(self.process.pid) if self.process else []
        postmaster = self.postmaster()
        if postmaster is not None:
            pids += family(postmaster)
        _signal(pids, how)

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("PATRONI_", "PG"))}
        programs = find_programs()
        mine = {
            "NAME": self.name,
            "ETCD_HOSTS": self.etcd,
            "RESTAPI_LISTEN": f"127.0.0.1:{self.api}",
            "RESTAPI_CONNECT_ADDRESS": f"127.0.0.1:{self.api}",
            "POSTGRESQL_LISTEN": f"127.0.0.1:{self.port}",
            "POSTGRESQL_CONNECT_ADDRESS": f"127.0.0.1:{self.port}",
            "POSTGRESQL_DATA_DIR": str(self.data),
            "POSTGRESQL_BIN_DIR": str(programs),
            "POSTGRESQL_PGPASS": str(self.folder / "pgpass"),
            **{f"{who}_PASSWORD": password for who, password in PASSWORDS.items()},
        }
        mine["SUPERUSER_USERNAME"] = "postgres"
        mine["REPLICATION_USERNAME"], mine["REWIND_USERNAME"] = "replicator", "rewinder"
        return {**kept, "HOME": str(self.folder), **{f"PATRONI_{k}": v for k, v in mine.items()}}


def _words_of(pid: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def _signal(pids: list[int], how: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, how)


@dataclass
class Cluster:
    """All three."""

    folder: Path
    nodes: dict[str, Node]

    def url(self, user: str = "microblog", password: str = OWN, name: str = "microblog") -> str:
        """Return the address that finds whichever of them can be written to."""
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes.values())
        more = "target_session_attrs=read-write&connect_timeout=3"
        return f"postgresql://{user}:{password}@{hosts}/{name}?{more}"

    def roles(self) -> dict[str, str]:
        """Return who they say is what: leader, sync_standby or replica; only those that run."""
        for node in self.nodes.values():
            with suppress(requests.RequestException, ValueError):
                found = requests.get(f"http://127.0.0.1:{node.api}/cluster", timeout=2).json()
                return {
                    it["name"]: it["role"]
                    for it in found["members"]
                    if it["state"] in ("running", "streaming")
                }
        return {}

    def leader(self) -> Node:
        """Return the one that can be written to."""
        for _ in range(600):
            for name, role in self.roles().items():
                if role == "leader":
                    return self.nodes[name]
            time.sleep(0.1)
        raise TimeoutError("there is no leader")

    def standbys(self) -> list[Node]:
        leader = self.leader()
        return [node for node in self.nodes.values() if node is not leader]

    def await_all(self) -> None:
        """Wait until all three are well, and one of them is waited for with every post."""
        self._await(
            lambda roles: len(roles) == len(self.nodes) and "sync_standby" in roles.values()
        )

    def _await(self, is_so: Callable[[dict[str, str]], bool]) -> None:
        deadline = time.monotonic() + BEGIN_SECONDS
        while not is_so(roles := self.roles()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not all are well: {roles}")
            time.sleep(0.2)

    def run(self, *statements: str, name: str = "postgres") -> list[tuple[Any, ...]]:
        """Run statements on the leader, as the superuser; return the rows of the last."""
        rows: list[tuple[Any, ...]] = []
        address = self.url("postgres", PASSWORDS["SUPERUSER"], name)
        with psycopg.connect(address, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
                rows = cursor.fetchall() if cursor.description else []
        return rows


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Run etcd and all three, with a role and a database that are empty."""
    folder.chmod(0o755)
    etcd_port, etcd = find_free_port(), None
    place = f"127.0.0.1:{etcd_port}"
    them = Cluster(folder, {name: Node(name, folder / name, place) for name in NAMES})
    try:
        etcd = _begin_etcd(folder, etcd_port)
        them.nodes["db1"].start()
        them._await(lambda roles: "leader" in roles.values())
        for name in NAMES[1:]:
            them.nodes[name].start()
        them.await_all()
        them.run(
            f"CREATE ROLE microblog LOGIN PASSWORD '{OWN}'",
            "CREATE DATABASE microblog OWNER microblog ENCODING 'UTF8' TEMPLATE template0",
        )
        yield them
    finally:
        for node in them.nodes.values():
            node.thaw()
            node.kill()
        if etcd is not None:
            etcd.kill()
            etcd.wait(timeout=10)


def _begin_etcd(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Begin one etcd alone: what is tested is what stands on it."""
    here = folder / "etcd"
    here.mkdir()
    give(here)
    client, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{find_free_port()}"
    words = [
        "--enable-v2=true", f"--data-dir={here / 'data'}", f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}", f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=default={peer}",
    ]  # fmt: skip
    with (here / "log").open("ab") as said:
        return subprocess.Popen(
            [*as_user(), "etcd", *words],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
