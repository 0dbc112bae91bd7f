-- The keys that personal data is sealed under, each wrapped by a master key that is not in this database.
CREATE TABLE data_key (
    id         uuid        NOT NULL,
    wrapped    bytea       NOT NULL,
    wrapped_by text        NOT NULL,
    made_at    timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT one_data_key_per_id PRIMARY KEY (id)
);

-- E-mail address, delivery address and payment method, sealed; null once they are erased. Migration 5.1, in
-- SealOrdersInClear.java, moves what is in clear and drops its columns.
ALTER TABLE orders
    ADD COLUMN personal_data    bytea,
    ADD COLUMN erasure_asked_at timestamptz,
    ADD COLUMN erased_at        timestamptz;

-- Orders whose customer is to be forgotten as soon as they have ended.
CREATE INDEX orders_to_erase ON orders (id) WHERE erasure_asked_at IS NOT NULL AND erased_at IS NULL;
