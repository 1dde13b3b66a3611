"""The running service, measured on this machine beside what its Postgres could do at most."""
