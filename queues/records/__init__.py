"""What is known of items: told, explained, judged again, kept and erased."""
