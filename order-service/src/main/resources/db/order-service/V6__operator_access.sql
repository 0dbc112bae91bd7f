-- Append-only: which operator did what with whose order, at what time by the clock of this database.
CREATE TABLE operator_access (
    id          bigint      GENERATED ALWAYS AS IDENTITY,
    operator    text        NOT NULL,
    action      text        NOT NULL,
    order_id    uuid        NOT NULL,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT one_row_per_access PRIMARY KEY (id),
    CONSTRAINT access_to_an_order FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT known_action CHECK (action IN ('READ', 'CANCEL'))
);
CREATE INDEX access_by_order ON operator_access (order_id, id);
