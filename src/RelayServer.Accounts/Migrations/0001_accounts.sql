CREATE TABLE auth_settings (
    name {text} NOT NULL PRIMARY KEY,
    value {blob} NOT NULL
) {strict};

CREATE TABLE accounts (
    user_id {text} NOT NULL PRIMARY KEY,
    handle {text} NULL,
    created_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX accounts_handle ON accounts (handle);

-- What a user signs in with. The name is a keyed hash: phone numbers and subjects of providers cannot be read from here.
CREATE TABLE identities (
    identity_id {text} NOT NULL PRIMARY KEY,
    kind {text} NOT NULL,
    name {text} NOT NULL,
    user_id {text} NOT NULL REFERENCES accounts (user_id),
    label {text} NOT NULL,
    secret {text} NULL,
    linked_at {int} NOT NULL
) {strict};
CREATE UNIQUE INDEX identities_name ON identities (kind, name);
CREATE INDEX identities_user ON identities (user_id);

CREATE TABLE codes (
    challenge {text} NOT NULL PRIMARY KEY,
    phone {text} NOT NULL,
    label {text} NOT NULL,
    code_hash {blob} NOT NULL,
    tries {int} NOT NULL,
    used_at {int} NULL,
    expires_at {int} NOT NULL
) {strict};
CREATE INDEX codes_expiry ON codes (expires_at);

-- One row for each thing that is limited in number, until it no longer counts. Subjects are keyed hashes.
CREATE TABLE attempts (
    attempt {id},
    kind {text} NOT NULL,
    subject {text} NOT NULL,
    made_at {int} NOT NULL,
    ends_at {int} NOT NULL
) {strict};
CREATE INDEX attempts_subject ON attempts (kind, subject, made_at);
CREATE INDEX attempts_end ON attempts (ends_at);

-- One sign-in with all its refresh tokens. No token is here, nor what it can be made from without the secret.
CREATE TABLE sessions (
    session_id {text} NOT NULL PRIMARY KEY,
    user_id {text} NOT NULL,
    seed {blob} NOT NULL,
    generation {int} NOT NULL,
    rotated_at {int} NOT NULL,
    created_at {int} NOT NULL,
    expires_at {int} NOT NULL,
    revoked_at {int} NULL
) {strict};
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_revoked ON sessions (revoked_at);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE consents (
    user_id {text} NOT NULL REFERENCES accounts (user_id),
    service {text} NOT NULL,
    granted_at {int} NOT NULL,
    PRIMARY KEY (user_id, service)
) {strict};

-- Private keys, encrypted with the secret.
CREATE TABLE signing_keys (
    key_id {text} NOT NULL PRIMARY KEY,
    active_from {int} NOT NULL,
    sealed_key {blob} NOT NULL
) {strict};
