"""Event streams as sockets, taken over from the WSGI server: an idle one costs next to nothing."""
