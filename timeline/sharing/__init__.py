"""The same facts in other people’s formats: for citing, loading and following."""
