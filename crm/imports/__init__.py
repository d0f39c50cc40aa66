"""Files of customers, orders, appointments and consents: read, understood, written down, taken back."""
