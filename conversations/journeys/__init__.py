"""Steps that customers go through one by one after something happened to them."""
