CREATE TABLE article (
    sku        text        NOT NULL,
    name       text        NOT NULL,
    amount     numeric     NOT NULL,
    currency   text        NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_article_per_sku PRIMARY KEY (sku),
    CONSTRAINT never_a_negative_price CHECK (amount >= 0)
);

CREATE TABLE orders (
    id                uuid        NOT NULL,
    customer_ref      text        NOT NULL,
    state             text        NOT NULL,
    rejection_reason  text,
    total_amount      numeric     NOT NULL,
    currency          text        NOT NULL,
    payment_method_id text        NOT NULL,
    email             text        NOT NULL,
    recipient         text        NOT NULL,
    street            text        NOT NULL,
    postal_code       text        NOT NULL,
    city              text        NOT NULL,
    country           text        NOT NULL,
    placed_at         timestamptz NOT NULL,
    attention         text,
    CONSTRAINT one_order_per_id PRIMARY KEY (id),
    CONSTRAINT known_state CHECK (state IN
        ('PENDING', 'CONFIRMED', 'DISPATCHING', 'CANCEL_REQUESTED', 'SHIPPED', 'REJECTED', 'CANCELLED')),
    CONSTRAINT rejected_for_a_reason CHECK ((state = 'REJECTED') = (rejection_reason IS NOT NULL)),
    CONSTRAINT never_a_negative_total CHECK (total_amount >= 0)
) WITH (fillfactor = 85);

-- The newest orders of one customer; the ids sort by time.
CREATE INDEX orders_of_customer ON orders (customer_ref, id DESC);

CREATE TABLE order_line (
    order_id uuid    NOT NULL,
    position int     NOT NULL,
    sku      text    NOT NULL,
    name     text    NOT NULL,
    quantity int     NOT NULL,
    amount   numeric NOT NULL,
    CONSTRAINT one_line_per_position PRIMARY KEY (order_id, position),
    CONSTRAINT line_of_an_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT never_empty_never_huge CHECK (quantity BETWEEN 1 AND 1000)
);

-- Append-only: what happened to an order after it was placed.
CREATE TABLE order_transition (
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    order_id    uuid        NOT NULL,
    happened_at timestamptz NOT NULL,
    what        text        NOT NULL,
    effect      text        NOT NULL,
    state       text        NOT NULL,
    rejection_reason text,
    detail      text,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_transition_per_id PRIMARY KEY (id),
    CONSTRAINT transition_of_an_order FOREIGN KEY (order_id) REFERENCES orders (id)
);
CREATE INDEX order_timeline ON order_transition (order_id, id);

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

CREATE TABLE inbox (
    consumer   text        NOT NULL,
    message_id text        NOT NULL,
    handled_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT handled_once PRIMARY KEY (consumer, message_id)
);

-- Orders above the limit that a person decides on. A redriven workflow asks again with another
-- token, and the latest one counts.
CREATE TABLE approval (
    order_id     uuid        NOT NULL,
    total_amount numeric     NOT NULL,
    currency     text        NOT NULL,
    task_token   text        NOT NULL,
    asked_at     timestamptz NOT NULL DEFAULT now(),
    decision     text,
    decided_by   text,
    note         text,
    decided_at   timestamptz,
    answered_at  timestamptz,
    CONSTRAINT one_approval_per_order PRIMARY KEY (order_id),
    CONSTRAINT approval_of_an_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT known_decision CHECK (decision IN ('APPROVE', 'REJECT', 'CANCEL')),
    CONSTRAINT decided_by_somebody CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE INDEX approvals_to_answer ON approval (asked_at) WHERE answered_at IS NULL;
