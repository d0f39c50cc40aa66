"""What a business can tell of itself and of what is a customer's, read at the moment it is asked."""
