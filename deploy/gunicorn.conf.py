"""For running gunicorn by itself: `gunicorn --config deploy/gunicorn.conf.py wsgi:app`.

`microblogd serve` has the same settings, and checks and migrates the data first.
"""

import os

from microblog.ops.serving import gunicorn_options
from microblog.settings import load_settings

globals().update(gunicorn_options(load_settings(os.environ)))
