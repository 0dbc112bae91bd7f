-- One row for each fact, whatever the number of times it was told.
CREATE TABLE fact (
    event_id       text        PRIMARY KEY,
    type           text        NOT NULL,
    order_id       uuid        NOT NULL,
    order_version  int         NOT NULL,
    customer_ref   text        NOT NULL,
    occurred_at    timestamptz NOT NULL,
    amount         numeric     NOT NULL,
    currency       text        NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT not_negative CHECK (amount >= 0)
);
CREATE INDEX fact_by_time ON fact (occurred_at);

-- Where each order stands: only a later fact moves it.
CREATE TABLE order_standing (
    order_id       uuid        PRIMARY KEY,
    version        int         NOT NULL,
    state          text        NOT NULL,
    amount         numeric     NOT NULL,
    currency       text        NOT NULL,
    changed_at     timestamptz NOT NULL
);
CREATE INDEX order_standing_by_state ON order_standing (state);
