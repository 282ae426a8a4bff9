-- Updates that the relay has refused for good, the last ones: for those who wait to hear of them.
CREATE TABLE subscription_refusals (
    service {text} NOT NULL,
    number {int} NOT NULL,
    reason {text} NOT NULL,
    PRIMARY KEY (service, number)
) {strict};

-- Items that were liked in a room, for the others in it. due_at: when they are told, 0 when there is nothing to tell; told_at: when they
-- were last; likes: how many they know of.
CREATE TABLE subscription_tallies (
    service {text} NOT NULL,
    room {text} NOT NULL,
    item {text} NOT NULL,
    due_at {int} NOT NULL,
    told_at {int} NOT NULL,
    likes {int} NOT NULL,
    PRIMARY KEY (service, room, item)
) {strict};

-- The relay itself tells the room that an item is shared with, once.
DROP TABLE subscription_shares;
