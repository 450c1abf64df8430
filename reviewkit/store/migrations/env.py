"""Alembic's entry point: migrate over the connection that `reviewkit.store.database` hands over."""

from alembic import context

from reviewkit.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
