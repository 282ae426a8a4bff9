-- To find what is to be told, and what was told long ago, without reading what is neither.
CREATE INDEX subscription_tallies_by_due ON subscription_tallies (service, due_at);
