"""Where the settings say that the data lie."""

from microblog.settings import Settings
from microblog.store.db import Site


def site_of(settings: Settings) -> Site:
    """Return the folder, and the PostgreSQL database, if one is used."""
    database = settings.database
    if database is None:
        return Site(settings.data)
    live = settings.machine.live is not None
    return Site(settings.data, database.url, database.standby, live)
