-- The one shipment of each order. No address: it comes with the permit and goes straight to the carrier.
CREATE TABLE shipment (
    id              uuid        NOT NULL CONSTRAINT shipment_id PRIMARY KEY,
    order_id        uuid        NOT NULL CONSTRAINT one_shipment_per_order UNIQUE,
    progress        text        NOT NULL
        CONSTRAINT known_progress
            CHECK (progress IN ('WAITING', 'PERMITTED', 'BOOKED', 'REFUSED', 'CANCELLED')),
    tracking_number text
        CONSTRAINT a_booking_and_only_a_booking_has_a_number
            CHECK ((progress = 'BOOKED') = (tracking_number IS NOT NULL)),
    -- Who waits for the outcome.
    caller          text        NOT NULL
        CONSTRAINT known_caller CHECK (caller IN ('NOBODY', 'AWAITING', 'ANSWERED', 'GONE')),
    task_token      text,
    asked_at        timestamptz,
    gone_because    text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    -- What the upkeep goes by; written without the rest of the row.
    heartbeat_at    timestamptz NOT NULL DEFAULT now(),
    attempt_at      timestamptz NOT NULL DEFAULT now(),
    attempts        integer     NOT NULL DEFAULT 0,
    CONSTRAINT a_caller_has_a_token
        CHECK ((caller = 'NOBODY') = (task_token IS NULL) AND (caller = 'NOBODY') = (asked_at IS NULL)),
    CONSTRAINT only_a_cancellation_comes_unasked CHECK (caller <> 'NOBODY' OR progress = 'CANCELLED'),
    CONSTRAINT an_answer_has_an_outcome
        CHECK (caller <> 'ANSWERED' OR progress IN ('BOOKED', 'REFUSED', 'CANCELLED')),
    CONSTRAINT who_is_gone_is_gone_for_a_reason CHECK ((caller = 'GONE') = (gone_because IS NOT NULL))
);

CREATE INDEX shipments_due_for_a_heartbeat ON shipment (heartbeat_at)
    WHERE caller = 'AWAITING' AND progress IN ('WAITING', 'PERMITTED');

CREATE INDEX shipments_due_for_an_attempt ON shipment (attempt_at) WHERE caller = 'AWAITING';
