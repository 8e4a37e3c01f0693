"""Published documents are found by id and compared without reading what they say

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index("documents_by_revision")
        batch_op.create_index(
            "documents_by_revision", ["corpus", "until", "document_id", "checksum", "since"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index("documents_by_revision")
        batch_op.create_index("documents_by_revision", ["corpus", "until"], unique=False)
