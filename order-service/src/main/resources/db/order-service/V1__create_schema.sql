-- Articles and their prices. A price is stored only if the payment gateway can charge it: these constraints repeat
-- the rules of Sku, TextLine and ChargeCurrency in contracts for prices that are set by SQL. A test holds both to the
-- same values.
CREATE TABLE article (
    sku        text        NOT NULL,
    name       text        NOT NULL,
    unit_price numeric     NOT NULL,
    currency   text        NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT article_pk PRIMARY KEY (sku),
    CONSTRAINT sku_is_well_formed CHECK (sku ~ '^[A-Z0-9][A-Z0-9-]{0,39}$'),
    CONSTRAINT name_is_short_and_on_one_line CHECK (
        char_length(name) BETWEEN 1 AND 200 AND btrim(name) <> '' AND name !~ '[\u0001-\u001f\u007f-\u009f\u2028\u2029]'),
    CONSTRAINT currency_can_be_charged CHECK (currency IN (
        'AED', 'AFN', 'ALL', 'AMD', 'AOA', 'ARS', 'AUD', 'AWG', 'AZN', 'BAM', 'BBD', 'BDT', 'BHD', 'BIF', 'BMD', 'BND',
        'BOB', 'BRL', 'BSD', 'BWP', 'BYN', 'BZD', 'CAD', 'CDF', 'CHF', 'CLP', 'CNY', 'COP', 'CRC', 'CVE', 'CZK', 'DJF',
        'DKK', 'DOP', 'DZD', 'EGP', 'ETB', 'EUR', 'FJD', 'FKP', 'GBP', 'GEL', 'GIP', 'GMD', 'GNF', 'GTQ', 'GYD', 'HKD',
        'HNL', 'HTG', 'HUF', 'IDR', 'ILS', 'INR', 'ISK', 'JMD', 'JOD', 'JPY', 'KES', 'KGS', 'KHR', 'KMF', 'KRW', 'KWD',
        'KYD', 'KZT', 'LAK', 'LBP', 'LKR', 'LRD', 'LSL', 'MAD', 'MDL', 'MGA', 'MKD', 'MMK', 'MNT', 'MOP', 'MUR', 'MVR',
        'MWK', 'MXN', 'MYR', 'MZN', 'NAD', 'NGN', 'NIO', 'NOK', 'NPR', 'NZD', 'OMR', 'PAB', 'PEN', 'PGK', 'PHP', 'PKR',
        'PLN', 'PYG', 'QAR', 'RON', 'RSD', 'RUB', 'RWF', 'SAR', 'SBD', 'SCR', 'SEK', 'SGD', 'SHP', 'SLE', 'SOS', 'SRD',
        'SZL', 'THB', 'TJS', 'TND', 'TOP', 'TRY', 'TTD', 'TWD', 'TZS', 'UAH', 'UGX', 'USD', 'UYU', 'UZS', 'VND', 'VUV',
        'WST', 'XAF', 'XCD', 'XOF', 'XPF', 'YER', 'ZAR', 'ZMW')),
    CONSTRAINT unit_price_is_positive CHECK (unit_price > 0),
    -- The gateway charges three-decimal currencies in steps of 0.01.
    CONSTRAINT unit_price_is_in_chargeable_units CHECK (unit_price = round(unit_price, CASE
        WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'UGX', 'VND',
                          'VUV', 'XAF', 'XOF', 'XPF') THEN 0
        ELSE 2 END)),
    CONSTRAINT unit_price_is_at_most_the_charge_limit CHECK (unit_price <= CASE
        WHEN currency = 'IDR' THEN 9999999999.99
        WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF',
                          'XOF', 'XPF') THEN 99999999
        WHEN currency IN ('BHD', 'JOD', 'KWD', 'OMR', 'TND') THEN 99999.99
        ELSE 999999.99 END)
);

-- Orders. personal_data is encrypted (e-mail address, delivery address, payment method) and NULL once it is erased.
CREATE TABLE orders (
    id                   uuid        NOT NULL,
    customer_ref         text        NOT NULL,
    state                text        NOT NULL,
    rejection_reason     text,
    total_amount         numeric     NOT NULL,
    currency             text        NOT NULL,
    placed_at            timestamptz NOT NULL,
    personal_data        bytea,
    erasure_requested_at timestamptz,
    erased_at            timestamptz,
    -- The only list of final states in SQL; OrderStateCode of contracts is the one in Java, and a test compares the two.
    is_final             boolean     NOT NULL GENERATED ALWAYS AS (state IN ('SHIPPED', 'REJECTED', 'CANCELLED')) STORED,
    is_cancelled         boolean     NOT NULL GENERATED ALWAYS AS (state = 'CANCELLED') STORED,
    CONSTRAINT orders_pk PRIMARY KEY (id),
    CONSTRAINT order_state_is_known CHECK (state IN
        ('PENDING', 'CONFIRMED', 'DISPATCHING', 'CANCEL_REQUESTED', 'SHIPPED', 'REJECTED', 'CANCELLED')),
    CONSTRAINT rejected_order_has_a_reason CHECK ((state = 'REJECTED') = (rejection_reason IS NOT NULL)),
    CONSTRAINT total_is_not_negative CHECK (total_amount >= 0),
    CONSTRAINT personal_data_is_stored_or_erased CHECK ((personal_data IS NULL) = (erased_at IS NOT NULL)),
    CONSTRAINT only_final_orders_are_erased CHECK (erased_at IS NULL OR is_final)
) WITH (fillfactor = 85);

-- The newest orders of one customer; the ids sort by time.
CREATE INDEX orders_of_customer ON orders (customer_ref, id DESC);

-- Open orders are few: the stuck-order detector and the missing-workflow check read this index alone.
CREATE INDEX open_orders ON orders (id) WHERE NOT is_final;

-- For the search of operators. No index names the state: a change of an indexed column is written to all indexes, and
-- an order changes its state several times.
CREATE INDEX rejected_orders ON orders (id) WHERE rejection_reason IS NOT NULL;
CREATE INDEX rejected_orders_by_reason ON orders (rejection_reason, id) WHERE rejection_reason IS NOT NULL;
CREATE INDEX cancelled_orders ON orders (id) WHERE is_cancelled;
CREATE INDEX orders_by_amount ON orders (currency, total_amount);

-- Orders to erase as soon as they are final.
CREATE INDEX orders_to_erase ON orders (id) WHERE erasure_requested_at IS NOT NULL AND erased_at IS NULL;

CREATE TABLE order_line (
    order_id   uuid    NOT NULL,
    position   int     NOT NULL,
    sku        text    NOT NULL,
    name       text    NOT NULL,
    quantity   int     NOT NULL,
    unit_price numeric NOT NULL,
    CONSTRAINT order_line_pk PRIMARY KEY (order_id, position),
    CONSTRAINT order_line_has_an_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT quantity_is_1_to_1000 CHECK (quantity BETWEEN 1 AND 1000)
);

CREATE INDEX order_line_by_article ON order_line (sku, order_id);

-- Append-only: what happened to an order after it was placed.
CREATE TABLE order_timeline (
    id               bigint      GENERATED ALWAYS AS IDENTITY,
    order_id         uuid        NOT NULL,
    occurred_at      timestamptz NOT NULL,
    type             text        NOT NULL,
    effect           text        NOT NULL,
    state            text        NOT NULL,
    rejection_reason text,
    detail           text,
    recorded_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT order_timeline_pk PRIMARY KEY (id),
    CONSTRAINT timeline_entry_has_an_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT timeline_effect_is_known CHECK (effect IN ('MOVED', 'LATE', 'OUT_OF_ORDER', 'FLAGGED'))
);
CREATE INDEX timeline_of_order ON order_timeline (order_id, id);

-- All changes in the order in which they were recorded, for clients that follow all orders.
CREATE INDEX timeline_by_time ON order_timeline (recorded_at, id);

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

-- Orders above the approval limit. A redriven workflow asks again with another token, and the latest token counts. A
-- redriven message looks like the latest one, whatever its age, so earlier tokens are kept: when the workflow does not wait for
-- task_token, the decision is sent with the first of them.
-- next_attempt_at is when the decision is sent to the workflow (again); it also keeps two instances from sending it
-- at the same time. completed_at is when the workflow no longer waited: it took the decision, its task had ended, or the
-- order became final without a decision.
CREATE TABLE approval (
    order_id        uuid        NOT NULL,
    total_amount    numeric     NOT NULL,
    currency        text        NOT NULL,
    task_token      text        NOT NULL,
    earlier_tokens  text[]      NOT NULL DEFAULT '{}',
    requested_at    timestamptz NOT NULL DEFAULT now(),
    decision        text,
    decided_by      text,
    decided_by_name text,
    note            text,
    decided_at      timestamptz,
    completed_at    timestamptz,
    attempts        int         NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT approval_pk PRIMARY KEY (order_id),
    CONSTRAINT approval_has_an_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT decision_is_known CHECK (decision IN ('APPROVE', 'REJECT', 'CANCEL')),
    CONSTRAINT decision_has_a_time CHECK ((decision IS NULL) = (decided_at IS NULL))
);
CREATE INDEX undecided_approvals ON approval (requested_at) WHERE completed_at IS NULL AND decision IS NULL;
CREATE INDEX unsent_decisions ON approval (next_attempt_at, decided_at)
    WHERE completed_at IS NULL AND decision IS NOT NULL;

-- Append-only: when an approval was requested, who decided, and when the workflow took the decision. TASK_ENDED: the
-- workflow no longer waited when the decision was sent again, perhaps because it had taken an earlier attempt.
-- ENDED_UNDECIDED: the order became final without a decision, for example after the workflow's time limit for it.
CREATE TABLE approval_audit (
    id              bigint      GENERATED ALWAYS AS IDENTITY,
    order_id        uuid        NOT NULL,
    action          text        NOT NULL,
    decision        text,
    decided_by      text,
    decided_by_name text,
    note            text,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT approval_audit_pk PRIMARY KEY (id),
    CONSTRAINT audit_entry_has_an_approval FOREIGN KEY (order_id) REFERENCES approval (order_id),
    CONSTRAINT audit_action_is_known CHECK (action IN
        ('REQUESTED', 'DECIDED', 'COMPLETED', 'TOKEN_EXPIRED', 'TASK_ENDED', 'ENDED_UNDECIDED'))
);
CREATE INDEX audit_of_approval ON approval_audit (order_id, id);

-- Orders that an operator must look at, and why. A resolved item stays, with the subject and the name of the operator.
CREATE TABLE work_item (
    id               uuid        NOT NULL,
    order_id         uuid        NOT NULL,
    kind             text        NOT NULL,
    reason           text        NOT NULL,
    opened_at        timestamptz NOT NULL DEFAULT now(),
    resolved_at      timestamptz,
    resolved_by      text,
    resolved_by_name text,
    note             text,
    CONSTRAINT work_item_pk PRIMARY KEY (id),
    CONSTRAINT work_item_has_an_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT work_item_kind_is_known CHECK (kind IN
        ('WORKFLOW_FAILED', 'COMPENSATION_FAILED', 'OUT_OF_ORDER', 'EVENT_PARKED', 'STUCK')),
    CONSTRAINT resolution_has_an_operator CHECK ((resolved_at IS NULL) = (resolved_by IS NULL))
);
CREATE UNIQUE INDEX one_open_item_per_order_and_kind ON work_item (order_id, kind) WHERE resolved_at IS NULL;
CREATE INDEX open_work_items ON work_item (opened_at, id) WHERE resolved_at IS NULL;
CREATE INDEX work_items_of_order ON work_item (order_id, opened_at, id);

-- Data keys that encrypt personal data, each wrapped by a master key that is not in this database.
CREATE TABLE data_key (
    id            uuid        NOT NULL,
    wrapped_key   bytea       NOT NULL,
    master_key_id text        NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT data_key_pk PRIMARY KEY (id)
);

-- Append-only: which operator read or cancelled whose order, at what time by the clock of this database.
CREATE TABLE operator_access_log (
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    operator    text        NOT NULL,
    action      text        NOT NULL,
    order_id    uuid        NOT NULL,
    accessed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT operator_access_log_pk PRIMARY KEY (id),
    CONSTRAINT access_has_an_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT operator_action_is_known CHECK (action IN ('READ', 'CANCEL'))
);
CREATE INDEX access_by_order ON operator_access_log (order_id, id);

-- Append-only: which person requested the cancellation of whose order on behalf of its customer, why, and how it was
-- answered. The same request repeated stays one row with the first result.
CREATE TABLE operator_cancellation (
    id                bigint      GENERATED ALWAYS AS IDENTITY,
    order_id          uuid        NOT NULL,
    requested_by      text        NOT NULL,
    requested_by_name text        NOT NULL,
    reason            text        NOT NULL,
    result            text        NOT NULL,
    requested_at      timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT operator_cancellation_pk PRIMARY KEY (id),
    CONSTRAINT cancellation_has_an_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT cancellation_result_is_known CHECK (result IN ('ACCEPTED', 'ALREADY_CANCELLED', 'TOO_LATE')),
    CONSTRAINT same_cancellation_is_stored_once UNIQUE (order_id, requested_by, reason)
);

-- Open orders whose workflow execution was looked up in Step Functions, and its status. next_check_at is when to look
-- again; it also keeps two instances from looking at the same time. failures is how often that failed since it last
-- succeeded. started_late_at is set when the workflow was found missing and was started.
CREATE TABLE workflow_check (
    order_id         uuid        NOT NULL,
    next_check_at    timestamptz NOT NULL,
    execution_status text,
    checked_at       timestamptz,
    failures         int         NOT NULL DEFAULT 0,
    started_late_at  timestamptz,
    CONSTRAINT workflow_check_pk PRIMARY KEY (order_id),
    CONSTRAINT workflow_check_has_an_order FOREIGN KEY (order_id) REFERENCES orders (id)
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
