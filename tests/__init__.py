"""The proofs. They mirror app/; every promise has one that fails when the promise is broken."""
