-- What a feed may send and a webhook may take, for all processes together: a bucket that fills evenly. full_at: when it is full again, in
-- microseconds since 1970.
CREATE TABLE subscription_allowances (
    service {text} NOT NULL,
    name {text} NOT NULL,
    full_at {int} NOT NULL,
    PRIMARY KEY (service, name)
) {strict};
