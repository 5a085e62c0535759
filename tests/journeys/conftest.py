"""What the journeys stand on: the stage with a stand-in, and the real server."""

from tests.journeys.stage import new_stage, stand_in
from tests.serving import new_server, server

__all__ = ["new_server", "new_stage", "server", "stand_in"]
