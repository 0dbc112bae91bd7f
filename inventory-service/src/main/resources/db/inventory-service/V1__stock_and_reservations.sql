-- What is on the shelf now. Every change goes through the ledger below, in the same statement.
CREATE TABLE stock (
    sku      text   NOT NULL,
    on_hand  bigint NOT NULL,
    reserved bigint NOT NULL,
    CONSTRAINT one_row_per_sku PRIMARY KEY (sku),
    CONSTRAINT sku_is_well_formed CHECK (sku ~ '^[A-Z0-9][A-Z0-9-]{0,39}$'),
    CONSTRAINT nothing_below_zero CHECK (on_hand >= 0 AND reserved >= 0),
    CONSTRAINT never_oversold CHECK (reserved <= on_hand)
);

-- Every change there ever was. An article's entries are numbered in the order in which they happened, because
-- each is written under the lock of the article's row.
CREATE TABLE stock_ledger (
    entry           bigint      GENERATED ALWAYS AS IDENTITY,
    sku             text        NOT NULL,
    kind            text        NOT NULL,
    on_hand_change  bigint      NOT NULL,
    reserved_change bigint      NOT NULL,
    on_hand_after   bigint      NOT NULL,
    reserved_after  bigint      NOT NULL,
    order_id        uuid,
    reference       text,
    booked_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_number_per_entry PRIMARY KEY (entry),
    CONSTRAINT entry_is_of_an_article FOREIGN KEY (sku) REFERENCES stock (sku),
    CONSTRAINT kind_moves_what_it_says CHECK (
        CASE kind
            WHEN 'RECEIVED' THEN on_hand_change > 0 AND reserved_change = 0
            WHEN 'RESERVED' THEN on_hand_change = 0 AND reserved_change > 0
            WHEN 'RELEASED' THEN on_hand_change = 0 AND reserved_change < 0
            WHEN 'EXPIRED'  THEN on_hand_change = 0 AND reserved_change < 0
            WHEN 'SHIPPED'  THEN on_hand_change < 0 AND reserved_change = on_hand_change
            ELSE false
        END),
    CONSTRAINT entry_has_a_cause CHECK (
        CASE kind WHEN 'RECEIVED' THEN reference IS NOT NULL AND order_id IS NULL ELSE order_id IS NOT NULL END)
);

CREATE INDEX stock_ledger_of_article ON stock_ledger (sku, entry);

-- No order moves an article twice in the same way, whatever code does it, however late.
CREATE UNIQUE INDEX moved_once_per_order ON stock_ledger (order_id, sku, kind) WHERE order_id IS NOT NULL;

CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the stock ledger is append-only' USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON stock_ledger
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only();

-- Each entry goes on from the one before it, so the last entry is the sum of all.
CREATE FUNCTION ledger_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before stock_ledger%ROWTYPE;
BEGIN
    SELECT * INTO before FROM stock_ledger WHERE sku = NEW.sku AND entry < NEW.entry ORDER BY entry DESC LIMIT 1;
    IF NEW.on_hand_after <> coalesce(before.on_hand_after, 0) + NEW.on_hand_change
       OR NEW.reserved_after <> coalesce(before.reserved_after, 0) + NEW.reserved_change THEN
        RAISE EXCEPTION 'ledger entry % does not go on from the one before it', NEW.entry
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_goes_on';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER ledger_goes_on AFTER INSERT ON stock_ledger
    FOR EACH ROW EXECUTE FUNCTION ledger_goes_on();

-- Nothing is committed whose stock is not what the ledger says, not even by hand.
CREATE FUNCTION stock_is_what_the_ledger_says() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM stock
        LEFT JOIN LATERAL (
            SELECT on_hand_after, reserved_after FROM stock_ledger
            WHERE stock_ledger.sku = stock.sku ORDER BY entry DESC LIMIT 1) AS last ON true
        WHERE stock.sku = NEW.sku
          AND (stock.on_hand <> coalesce(last.on_hand_after, 0) OR stock.reserved <> coalesce(last.reserved_after, 0))
    ) THEN
        RAISE EXCEPTION 'stock of % is not what the ledger says', NEW.sku
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'stock_is_what_the_ledger_says';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER stock_is_what_the_ledger_says AFTER INSERT OR UPDATE ON stock
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stock_is_what_the_ledger_says();

CREATE CONSTRAINT TRIGGER ledger_is_what_the_stock_says AFTER INSERT ON stock_ledger
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stock_is_what_the_ledger_says();

-- Stock beside the sums of its ledger, for people and for the tests that prove them equal.
CREATE VIEW stock_books AS
SELECT stock.sku,
       stock.on_hand,
       stock.reserved,
       count(ledger.entry)                                                       AS entries,
       coalesce(sum(on_hand_change) FILTER (WHERE kind = 'RECEIVED'), 0)::bigint AS received,
       coalesce(-sum(on_hand_change) FILTER (WHERE kind = 'SHIPPED'), 0)::bigint AS shipped,
       coalesce(sum(on_hand_change), 0)::bigint                                  AS ledger_on_hand,
       coalesce(sum(reserved_change), 0)::bigint                                 AS ledger_reserved,
       stock.on_hand = coalesce(sum(on_hand_change), 0)
           AND stock.reserved = coalesce(sum(reserved_change), 0)                AS adds_up
FROM stock
LEFT JOIN stock_ledger AS ledger ON ledger.sku = stock.sku
GROUP BY stock.sku;

-- One row for each order inventory has heard of. A release that comes first leaves a row without lines, the
-- tombstone that refuses a late reservation.
CREATE TABLE reservation (
    order_id        uuid        NOT NULL,
    id              uuid        NOT NULL,
    status          text        NOT NULL,
    reserve_key     text,
    release_key     text,
    short_sku       text,
    short_requested bigint,
    short_available bigint,
    made_at         timestamptz NOT NULL DEFAULT now(),
    changed_at      timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz,
    ask_at          timestamptz,
    CONSTRAINT one_reservation_per_order PRIMARY KEY (order_id),
    CONSTRAINT one_id_per_reservation UNIQUE (id),
    CONSTRAINT one_reservation_per_key UNIQUE (reserve_key),
    CONSTRAINT one_release_per_key UNIQUE (release_key),
    CONSTRAINT status_is_known CHECK (status IN ('HELD', 'REFUSED', 'RELEASED', 'FULFILLED', 'EXPIRED')),
    CONSTRAINT held_has_an_expiry CHECK (status <> 'HELD' OR (expires_at IS NOT NULL AND ask_at IS NOT NULL)),
    CONSTRAINT refused_says_why CHECK (
        status <> 'REFUSED'
        OR (short_sku IS NOT NULL AND short_requested IS NOT NULL AND short_available IS NOT NULL)),
    CONSTRAINT short_is_short CHECK (short_available < short_requested)
);

CREATE INDEX reservation_overdue ON reservation (ask_at) WHERE status = 'HELD';

CREATE TABLE reservation_line (
    order_id uuid NOT NULL,
    sku      text NOT NULL,
    quantity int  NOT NULL,
    CONSTRAINT one_line_per_article PRIMARY KEY (order_id, sku),
    CONSTRAINT line_is_of_a_reservation FOREIGN KEY (order_id) REFERENCES reservation (order_id),
    CONSTRAINT at_least_one CHECK (quantity >= 1)
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
