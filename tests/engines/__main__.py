"""Walk the short way through in each other engine that this machine has.

    python -m tests.engines            say what each can, and whether the way went well
    python -m tests.engines FOLDER     and draw each screen into a folder

Exit code 2 where there is no other engine; then it says what to install.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.browser import ROOT
from tests.engines.which import ENGINES, here, how_to_get


def main(arguments: list[str]) -> int:
    found = here()
    if not found:
        ways = ", or ".join(map(how_to_get, ENGINES))
        print(f"microblog: error: no second engine is here: {ways}", file=sys.stderr)
        return 2
    for name in (name for name in ENGINES if name not in found):
        print(f"{name}: not here; to have it: {how_to_get(name)}", flush=True)
    words = [f"--pictures={Path(folder).resolve()}" for folder in arguments[:1]]
    walk = [sys.executable, "-m", "pytest", "-q", "-n0", "tests/engines/journey.py", *words]
    return subprocess.run(walk, cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
