"""Numbered schema migrations, run by Alembic; each commits together with its own record."""
