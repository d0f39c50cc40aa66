"""A vendor that keeps a ledger: `server` is the vendor, `adapter` our channel to it (PUENTE_CHANNELS)."""
