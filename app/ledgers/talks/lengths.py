"""How long the words of a talk may be, in characters: what its columns hold and its forms keep to."""

LONGEST = {"period": 20, "planned_at": 60, "place": 200, "host": 200, "person": 60}
