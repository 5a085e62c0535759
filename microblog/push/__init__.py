"""Web push: the server's key, and one request without a body for each notice."""
