-- A decision is told to the workflow until it has taken it: not_before is when to try (again), and
-- keeps two instances from telling it at once.
ALTER TABLE approval
    ADD COLUMN attempts   int         NOT NULL DEFAULT 0,
    ADD COLUMN not_before timestamptz NOT NULL DEFAULT now(),
    ADD CONSTRAINT answered_after_a_decision CHECK (answered_at IS NULL OR decision IS NOT NULL);

-- Append-only: who asked, who decided, and when the workflow took it.
CREATE TABLE approval_audit (
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    order_id    uuid        NOT NULL,
    what        text        NOT NULL,
    decision    text,
    by_whom     text,
    note        text,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_audit_record_per_id PRIMARY KEY (id),
    CONSTRAINT audit_of_an_approval FOREIGN KEY (order_id) REFERENCES approval (order_id),
    CONSTRAINT known_audit_record CHECK (what IN ('ASKED', 'DECIDED', 'TAKEN', 'NOBODY_WAITED'))
);
CREATE INDEX audit_of_approval ON approval_audit (order_id, id);
