"""What can be asked of the service, a module per noun."""
