"""What clients and server agree on: pure functions of bytes, no clock, network or files."""
