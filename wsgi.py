"""The application for a WSGI server: the settings come from the environment."""

import os

from microblog.app import create_app
from microblog.settings import load_settings

app = create_app(load_settings(os.environ))
