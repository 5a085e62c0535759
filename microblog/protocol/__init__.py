"""What clients and server agree on: pure functions of bytes, with no clock, network, files or framework."""
