"""The server's log: a line of JSON for each event, of our own and of nobody else's.

time, level, event; of a request its method, its route's template, status and milliseconds. Never a
path, a query, an id, an address of anyone or anything that was sent.
"""

import logging
import time
import traceback
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted


@lru_cache(2)
def _second(moment: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment))


def _value(it: str | float) -> str:
    return quoted(it) if isinstance(it, str) else repr(it)


class JsonLines(logging.Formatter):
    """Writes what happened, with the fields that were given with it, on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. What went wrong inside is told by our own handlers, not here."""
        fields: dict[str, str | float] = getattr(record, "fields", {})
        # As json.dumps writes it, in a third of the time: there is one for each request.
        rest = "".join(f',"{name}":{_value(it)}' for name, it in fields.items())
        return (
            f'{{"time":"{_second(int(record.created))}.{int(record.msecs):03d}Z",'
            f'"level":"{record.levelname.lower()}","event":{quoted(record.getMessage())}{rest}}}'
        )


class StrangersLines(JsonLines):
    """Writes what gunicorn says as its template alone: what would be filled in is a path."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; of what was raised, its name and where, and no value."""
        fault = record.exc_info[1] if record.exc_info else None
        frames = traceback.extract_tb(fault.__traceback__) if fault else []
        places = " < ".join(f"{it.name}:{it.lineno}" for it in reversed(frames[-6:]))
        told = logging.makeLogRecord(record.__dict__)
        told.args, told.msg = (), str(record.msg).replace("%s", "…")
        told.exc_info = told.exc_text = None
        if isinstance(record.msg, BaseException):
            told.msg = "fault"
        if fault is not None:
            told.fields = {"fault": type(fault).__name__, "places": places}
        return super().format(told)


def write_to_standard_error(_worker: object) -> None:
    """Write our own log to standard error, and of what gunicorn says nothing that was sent."""
    # Where a line was written, and by which thread, is not in it: so it is not found out either.
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    for theirs in logging.getLogger("gunicorn.error").handlers:
        theirs.setFormatter(StrangersLines())
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    log = logging.getLogger("microblog")
    log.setLevel(logging.INFO)
    log.addHandler(handler)
