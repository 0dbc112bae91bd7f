-- What an order's row held before its last change, NULL when it is the first: an UPDATE can return it from here,
-- while PostgreSQL before 18 has no RETURNING OLD. It depends on the order of arrival, so it is no part of the
-- figures and nothing but the statement that writes it may read it.
ALTER TABLE order_standing
    ADD COLUMN previous_state    text,
    ADD COLUMN previous_amount   numeric,
    ADD COLUMN previous_currency text,
    ADD CONSTRAINT previous_is_whole_or_absent CHECK (
        (previous_state IS NULL) = (previous_amount IS NULL)
        AND (previous_state IS NULL) = (previous_currency IS NULL));
