-- How far the auditor has read the orders' changes, and which instance reads them now.
CREATE TABLE audit_cursor (
    only_one    boolean     NOT NULL DEFAULT true,
    after       text        NOT NULL DEFAULT '',
    holder      uuid,
    lease_until timestamptz NOT NULL DEFAULT '-infinity',
    -- When all there was had been read.
    caught_up   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_cursor PRIMARY KEY (only_one),
    CONSTRAINT there_is_but_one CHECK (only_one)
);
INSERT INTO audit_cursor DEFAULT VALUES;

-- What did not hold: suspected until its grace is over, open from then on, cleared when it held again.
CREATE TABLE finding (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    invariant  text        NOT NULL,
    subject    text        NOT NULL,
    detail     text        NOT NULL,
    first_seen timestamptz NOT NULL DEFAULT now(),
    opened_at  timestamptz,
    cleared_at timestamptz,
    CONSTRAINT one_finding_per_id PRIMARY KEY (id),
    CONSTRAINT found_in_something CHECK (invariant <> '' AND subject <> '')
);
CREATE UNIQUE INDEX one_uncleared_finding ON finding (invariant, subject) WHERE cleared_at IS NULL;
CREATE INDEX finding_opened ON finding (id) WHERE opened_at IS NOT NULL;

-- Orders to be looked at again without a change: what follows a change may be late, and what is wrong may heal.
CREATE TABLE audit_recheck (
    order_id uuid        NOT NULL,
    due_at   timestamptz NOT NULL,
    CONSTRAINT looked_at_again_once PRIMARY KEY (order_id)
);
CREATE INDEX audit_recheck_due ON audit_recheck (due_at);
