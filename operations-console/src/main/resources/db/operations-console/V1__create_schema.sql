-- Append-only: which operator changed which message, execution or customer, and why.
CREATE TABLE audit_trail (
    id                bigint      GENERATED ALWAYS AS IDENTITY,
    recorded_at       timestamptz NOT NULL DEFAULT now(),
    -- The subject of the operator's access token, and the name in it.
    performed_by      text        NOT NULL,
    performed_by_name text        NOT NULL,
    action            text        NOT NULL,
    subject           text        NOT NULL,
    reason            text        NOT NULL,
    detail            text,
    CONSTRAINT audit_trail_key PRIMARY KEY (id),
    CONSTRAINT actor_is_named CHECK (performed_by <> '')
);
CREATE INDEX audit_trail_by_subject ON audit_trail (subject, id);

-- One row for each redrive, discard or dismissal. A running one holds a lease of its target on the database's clock:
-- two instances never work on the same queue, and the target is free again after its instance died.
CREATE TABLE redrive (
    id               uuid        NOT NULL,
    target           text        NOT NULL,
    action           text        NOT NULL,
    requested_by     text        NOT NULL,
    requested_by_name text       NOT NULL,
    reason           text        NOT NULL,
    selection        text        NOT NULL,
    state            text        NOT NULL DEFAULT 'RUNNING',
    started_at       timestamptz NOT NULL DEFAULT now(),
    lease_expires_at timestamptz NOT NULL,
    ended_at         timestamptz,
    done             integer     NOT NULL DEFAULT 0,
    skipped          integer     NOT NULL DEFAULT 0,
    blocked          integer     NOT NULL DEFAULT 0,
    failed           integer     NOT NULL DEFAULT 0,
    note             text,
    -- Why items were not redriven: [{"outcome":…, "description":…, "count":…, "ids":[…]}].
    reasons          jsonb       NOT NULL DEFAULT '[]',
    CONSTRAINT redrive_key PRIMARY KEY (id),
    CONSTRAINT action_is_known CHECK (action IN ('REDRIVE', 'DISCARD', 'DISMISS')),
    CONSTRAINT state_is_known CHECK (state IN ('RUNNING', 'DONE', 'STOPPED', 'ABANDONED')),
    CONSTRAINT ended_unless_running CHECK ((state = 'RUNNING') = (ended_at IS NULL))
);
CREATE UNIQUE INDEX one_running_redrive_per_target ON redrive (target) WHERE state = 'RUNNING';

-- How far the auditor has read the changes of orders and of the payment gateway, and which instance holds its lease.
CREATE TABLE audit_cursor (
    single_row       boolean     NOT NULL DEFAULT true,
    orders_cursor    text        NOT NULL DEFAULT '',
    gateway_cursor   text        NOT NULL DEFAULT '',
    lease_owner      uuid,
    lease_expires_at timestamptz NOT NULL DEFAULT '-infinity',
    -- Every change made before this time was compared.
    compared_until   timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT audit_cursor_key PRIMARY KEY (single_row),
    CONSTRAINT only_one_cursor CHECK (single_row)
);
INSERT INTO audit_cursor DEFAULT VALUES;

-- A violated invariant: suspected during its grace period, open afterwards, cleared when the invariant holds again.
CREATE TABLE violation (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    invariant  text        NOT NULL,
    subject    text        NOT NULL,
    detail     text        NOT NULL,
    first_seen timestamptz NOT NULL DEFAULT now(),
    opened_at  timestamptz,
    cleared_at timestamptz,
    CONSTRAINT violation_key PRIMARY KEY (id),
    CONSTRAINT violation_names_invariant_and_subject CHECK (invariant <> '' AND subject <> '')
);
CREATE UNIQUE INDEX one_uncleared_violation ON violation (invariant, subject) WHERE cleared_at IS NULL;
CREATE INDEX violation_opened ON violation (id) WHERE opened_at IS NOT NULL;

-- Orders to check again although they did not change: the effects of a change may be late, and a violation may end.
CREATE TABLE audit_recheck (
    order_id uuid        NOT NULL,
    due_at   timestamptz NOT NULL,
    CONSTRAINT audit_recheck_key PRIMARY KEY (order_id)
);
CREATE INDEX audit_recheck_due ON audit_recheck (due_at);

-- Failed executions that an operator dismissed. Step Functions keeps an execution for 90 days and deletes none on
-- request. An execution that is redriven and fails again is listed again: its redrive count is higher then.
CREATE TABLE dismissed_execution (
    name          text        NOT NULL,
    redrive_count integer     NOT NULL,
    dismissed_at  timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT dismissed_execution_key PRIMARY KEY (name, redrive_count)
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
    idempotency_key   text,
    response_status   integer,
    CONSTRAINT operator_action_pk PRIMARY KEY (id)
);

-- Actions of operators that a second person must confirm; the lease keeps two confirmations from executing one twice.
CREATE TABLE waiting_action (
    id                uuid        NOT NULL,
    action            text        NOT NULL,
    target            text        NOT NULL,
    description       text        NOT NULL,
    request           text        NOT NULL,
    requested_by      text        NOT NULL,
    requested_by_name text        NOT NULL,
    requested_at      timestamptz NOT NULL DEFAULT now(),
    expires_at        timestamptz NOT NULL,
    confirmed_by      text,
    confirmed_by_name text,
    confirmed_at      timestamptz,
    lease_expires_at  timestamptz,
    outcome           text,
    CONSTRAINT waiting_action_pk PRIMARY KEY (id),
    CONSTRAINT second_person_is_another CHECK (confirmed_by <> requested_by),
    CONSTRAINT confirmation_is_complete CHECK (
        (confirmed_at IS NULL) = (confirmed_by IS NULL) AND (confirmed_at IS NULL) = (confirmed_by_name IS NULL)),
    CONSTRAINT outcome_after_confirmation CHECK (outcome IS NULL OR confirmed_at IS NOT NULL)
);
CREATE INDEX waiting_actions_without_outcome ON waiting_action (requested_at, id) WHERE outcome IS NULL;
