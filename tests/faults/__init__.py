"""A site of real processes under load, parts of which are killed."""
