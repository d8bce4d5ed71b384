"""Alembic's folder: `env` and one file a version."""
