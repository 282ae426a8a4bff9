-- One row for each service: the name of its updates for ever, and which process sends them.
CREATE TABLE subscription_services (
    service {text} NOT NULL PRIMARY KEY,
    producer_id {int} NOT NULL,
    last_number {int} NOT NULL,
    last_position {int} NOT NULL,
    lease_owner {text} NOT NULL,
    lease_until {int} NOT NULL
) {strict};

CREATE TABLE subscription_feeds (
    service {text} NOT NULL,
    feed {text} NOT NULL,
    etag {text},
    last_modified {text},
    polled_at {int} NOT NULL,
    due_at {int} NOT NULL,
    failures {int} NOT NULL,
    is_gone {int} NOT NULL,
    status {text} NOT NULL,
    lease_owner {text} NOT NULL,
    lease_until {int} NOT NULL,
    PRIMARY KEY (service, feed)
) {strict};

-- What came, each item once. seen_at: when its source had it last. words: what it is found by, in lower case.
CREATE TABLE subscription_items (
    service {text} NOT NULL,
    item {text} NOT NULL,
    source {text} NOT NULL,
    position {int} NOT NULL,
    seen_at {int} NOT NULL,
    published_at {int} NOT NULL,
    title {text} NOT NULL,
    text {text} NOT NULL,
    link {text} NOT NULL,
    image {text} NOT NULL,
    words {text} NOT NULL,
    PRIMARY KEY (service, item)
) {strict};

CREATE UNIQUE INDEX subscription_items_by_position ON subscription_items (service, position);
CREATE INDEX subscription_items_by_source ON subscription_items (service, source, seen_at, position);

-- Updates that the relay has not confirmed.
CREATE TABLE subscription_outbox (
    service {text} NOT NULL,
    number {int} NOT NULL,
    target {text} NOT NULL,
    card {text} NOT NULL,
    subjects {text} NOT NULL,
    PRIMARY KEY (service, number)
) {strict};

-- A row stays when a like is taken back: it remembers the command that did so.
CREATE TABLE subscription_likes (
    service {text} NOT NULL,
    item {text} NOT NULL,
    subject {text} NOT NULL,
    is_liked {int} NOT NULL,
    command {text} NOT NULL,
    PRIMARY KEY (service, item, subject)
) {strict};

CREATE TABLE subscription_comments (
    service {text} NOT NULL,
    item {text} NOT NULL,
    number {int} NOT NULL,
    subject {text} NOT NULL,
    command {text} NOT NULL,
    written_at {int} NOT NULL,
    text {text} NOT NULL,
    PRIMARY KEY (service, item, number)
) {strict};

CREATE UNIQUE INDEX subscription_comments_by_command ON subscription_comments (service, item, subject, command);

CREATE TABLE subscription_shares (
    service {text} NOT NULL,
    item {text} NOT NULL,
    subject {text} NOT NULL,
    command {text} NOT NULL,
    number {int} NOT NULL,
    PRIMARY KEY (service, item, subject, command)
) {strict};
