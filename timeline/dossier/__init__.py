"""The record as reviewed files: one YAML file per kind, loaded and dumped without loss.

Every file is a list of records; a record names others by id. Empty fields are left out. What
`dump` writes is the canonical form: load, dump, load is the identity, byte for byte. Scalars
are read as plain text and typed by the model's columns, so that NO stays a country and 2020 a
date.
"""
