"""The short way through, walked in other engines than the one that all other tests use."""
