"""What is tested here is the operator's own command, so it is begun as the operator begins it."""

import pytest

from tests.forking import execute


@pytest.fixture
def begin_microblogd():
    """Return how a server begins."""
    return execute
