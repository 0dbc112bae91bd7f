CREATE TABLE inbox (
    consumer    text        NOT NULL,
    message_id  text        NOT NULL,
    handled_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT handled_once PRIMARY KEY (consumer, message_id)
);

CREATE TABLE idempotency_key (
    scope       text        NOT NULL,
    key         text        NOT NULL,
    fingerprint bytea       NOT NULL,
    status      int         NOT NULL,
    location    text,
    body        bytea       NOT NULL,
    expires_at  timestamptz NOT NULL,
    CONSTRAINT answered_once PRIMARY KEY (scope, key)
);
CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);

-- Append-only: which operator requested which change, before it is executed, and how it was answered. The status is null
-- when the instance stopped meanwhile.
CREATE TABLE operator_action (
    id                bigint      GENERATED ALWAYS AS IDENTITY,
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    performed_by      text        NOT NULL,
    performed_by_name text        NOT NULL,
    endpoint          text        NOT NULL,
    path              text        NOT NULL,
    -- What was done to which order, article, customer or payment, and why.
    action            text        NOT NULL,
    subject           text        NOT NULL,
    reason            text,
    detail            text,
    -- Only of endpoints that execute a request once for each key.
    idempotency_key   text,
    response_status   integer,
    -- Whether the response was that of an earlier request with the same key.
    repeated          boolean     NOT NULL DEFAULT false,
    CONSTRAINT operator_action_pk PRIMARY KEY (id)
);
CREATE INDEX operator_action_by_path ON operator_action (lower(path));
CREATE INDEX operator_action_by_time ON operator_action (recorded_at, id);
CREATE INDEX operator_action_by_subject ON operator_action (subject, recorded_at, id);
CREATE INDEX operator_action_by_key ON operator_action (idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE order_incident (
    order_id    uuid        NOT NULL,
    type        text        NOT NULL,
    subject     text        NOT NULL,
    detail      text        NOT NULL,
    trace_id    text,
    first_at    timestamptz NOT NULL,
    last_at     timestamptz NOT NULL,
    occurrences int         NOT NULL,
    CONSTRAINT order_incident_pk PRIMARY KEY (order_id, type, subject, detail)
);
