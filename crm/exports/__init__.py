"""Files of customers, orders, appointments and consents, made for one person out of what he may see."""
