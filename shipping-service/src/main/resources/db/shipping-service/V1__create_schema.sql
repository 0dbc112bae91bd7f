-- The one shipment of each order. It has no address: order-service sends the address with the dispatch permit, and it
-- is passed to the carrier only. The constraints repeat what ShipmentState and TaskCallback require.
CREATE TABLE shipment (
    id                uuid        NOT NULL,
    order_id          uuid        NOT NULL,
    state             text        NOT NULL,
    tracking_number   text,
    -- Whether the workflow has its answer, and the latest task token it sent.
    callback_state    text        NOT NULL,
    task_token        text,
    requested_at      timestamptz,
    callback_error    text,
    created_at        timestamptz NOT NULL DEFAULT now(),
    -- When the scheduler sends the next heartbeat and resumes the shipment; updated without the other columns.
    next_heartbeat_at timestamptz NOT NULL DEFAULT now(),
    next_attempt_at   timestamptz NOT NULL DEFAULT now(),
    attempts          integer     NOT NULL DEFAULT 0,
    CONSTRAINT shipment_id_is_unique PRIMARY KEY (id),
    CONSTRAINT one_shipment_per_order UNIQUE (order_id),
    CONSTRAINT shipment_state_is_known CHECK (
        state IN ('WAITING', 'DISPATCH_PERMITTED', 'BOOKED', 'REJECTED', 'CANCELLED', 'AUTHORIZATION_EXPIRED')),
    CONSTRAINT booked_has_tracking_number CHECK ((state = 'BOOKED') = (tracking_number IS NOT NULL)),
    CONSTRAINT callback_state_is_known CHECK (
        callback_state IN ('NOT_REQUESTED', 'PENDING', 'ANSWERED', 'EXPIRED')),
    CONSTRAINT callback_has_task_token CHECK (
        (callback_state = 'NOT_REQUESTED') = (task_token IS NULL)
        AND (callback_state = 'NOT_REQUESTED') = (requested_at IS NULL)),
    CONSTRAINT only_cancelled_without_request CHECK (callback_state <> 'NOT_REQUESTED' OR state = 'CANCELLED'),
    CONSTRAINT answered_has_outcome CHECK (
        callback_state <> 'ANSWERED' OR state IN ('BOOKED', 'REJECTED', 'CANCELLED', 'AUTHORIZATION_EXPIRED')),
    CONSTRAINT expired_callback_has_error CHECK ((callback_state = 'EXPIRED') = (callback_error IS NOT NULL))
);

CREATE INDEX shipment_heartbeat_due ON shipment (next_heartbeat_at)
    WHERE callback_state = 'PENDING' AND state IN ('WAITING', 'DISPATCH_PERMITTED');

CREATE INDEX shipment_attempt_due ON shipment (next_attempt_at) WHERE callback_state = 'PENDING';

-- During an outage of the carrier nearly all pending shipments need it. This index finds the others among them.
CREATE INDEX shipment_answer_due ON shipment (next_attempt_at)
    WHERE callback_state = 'PENDING' AND state NOT IN ('WAITING', 'DISPATCH_PERMITTED');

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

-- Append-only: every change of a shipment, for the order's case file.
CREATE TABLE shipment_history (
    id              bigint      GENERATED ALWAYS AS IDENTITY,
    order_id        uuid        NOT NULL,
    update_type     text        NOT NULL,
    state           text        NOT NULL,
    callback_state  text        NOT NULL,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT shipment_history_pk PRIMARY KEY (id)
);
CREATE INDEX shipment_history_by_order ON shipment_history (order_id, id);

-- When the circuit breaker of an instance was open. last_open_at is renewed while it is, so that an outage ends in this
-- table also when its instance was killed.
CREATE TABLE carrier_outage (
    id           uuid        NOT NULL,
    opened_at    timestamptz NOT NULL,
    last_open_at timestamptz NOT NULL,
    closed_at    timestamptz,
    CONSTRAINT carrier_outage_pk PRIMARY KEY (id),
    CONSTRAINT outage_closes_after_it_opened CHECK (closed_at >= opened_at)
);
CREATE INDEX carrier_outage_by_time ON carrier_outage (last_open_at, opened_at);

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
