-- The one payment of each order: what is known of it.
CREATE TABLE payment (
    order_id        uuid          NOT NULL,
    payment_id      uuid          NOT NULL,
    customer_ref    text,
    amount          numeric(14, 4),
    currency        text,
    status          text          NOT NULL,
    asked           text,
    intent_id       text,
    decline_code    text,
    captured_amount numeric(14, 4),
    refunded_amount numeric(14, 4),
    key_number      int           NOT NULL,
    created_at      timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT one_payment_per_order PRIMARY KEY (order_id),
    CONSTRAINT payment_id_is_unique UNIQUE (payment_id),
    CONSTRAINT an_intent_belongs_to_one_order UNIQUE (intent_id),
    CONSTRAINT known_status CHECK (
        status IN ('REQUESTED', 'UNKNOWN', 'AUTHORIZED', 'DECLINED', 'CAPTURED', 'REFUNDED', 'VOIDED')),
    CONSTRAINT unknown_says_what_was_asked CHECK ((status = 'UNKNOWN') = (asked IS NOT NULL)),
    CONSTRAINT asked_is_known CHECK (asked IN ('AUTHORIZATION', 'CAPTURE', 'VOID', 'REFUND')),
    CONSTRAINT money_moves_only_with_an_intent CHECK (
        intent_id IS NOT NULL OR status IN ('REQUESTED', 'DECLINED', 'VOIDED')),
    CONSTRAINT only_a_tombstone_has_no_amount CHECK (
        (amount IS NOT NULL AND currency IS NOT NULL) OR status = 'VOIDED'),
    CONSTRAINT amount_is_positive CHECK (amount > 0),
    CONSTRAINT declined_says_why CHECK ((status = 'DECLINED') = (decline_code IS NOT NULL)),
    CONSTRAINT captured_says_how_much CHECK (
        (status IN ('CAPTURED', 'REFUNDED') OR (status = 'UNKNOWN' AND asked = 'REFUND'))
            = (captured_amount IS NOT NULL)),
    CONSTRAINT refunded_says_how_much CHECK ((status = 'REFUNDED') = (refunded_amount IS NOT NULL)),
    CONSTRAINT captured_within_authorized CHECK (captured_amount > 0 AND captured_amount <= amount),
    CONSTRAINT refunded_within_captured CHECK (refunded_amount > 0 AND refunded_amount <= captured_amount),
    CONSTRAINT key_number_from_one CHECK (key_number >= 1)
);

-- What was asked, by its idempotency key, and the last word on it. Rows stay: a key is never free again.
CREATE TABLE operation (
    idempotency_key text          NOT NULL,
    order_id        uuid          NOT NULL REFERENCES payment (order_id),
    kind            text          NOT NULL,
    body_hash       text          NOT NULL,
    lease_holder    uuid          NOT NULL,
    lease_until     timestamptz   NOT NULL,
    begun           int           NOT NULL DEFAULT 1,
    answer          text,
    answer_amount   numeric(14, 4),
    answer_currency text,
    answer_code     text,
    created_at      timestamptz   NOT NULL DEFAULT clock_timestamp(),
    answered_at     timestamptz,
    CONSTRAINT key_means_one_request PRIMARY KEY (idempotency_key),
    CONSTRAINT known_kind CHECK (kind IN ('AUTHORIZATION', 'CAPTURE', 'VOID', 'REFUND')),
    CONSTRAINT known_answer CHECK (
        answer IN ('AUTHORIZED', 'CAPTURED', 'VOIDED', 'REFUNDED', 'DECLINED', 'VOIDED_BEFORE', 'CAPTURED_BEFORE')),
    CONSTRAINT answered_at_some_time CHECK ((answer IS NULL) = (answered_at IS NULL)),
    CONSTRAINT money_answers_say_how_much CHECK (
        (coalesce(answer, '') IN ('AUTHORIZED', 'CAPTURED', 'REFUNDED'))
            = (answer_amount IS NOT NULL AND answer_currency IS NOT NULL)),
    CONSTRAINT refusing_answers_say_why CHECK ((coalesce(answer, '') = 'DECLINED') = (answer_code IS NOT NULL))
);
CREATE INDEX operation_by_order ON operation (order_id, created_at);

-- Outcomes that nobody knows, and when the gateway is to be asked. A row exists while the payment is UNKNOWN.
CREATE TABLE unknown_outcome (
    order_id    uuid        NOT NULL REFERENCES payment (order_id),
    since       timestamptz NOT NULL,
    asked_at    timestamptz NOT NULL,
    next_ask_at timestamptz NOT NULL,
    asks        int         NOT NULL,
    CONSTRAINT one_open_outcome_per_order PRIMARY KEY (order_id)
);
CREATE INDEX unknown_outcome_due ON unknown_outcome (next_ask_at);
