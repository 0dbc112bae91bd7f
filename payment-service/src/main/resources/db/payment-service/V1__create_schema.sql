-- The one payment of each order. The constraints repeat what the states of PaymentState require.
CREATE TABLE payment (
    order_id          uuid        NOT NULL,
    payment_id        uuid        NOT NULL,
    customer_ref      text,
    amount            numeric     (14, 4),
    currency          text,
    state             text        NOT NULL,
    pending_operation text,
    intent_id         text,
    decline_code      text,
    captured_amount   numeric     (14, 4),
    refunded_amount   numeric     (14, 4),
    refund_key        text,
    refund_amount     numeric     (14, 4),
    key_number        int         NOT NULL,
    created_at        timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_payment_per_order PRIMARY KEY (order_id),
    CONSTRAINT payment_id_is_unique UNIQUE (payment_id),
    CONSTRAINT one_order_per_intent UNIQUE (intent_id),
    CONSTRAINT payment_state_is_known CHECK (
        state IN ('REQUESTED', 'UNKNOWN', 'AUTHORIZED', 'DECLINED', 'CAPTURED', 'REFUNDED', 'VOIDED')),
    CONSTRAINT unknown_outcome_has_pending_operation CHECK ((state = 'UNKNOWN') = (pending_operation IS NOT NULL)),
    CONSTRAINT pending_operation_is_known CHECK (
        pending_operation IN ('AUTHORIZATION', 'CAPTURE', 'VOID', 'REFUND')),
    CONSTRAINT intent_required_to_move_money CHECK (
        intent_id IS NOT NULL OR state IN ('REQUESTED', 'DECLINED', 'VOIDED')),
    CONSTRAINT amount_required_unless_voided CHECK (
        (amount IS NOT NULL AND currency IS NOT NULL) OR state = 'VOIDED'),
    CONSTRAINT amount_is_positive CHECK (amount > 0),
    CONSTRAINT declined_has_decline_code CHECK ((state = 'DECLINED') = (decline_code IS NOT NULL)),
    CONSTRAINT captured_has_captured_amount CHECK (
        (state IN ('CAPTURED', 'REFUNDED') OR (state = 'UNKNOWN' AND pending_operation = 'REFUND'))
            = (captured_amount IS NOT NULL)),
    -- A pending refund may follow earlier refunds, so its refunded_amount may be set or not.
    CONSTRAINT refunded_has_refunded_amount CHECK (
        CASE WHEN state = 'UNKNOWN' AND pending_operation = 'REFUND' THEN true
             ELSE (state = 'REFUNDED') = (refunded_amount IS NOT NULL) END),
    CONSTRAINT pending_refund_has_key_and_amount CHECK (
        (state = 'UNKNOWN' AND pending_operation = 'REFUND')
            = (refund_key IS NOT NULL AND refund_amount IS NOT NULL)),
    CONSTRAINT captured_within_authorized CHECK (captured_amount > 0 AND captured_amount <= amount),
    CONSTRAINT refunded_within_captured CHECK (refunded_amount > 0 AND refunded_amount <= captured_amount),
    CONSTRAINT all_refunds_within_captured CHECK (
        refund_amount > 0 AND coalesce(refunded_amount, 0) + refund_amount <= captured_amount),
    CONSTRAINT key_number_at_least_one CHECK (key_number >= 1)
);

-- Requests by idempotency key, with the stored result. Rows are never deleted, so a key is never free again.
CREATE TABLE payment_operation (
    idempotency_key     text        NOT NULL,
    order_id            uuid        NOT NULL,
    operation_type      text        NOT NULL,
    request_fingerprint text        NOT NULL,
    -- The subject and the name of the operator who requested it first; both are null for the workflow.
    requested_by        text,
    requested_by_name   text,
    lease_owner         uuid        NOT NULL,
    lease_expires_at    timestamptz NOT NULL,
    attempts            int         NOT NULL DEFAULT 1,
    result              text,
    result_amount       numeric     (14, 4),
    result_currency     text,
    result_code         text,
    result_captured     numeric     (14, 4),
    result_refunded     numeric     (14, 4),
    gateway_code        text,
    created_at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    completed_at        timestamptz,
    CONSTRAINT one_request_per_key PRIMARY KEY (idempotency_key),
    CONSTRAINT operation_of_a_payment FOREIGN KEY (order_id) REFERENCES payment (order_id),
    CONSTRAINT operator_has_a_name CHECK ((requested_by IS NULL) = (requested_by_name IS NULL)),
    CONSTRAINT refund_has_an_operator CHECK (operation_type <> 'REFUND' OR requested_by IS NOT NULL),
    CONSTRAINT operation_type_is_known CHECK (operation_type IN ('AUTHORIZATION', 'CAPTURE', 'VOID', 'REFUND')),
    CONSTRAINT result_is_known CHECK (
        result IN ('AUTHORIZED', 'CAPTURED', 'VOIDED', 'REFUNDED', 'DECLINED', 'ALREADY_VOIDED', 'ALREADY_CAPTURED')),
    CONSTRAINT result_has_completion_time CHECK ((result IS NULL) = (completed_at IS NULL)),
    CONSTRAINT money_result_has_amount CHECK (
        (coalesce(result, '') IN ('AUTHORIZED', 'CAPTURED', 'REFUNDED'))
            = (result_amount IS NOT NULL AND result_currency IS NOT NULL)),
    CONSTRAINT declined_result_has_code CHECK ((coalesce(result, '') = 'DECLINED') = (result_code IS NOT NULL)),
    CONSTRAINT refund_result_has_totals CHECK (
        (coalesce(result, '') = 'REFUNDED')
            = (result_captured IS NOT NULL AND result_refunded IS NOT NULL)),
    CONSTRAINT gateway_code_only_without_result CHECK (result IS NULL OR gateway_code IS NULL)
);
CREATE INDEX payment_operation_by_order ON payment_operation (order_id, created_at);

-- Payments whose outcome is unknown, and when to retrieve their status from the gateway next.
-- A row exists while the payment's state is UNKNOWN.
CREATE TABLE unknown_outcome (
    order_id      uuid        NOT NULL,
    unknown_since timestamptz NOT NULL,
    requested_at  timestamptz NOT NULL,
    next_check_at timestamptz NOT NULL,
    checks        int         NOT NULL,
    CONSTRAINT one_unknown_outcome_per_order PRIMARY KEY (order_id),
    CONSTRAINT unknown_outcome_of_a_payment FOREIGN KEY (order_id) REFERENCES payment (order_id)
);
CREATE INDEX unknown_outcome_due ON unknown_outcome (next_check_at);

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

-- Actions of operators that a second person must confirm; the lease keeps two confirmations from executing one twice.
CREATE TABLE waiting_action (
    id                uuid        NOT NULL,
    action            text        NOT NULL,
    target            text        NOT NULL,
    description       text        NOT NULL,
    request           text        NOT NULL,
    requested_by      text        NOT NULL,
    requested_by_name text        NOT NULL,
    requested_at      timestamptz NOT NULL DEFAULT now(),
    expires_at        timestamptz NOT NULL,
    confirmed_by      text,
    confirmed_by_name text,
    confirmed_at      timestamptz,
    lease_expires_at  timestamptz,
    outcome           text,
    CONSTRAINT waiting_action_pk PRIMARY KEY (id),
    CONSTRAINT second_person_is_another CHECK (confirmed_by <> requested_by),
    CONSTRAINT confirmation_is_complete CHECK (
        (confirmed_at IS NULL) = (confirmed_by IS NULL) AND (confirmed_at IS NULL) = (confirmed_by_name IS NULL)),
    CONSTRAINT outcome_after_confirmation CHECK (outcome IS NULL OR confirmed_at IS NOT NULL),
    CONSTRAINT confirmed_until_execution_ends CHECK (
        outcome IS NOT NULL OR (confirmed_at IS NULL) = (lease_expires_at IS NULL))
);
CREATE INDEX waiting_actions_without_outcome ON waiting_action (requested_at, id) WHERE outcome IS NULL;

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
