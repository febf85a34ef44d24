"""The one writer: database, transaction, group commit. Only `database.Database.write` commits."""
