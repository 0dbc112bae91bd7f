-- The current stock of each article. The statement that changes it also inserts the ledger entry.
CREATE TABLE stock (
    sku      text   NOT NULL,
    on_hand  bigint NOT NULL,
    reserved bigint NOT NULL,
    CONSTRAINT one_row_per_sku PRIMARY KEY (sku),
    CONSTRAINT sku_is_well_formed CHECK (sku ~ '^[A-Z0-9][A-Z0-9-]{0,39}$'),
    CONSTRAINT nothing_below_zero CHECK (on_hand >= 0 AND reserved >= 0),
    CONSTRAINT never_oversold CHECK (reserved <= on_hand)
);

-- Every change of stock. The entries of one article are numbered in commit order, because each is inserted while
-- the article's row in stock is locked.
CREATE TABLE stock_ledger (
    entry           bigint      GENERATED ALWAYS AS IDENTITY,
    sku             text        NOT NULL,
    movement        text        NOT NULL,
    on_hand_change  bigint      NOT NULL,
    reserved_change bigint      NOT NULL,
    on_hand_after   bigint      NOT NULL,
    reserved_after  bigint      NOT NULL,
    order_id        uuid,
    reference       text,
    recorded_at     timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_number_per_entry PRIMARY KEY (entry),
    CONSTRAINT entry_of_an_article FOREIGN KEY (sku) REFERENCES stock (sku),
    CONSTRAINT changes_match_movement CHECK (
        CASE movement
            WHEN 'RECEIVED' THEN on_hand_change > 0 AND reserved_change = 0
            WHEN 'RESERVED' THEN on_hand_change = 0 AND reserved_change > 0
            WHEN 'RELEASED' THEN on_hand_change = 0 AND reserved_change < 0
            WHEN 'EXPIRED'  THEN on_hand_change = 0 AND reserved_change < 0
            WHEN 'SHIPPED'  THEN on_hand_change < 0 AND reserved_change = on_hand_change
            ELSE false
        END),
    CONSTRAINT entry_has_order_or_reference CHECK (
        CASE movement WHEN 'RECEIVED' THEN reference IS NOT NULL AND order_id IS NULL ELSE order_id IS NOT NULL END)
);

CREATE INDEX stock_ledger_by_sku ON stock_ledger (sku, entry);

-- The entries since a time, which are at the end of the table: a few bytes for each 128 blocks.
CREATE INDEX stock_ledger_by_time ON stock_ledger USING brin (recorded_at) WITH (autosummarize = on);

-- An order moves an article at most once by each kind of movement, whichever code path inserts the entry.
CREATE UNIQUE INDEX moved_once_per_order ON stock_ledger (order_id, sku, movement) WHERE order_id IS NOT NULL;

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the stock ledger is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- Each entry's totals continue those of the entry before it, so the last entry holds the sum of all entries.
CREATE FUNCTION ledger_entry_continues_previous() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before stock_ledger%ROWTYPE;
BEGIN
    SELECT * INTO before FROM stock_ledger WHERE sku = NEW.sku AND entry < NEW.entry ORDER BY entry DESC LIMIT 1;
    IF NEW.on_hand_after <> coalesce(before.on_hand_after, 0) + NEW.on_hand_change
       OR NEW.reserved_after <> coalesce(before.reserved_after, 0) + NEW.reserved_change THEN
        RAISE EXCEPTION 'totals of ledger entry % do not continue the previous entry', NEW.entry
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_entry_continues_previous';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_entry_continues_previous AFTER INSERT ON stock_ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_entry_continues_previous();

-- A transaction in which stock and ledger differ cannot commit, not even one started by hand.
CREATE FUNCTION stock_matches_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM stock
        LEFT JOIN LATERAL (
            SELECT on_hand_after, reserved_after FROM stock_ledger
            WHERE stock_ledger.sku = stock.sku ORDER BY entry DESC LIMIT 1) AS last ON true
        WHERE stock.sku = NEW.sku
          AND (stock.on_hand <> coalesce(last.on_hand_after, 0) OR stock.reserved <> coalesce(last.reserved_after, 0))
    ) THEN
        RAISE EXCEPTION 'stock of % differs from the ledger', NEW.sku
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stock_matches_ledger';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER stock_matches_ledger AFTER INSERT OR UPDATE ON stock
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stock_matches_ledger();

CREATE CONSTRAINT TRIGGER ledger_matches_stock AFTER INSERT ON stock_ledger
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stock_matches_ledger();

-- Stock with the sums of its ledger entries, for the audit API and for tests.
CREATE VIEW stock_balance AS
SELECT stock.sku,
       stock.on_hand,
       stock.reserved,
       count(ledger.entry)                                                          AS entries,
       coalesce(sum(on_hand_change) FILTER (WHERE movement = 'RECEIVED'), 0)::bigint AS received,
       coalesce(-sum(on_hand_change) FILTER (WHERE movement = 'SHIPPED'), 0)::bigint AS shipped,
       coalesce(sum(on_hand_change), 0)::bigint                                     AS ledger_on_hand,
       coalesce(sum(reserved_change), 0)::bigint                                    AS ledger_reserved,
       stock.on_hand = coalesce(sum(on_hand_change), 0)
           AND stock.reserved = coalesce(sum(reserved_change), 0)                   AS consistent
FROM stock
LEFT JOIN stock_ledger AS ledger ON ledger.sku = stock.sku
GROUP BY stock.sku;

-- One row for each order that was reserved or released. A release that arrives before the reservation inserts a row
-- without lines, the tombstone that refuses the late reservation.
CREATE TABLE reservation (
    order_id           uuid        NOT NULL,
    id                 uuid        NOT NULL,
    state              text        NOT NULL,
    reserve_key        text,
    release_key        text,
    shortage_sku       text,
    shortage_requested bigint,
    shortage_available bigint,
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    expires_at         timestamptz,
    next_check_at      timestamptz,
    CONSTRAINT one_reservation_per_order PRIMARY KEY (order_id),
    CONSTRAINT one_id_per_reservation UNIQUE (id),
    CONSTRAINT one_reservation_per_key UNIQUE (reserve_key),
    CONSTRAINT one_release_per_key UNIQUE (release_key),
    CONSTRAINT reservation_state_is_known CHECK (state IN ('RESERVED', 'REFUSED', 'RELEASED', 'FULFILLED', 'EXPIRED')),
    CONSTRAINT reserved_has_an_expiry CHECK (state <> 'RESERVED' OR (expires_at IS NOT NULL AND next_check_at IS NOT NULL)),
    CONSTRAINT refused_has_shortage CHECK (
        state <> 'REFUSED'
        OR (shortage_sku IS NOT NULL AND shortage_requested IS NOT NULL AND shortage_available IS NOT NULL)),
    CONSTRAINT shortage_below_request CHECK (shortage_available < shortage_requested)
);

CREATE INDEX reservation_overdue ON reservation (next_check_at) WHERE state = 'RESERVED';

CREATE TABLE reservation_line (
    order_id uuid NOT NULL,
    sku      text NOT NULL,
    quantity int  NOT NULL,
    CONSTRAINT one_line_per_article PRIMARY KEY (order_id, sku),
    CONSTRAINT line_of_a_reservation FOREIGN KEY (order_id) REFERENCES reservation (order_id),
    CONSTRAINT quantity_at_least_one CHECK (quantity >= 1)
);

CREATE TABLE inbox (
    consumer    text        NOT NULL,
    message_id  text        NOT NULL,
    handled_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT handled_once PRIMARY KEY (consumer, message_id)
);

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
