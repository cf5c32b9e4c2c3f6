"""What every storey stands on: the database, the clock and the errors; no word of the domain."""
