"""The rules: what may be stored, who may have what; values in, values out, no web framework."""
