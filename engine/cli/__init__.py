"""The command line: `tierwise`."""
