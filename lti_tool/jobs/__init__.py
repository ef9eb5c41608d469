"""Background work: the engine only says "look at the outbox"; the outbox is the truth."""
