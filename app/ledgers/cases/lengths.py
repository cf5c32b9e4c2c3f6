"""How long the words of a case may be, in characters: what a ledger can show, and what forms, rules and imports keep to."""

LONGEST = {"title": 100, "place": 100, "category": 50, "reference": 80, "contact": 200, "text": 20_000}
