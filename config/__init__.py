"""Settings, addresses, the demo, health and the supervisor. Nobody imports this package."""
