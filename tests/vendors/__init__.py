"""Stand-ins for vendors: servers that speak their protocols and do what a test tells them."""
