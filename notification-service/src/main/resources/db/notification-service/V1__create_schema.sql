-- One row for each event and channel, claimed before the message is sent. It has neither an address nor a name: the
-- contact is requested when the e-mail is sent and is not stored.
CREATE TABLE notification (
    id            uuid        NOT NULL,
    order_id      uuid        NOT NULL,
    event_type    text        NOT NULL,
    channel       text        NOT NULL,
    order_version integer     NOT NULL,
    state         text        NOT NULL,
    claimed_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    -- For an e-mail whose delivery status was unknown: the operator who resolved it, and how it is known.
    resolved_by   text,
    resolved_by_name text,
    note          text,
    CONSTRAINT notification_id_is_unique PRIMARY KEY (id),
    CONSTRAINT one_notification_per_event_and_channel UNIQUE (order_id, event_type, channel),
    CONSTRAINT channel_is_known CHECK (channel IN ('EMAIL', 'TOPIC')),
    CONSTRAINT notification_state_is_known CHECK (state IN ('CLAIMED', 'SENT', 'UNKNOWN', 'SUPERSEDED')),
    CONSTRAINT resolution_has_note CHECK ((resolved_by IS NULL) = (note IS NULL))
) WITH (
    -- Each result of a claim leaves an index entry of a claim, which the expiry of claims reads until vacuum removes it.
    autovacuum_vacuum_scale_factor = 0.01
);

CREATE INDEX notification_claimed_or_unknown ON notification (state, claimed_at)
    WHERE state IN ('CLAIMED', 'UNKNOWN');

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

-- Attempts to work on an order that failed, were repeated, or waited, for the order's case file. Whatever happens again
-- is counted in one row.
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
