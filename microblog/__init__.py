"""A small, sealed place to say that something about a child seems wrong."""

__version__ = "0.1.0"
