"""What the journeys stand on: the stage with a stand-in, and the real server."""

import pytest

from tests.browser import LAPTOP
from tests.journeys.people import Visitor
from tests.journeys.stage import new_stage, stand_in
from tests.serving import begin_microblogd, new_server, server

__all__ = ["begin_microblogd", "new_server", "new_stage", "server", "stand_in"]


@pytest.fixture
def asha(new_profile, server):
    """The first steward, inside."""
    visitor = Visitor(new_profile())
    visitor.found(server.founding_link(), "Invented Asha")
    return visitor


@pytest.fixture
def ben(new_profile, asha):
    """A teacher on a laptop, joined."""
    visitor = Visitor(new_profile(viewport=LAPTOP))
    visitor.join(*asha.invite("Invented Ben", "class teacher"))
    return visitor
