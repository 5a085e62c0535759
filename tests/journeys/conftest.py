"""What the journeys stand on: the stage with a stand-in, and the real server."""

from tests.journeys.stage import new_stage, stand_in
from tests.serving import begin_microblogd, new_server, server

__all__ = ["begin_microblogd", "new_server", "new_stage", "server", "stand_in"]
