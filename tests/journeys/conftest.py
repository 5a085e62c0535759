"""What the journeys stand on: the stage with a stand-in, and the real server with a practice."""

from tests.journeys.ready import asha, ben, moment, ready, server
from tests.journeys.stage import new_stage, stand_in
from tests.serving import begin_microblogd, new_server

__all__ = [
    "asha",
    "begin_microblogd",
    "ben",
    "moment",
    "new_server",
    "new_stage",
    "ready",
    "server",
    "stand_in",
]
