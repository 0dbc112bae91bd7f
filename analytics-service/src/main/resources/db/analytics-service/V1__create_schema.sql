-- One row for each event, however often it is delivered.
CREATE TABLE fact (
    event_id       text        NOT NULL,
    type           text        NOT NULL,
    order_id       uuid        NOT NULL,
    order_version  int         NOT NULL,
    occurred_at    timestamptz NOT NULL,
    total_amount   numeric     NOT NULL,
    currency       text        NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    replayed       boolean     NOT NULL,
    CONSTRAINT one_fact_per_event PRIMARY KEY (event_id),
    CONSTRAINT total_is_not_negative CHECK (total_amount >= 0)
);
CREATE INDEX fact_by_order ON fact (order_id);
-- A replayed event is old, so the lag of the projections is measured by the others.
CREATE INDEX live_fact_by_recorded_at ON fact (recorded_at) WHERE NOT replayed;

-- The tables below are projections: derived from the facts alone, with the same result in any order of arrival.

-- The latest state of each order. Only a fact with a higher version changes it.
-- The previous_ columns hold the values before the last change and are NULL before the first: the statement that
-- updates the row returns them, since PostgreSQL before 18 has no RETURNING OLD. They depend on the order of arrival,
-- so no other statement may read them.
CREATE TABLE order_state (
    order_id              uuid        NOT NULL,
    version               int         NOT NULL,
    state                 text        NOT NULL,
    total_amount          numeric     NOT NULL,
    currency              text        NOT NULL,
    changed_at            timestamptz NOT NULL,
    previous_state        text,
    previous_total_amount numeric,
    previous_currency     text,
    CONSTRAINT one_state_per_order PRIMARY KEY (order_id),
    CONSTRAINT previous_columns_set_together CHECK (
        (previous_state IS NULL) = (previous_total_amount IS NULL)
        AND (previous_state IS NULL) = (previous_currency IS NULL))
);

-- The number of orders in each state and the sum of their totals, maintained by differences, so that reading the
-- summary takes the same time for any number of orders.
CREATE TABLE orders_by_state (
    state          text        NOT NULL,
    currency       text        NOT NULL,
    orders         bigint      NOT NULL,
    total_amount   numeric     NOT NULL,
    -- No CHECK against negative counts: it would check the difference before it is added.
    CONSTRAINT one_row_per_state_and_currency PRIMARY KEY (state, currency)
);

-- The number of facts of each type in each minute.
CREATE TABLE facts_per_minute (
    minute         timestamptz NOT NULL,
    type           text        NOT NULL,
    facts          bigint      NOT NULL,
    CONSTRAINT one_row_per_minute_and_type PRIMARY KEY (minute, type)
);

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
