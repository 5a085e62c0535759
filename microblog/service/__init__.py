"""The rules: what may be stored, who may have what. A session and values in, values out; no web framework."""
