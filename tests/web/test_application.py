"""What our Flask leaves out is used by nobody."""

import pytest
from flask import Blueprint

from microblog.web.application import Application


@pytest.mark.parametrize("name", ["before_request", "after_request", "teardown_request"])
def test_a_hook_that_would_never_be_run_is_refused_at_the_start(name):
    app, part = Application("invented"), Blueprint("part", "invented")
    app.check_hooks()
    getattr(part, name)(lambda *_: None)
    app.register_blueprint(part)
    with pytest.raises(LookupError, match="would not be run"):
        app.check_hooks()
