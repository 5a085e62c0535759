"""The page that browsers load: its shell, its files, and the headers on everything."""
