"""How dates, numbers and passages are written; no database."""
