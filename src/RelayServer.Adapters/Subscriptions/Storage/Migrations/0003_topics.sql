-- The topic of an item, without the service; empty where it went to one room, or before this was kept.
ALTER TABLE subscription_items ADD COLUMN topic {text} NOT NULL DEFAULT '';
