"""`python -m deploy.demo`: make the invented practice, unless it is there, and serve it.

The folder DEMO_DATA (instance-demo) holds `server/`, what an operator has; `key-files/`, what the
people have; and `people.txt`, who is who. It is made under another name and gets its own when it is
whole, so what is there under its own name is never made anew, and nothing else is ever written to.
"""

import os
import re
import secrets
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deploy.demo.cast import Cast, read_cast
from deploy.demo.dates import Year
from deploy.demo.making import make, seal_all
from deploy.demo.script import ScriptError, read_stories
from microblog.client.passphrase import suggest_passphrase
from microblog.client.vault import write_file
from microblog.ops.refusal import Refusal
from microblog.ops.serving import HOST, check_port
from microblog.settings import Settings, WrongSettings, load_settings
from microblog.store.db import Lock, StoreError

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
DEFAULT = "instance-demo"
PEOPLE = "people.txt"
SAYS = {
    "people": "letting people in",
    "year": "a year of posts",
    "keys": "sealing everyone's key file",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the practice lies."""

    folder: Path

    @property
    def unfinished(self) -> Path:
        """Where it is made."""
        return self.folder.with_name(f"{self.folder.name}.unfinished")

    @property
    def people(self) -> Path:
        """Who is who; the file is the last to be written."""
        return self.folder / PEOPLE


def main() -> int:
    """Make the practice if it is not there, say who is who, and serve; return the exit code."""
    place = Place((ROOT / os.environ.get("DEMO_DATA", DEFAULT)).resolve())
    os.umask(0o077)
    # The clients speak to this very process, whatever proxy the rest of the world is behind.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = HOST
    try:
        settings = _settings(place)
        if not place.people.exists():
            check_port(settings.port)
            build(place, settings)
        check_port(settings.port)
    except (Refusal, StoreError) as refused:
        return _fail(str(refused), refused.hint)
    except (WrongSettings, ScriptError) as wrong:
        return _fail(str(wrong), "")
    except OSError as error:
        return _fail(f"cannot use {error.filename or place.folder}: {error.strerror}", "")
    except KeyboardInterrupt:
        return _fail("stopped; the next `make demo` begins anew", "")
    print(place.people.read_text("utf-8"), flush=True)
    _serve(settings)
    return 0


def build(place: Place, settings: Settings, stories: tuple[str, ...] = (), weeks: int = 52) -> None:
    """Make the practice, whole or not at all; only some of the stories or weeks, if that is said.

    Raises:
        Refusal: something else is in the way.
        StoreError: the data cannot be written.
    """
    _clear(place)
    cast, told = read_cast(HERE / "practice.toml"), read_stories(HERE / "stories")
    acts = [act for name in stories or told for act in told[name] if act.week <= weeks]
    fresh = place.unfinished
    in_the_making = Settings(fresh / "server", settings.port, settings.public_url)
    keys = make(in_the_making, cast, acts, Year(datetime.now().astimezone()), show)
    passphrase = suggest_passphrase(secrets.token_bytes)
    for key, sealed in seal_all(keys, passphrase, show).items():
        write_file(fresh / "key-files" / cast.workers[key].key_file, sealed)
    said = who_is_who(place, cast, list(keys), passphrase, settings.public_url)
    (fresh / PEOPLE).write_text(said, "utf-8")
    fresh.rename(place.folder)


def who_is_who(place: Place, cast: Cast, keys: list[str], passphrase: str, address: str) -> str:
    """Return what is said at every start."""
    files, workers = place.folder / "key-files", [cast.workers[key] for key in keys]
    width = max(len(worker.key_file) for worker in workers)
    rows = [
        f"  {worker.key_file:{width}}  {worker.name}, {worker.job}, {worker.agency}"
        + (" (steward)" if worker.role == "steward" else "")
        for worker in workers
    ]
    return "\n".join(
        [
            f"{cast.practice}: nobody in it lives, or ever did.",
            "",
            f"  address     {address}",
            f"  key files   {files}",
            f"  passphrase  {passphrase}   (the same for all of them)",
            "",
            *rows,
            "",
            "To look around as one of them, open the address in a browser of its own (a private",
            "window will do), choose the key file, and give the passphrase. In a terminal:",
            "  export MICROBLOG_HOME=$(mktemp -d)",
            f"  .venv/bin/microblog key-file open {files / workers[1].key_file}",
            "  .venv/bin/microblog children",
            "To throw it away: stop the server (Ctrl-C), and then",
            f"  rm -r {place.folder}",
            "",
        ]
    )


def show(what: str, done: int, total: int) -> None:
    """Say on one line how far it has come; where nobody watches, only what begins and ends."""
    line = f"microblog: {SAYS[what]}: {done} of {total}"
    if sys.stdout.isatty():
        print(f"\r\033[K{line}", end="\n" if done == total else "", flush=True)
    elif done in (0, total):
        print(line, flush=True)


def _settings(place: Place) -> Settings:
    """Return the server's settings; one that is there has the address that its keys are bound to.

    MICROBLOG_DATA and PUBLIC_URL are those of a real server, and are not listened to.
    """
    environment = {name: os.environ[name] for name in ("PORT",) if name in os.environ}
    environment["MICROBLOG_DATA"] = str(place.folder / "server")
    if not place.people.exists():
        return load_settings(environment)
    found = re.search(r"address +http://127\.0\.0\.1:(\d+)", place.people.read_text("utf-8"))
    if found is None:
        raise Refusal(f"{place.people} does not say the address", _away(place.folder))
    if environment.setdefault("PORT", found[1]) != found[1]:
        raise Refusal(
            f"the keys in {place.folder} are bound to port {found[1]}",
            "leave PORT away, or make another with DEMO_DATA=FOLDER",
        )
    return load_settings(environment)


def _clear(place: Place) -> None:
    """Make room: remove what an earlier making left half way, and refuse to touch anything else."""
    if place.folder.exists():
        raise Refusal(
            f"{place.folder} is there already, and is no finished demonstration",
            "choose another folder with DEMO_DATA",
        )
    server = place.unfinished / "server"
    if place.unfinished.exists():
        if server.is_dir():
            Lock(server).release()  # refuses while another process is making it
        elif any(place.unfinished.iterdir()):
            raise Refusal(f"{place.unfinished} is in the way", _away(place.unfinished))
        shutil.rmtree(place.unfinished)
    server.mkdir(parents=True, mode=0o700)


def _away(folder: Path) -> str:
    return f"if you need nothing of it: rm -r {folder}"


def _serve(settings: Settings) -> None:
    """Become the server; only returns by raising."""
    program = Path(sys.executable).parent / "microblogd"
    kept = {name: value for name, value in os.environ.items() if name != "PUBLIC_URL"}
    changed = {"MICROBLOG_DATA": str(settings.data), "PORT": str(settings.port)}
    os.execve(program, [str(program), "serve"], {**kept, **changed})


def _fail(message: str, hint: str) -> int:
    print(f"microblog: error: {message}", file=sys.stderr)
    if hint:
        print(f"microblog: hint: {hint}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
