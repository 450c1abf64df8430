"""What a search run also says: who ran it, its lines, since when, and the count when it began."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns; older runs say nothing of them."""
    for column in (
        sa.Column("searcher", sa.Text(), nullable=False, server_default=""),
        sa.Column("since", sa.Text(), nullable=False, server_default=""),
        sa.Column("reported_before", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("lines", sa.JSON(), nullable=False, server_default="[]"),
    ):
        op.add_column("runs", column)
