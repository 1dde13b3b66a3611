"""The console, as far as it needs no browser and no service."""
