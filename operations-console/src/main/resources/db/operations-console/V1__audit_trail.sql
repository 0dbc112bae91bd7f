-- Append-only: who did what to which message or execution, and why.
CREATE TABLE audit_trail (
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    by_whom     text        NOT NULL,
    action      text        NOT NULL,
    subject     text        NOT NULL,
    reason      text        NOT NULL,
    detail      text,
    CONSTRAINT one_audit_record_per_id PRIMARY KEY (id),
    CONSTRAINT done_by_somebody CHECK (by_whom <> '')
);
CREATE INDEX audit_trail_of_subject ON audit_trail (subject, id);
