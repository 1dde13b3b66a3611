"""What pages of several sections show in the same way: items, what is known of them, time left."""
