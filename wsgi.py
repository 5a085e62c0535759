"""The application for a WSGI server: the settings come from the environment."""

from microblog.app import create_app_from_environment

app = create_app_from_environment()
