"""Pictures of every page, light and dark."""
