"""What the journeys stand on: the stage with a stand-in, and the real server."""

pytest_plugins: list[str] = []

from tests.journeys.stage import new_stage, stand_in  # noqa: E402, F401
from tests.serving import new_server, server  # noqa: E402, F401
