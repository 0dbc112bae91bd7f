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

-- Append-only: which operator requested which change, before it is executed, and how it was answered. The status is null
-- when the instance stopped meanwhile.
CREATE TABLE operator_action (
    id                bigint      GENERATED ALWAYS AS IDENTITY,
    recorded_at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    performed_by      text        NOT NULL,
    performed_by_name text        NOT NULL,
    endpoint          text        NOT NULL,
    path              text        NOT NULL,
    idempotency_key   text,
    response_status   integer,
    CONSTRAINT operator_action_pk PRIMARY KEY (id)
);
