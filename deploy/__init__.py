"""How it runs on a machine."""
