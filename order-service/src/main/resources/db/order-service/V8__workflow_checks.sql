-- Whether an order is before a person is told by its open work items. orders.attention repeated it, and two
-- transactions could leave it wrong. It is written no more; a later release drops it, since instances of the
-- release before still write it while they are replaced.
COMMENT ON COLUMN orders.attention IS 'unused: see work_item';
CREATE INDEX open_work_items_of_order ON work_item (order_id, raised_at, id) WHERE resolved_at IS NULL;

-- Open orders of which Step Functions was asked whether their workflow exists: when to ask again, which also keeps
-- two instances from asking at once, and what was found.
CREATE TABLE workflow_check (
    order_id   uuid        NOT NULL,
    not_before timestamptz NOT NULL,
    found      text,
    found_at   timestamptz,
    started_at timestamptz,
    CONSTRAINT one_check_per_order PRIMARY KEY (order_id),
    CONSTRAINT check_of_an_order FOREIGN KEY (order_id) REFERENCES orders (id)
);
