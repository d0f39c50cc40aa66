"""The list of customers: whom (filters), in which order (sorts), with what (columns), and how it is read."""
