"""The HTTP interface: read a request, call one service, write the reply."""
