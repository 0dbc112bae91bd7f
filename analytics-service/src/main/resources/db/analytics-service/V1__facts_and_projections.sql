-- One row for each fact, whatever the number of times it was told.
CREATE TABLE fact (
    event_id       text        NOT NULL,
    type           text        NOT NULL,
    order_id       uuid        NOT NULL,
    order_version  int         NOT NULL,
    occurred_at    timestamptz NOT NULL,
    amount         numeric     NOT NULL,
    currency       text        NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    replayed       boolean     NOT NULL,
    CONSTRAINT one_row_per_fact PRIMARY KEY (event_id),
    CONSTRAINT amount_is_not_negative CHECK (amount >= 0)
);
CREATE INDEX fact_of_order ON fact (order_id);
-- A replayed fact is old by nature and says nothing about how far behind the figures are.
CREATE INDEX live_fact_by_recording ON fact (recorded_at) WHERE NOT replayed;

-- Projections: emptied and filled again from the same facts, they hold the same, whatever the order.

-- Where each order stands: only a later fact moves it.
CREATE TABLE order_standing (
    order_id       uuid        NOT NULL,
    version        int         NOT NULL,
    state          text        NOT NULL,
    amount         numeric     NOT NULL,
    currency       text        NOT NULL,
    changed_at     timestamptz NOT NULL,
    CONSTRAINT one_standing_per_order PRIMARY KEY (order_id)
);

-- How many orders stand in each state, and what they are worth together. A handful of rows, kept by differences,
-- so that a look at the figures costs the same however many orders there were.
CREATE TABLE orders_by_state (
    state          text        NOT NULL,
    currency       text        NOT NULL,
    orders         bigint      NOT NULL,
    amount         numeric     NOT NULL,
    -- No CHECK against negative counts: it would look at the difference before it is added.
    CONSTRAINT one_row_per_state_and_currency PRIMARY KEY (state, currency)
);

-- How often each thing happened in each minute.
CREATE TABLE facts_per_minute (
    minute         timestamptz NOT NULL,
    type           text        NOT NULL,
    facts          bigint      NOT NULL,
    CONSTRAINT one_row_per_minute_and_type PRIMARY KEY (minute, type)
);
