"""Round-ups to SMTP."""
