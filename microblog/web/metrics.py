"""Counts for Prometheus: of routes, statuses and times, and what the writer did; never of whom.

A route is its template, a method and a status are from a fixed list, so no label can hold an id, a
name or anything that was sent. They are served on a port of their own, which no proxy passes on.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from socketserver import ThreadingMixIn
from typing import NamedTuple
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    make_wsgi_app,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

HOST = "127.0.0.1"
# Set before the first worker begins, where there are several: what each counts is then added up.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)


class Sample(NamedTuple):
    """A number that is read when it is asked for: counters only grow."""

    name: str
    help: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()
    grows: bool = False


class Metrics:
    """What is counted; `read` returns what is not counted here but known elsewhere."""

    def __init__(self, read: Callable[[], Iterable[Sample]]) -> None:
        """Count from nothing."""
        registry = CollectorRegistry()
        self._requests = Counter(
            "microblog_requests",
            "Requests that were answered.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "microblog_request_seconds",
            "How long answers took.",
            ("route",),
            buckets=SECONDS,
            registry=registry,
        )
        # By route, method and status: to look them up costs half of what counting does.
        self._found: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        # What several workers count is in files, and added up when it is asked for.
        self._shown = CollectorRegistry() if SHARED in os.environ else registry
        if self._shown is not registry:
            MultiProcessCollector(self._shown)  # type: ignore[no-untyped-call]
        ProcessCollector(registry=self._shown)
        self._shown.register(_Known(read))

    def note(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer; all that is said of it is from fixed lists (see `request_log`)."""
        key = (route, method, status)
        found = self._found.get(key)
        if found is None:
            found = self._requests.labels(route, method, str(status)), self._seconds.labels(route)
            self._found[key] = found
        found[0].inc()
        found[1].observe(seconds)

    def listen(self, port: int) -> WSGIServer:
        """Serve what was counted on a port of this machine's own, until the process ends.

        Raises:
            OSError: the port cannot be had.
        """
        page = make_wsgi_app(self._shown)
        server = make_server(HOST, port, page, _Server, _Silent)
        threading.Thread(target=server.serve_forever, name="metrics", daemon=True).start()
        return server


class _Known:
    def __init__(self, read: Callable[[], Iterable[Sample]]) -> None:
        self._read = read

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for it in self._read():
            names = [name for name, _ in it.labels]
            sort = CounterMetricFamily if it.grows else GaugeMetricFamily
            family = families.setdefault(it.name, sort(it.name, it.help, labels=names))
            family.add_metric([value for _, value in it.labels], it.value)  # type: ignore[attr-defined]
        yield from families.values()


class _Server(ThreadingMixIn, WSGIServer):
    """One port for every worker: whichever is asked answers for all."""

    allow_reuse_port = True
    daemon_threads = True


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        return
