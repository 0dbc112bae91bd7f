-- A parcel is not dispatched on a payment's hold that has ended.
ALTER TABLE shipment
    DROP CONSTRAINT known_progress,
    ADD CONSTRAINT known_progress
        CHECK (progress IN ('WAITING', 'PERMITTED', 'BOOKED', 'REFUSED', 'CANCELLED', 'HOLD_ENDED')),
    DROP CONSTRAINT an_answer_has_an_outcome,
    ADD CONSTRAINT an_answer_has_an_outcome
        CHECK (caller <> 'ANSWERED' OR progress IN ('BOOKED', 'REFUSED', 'CANCELLED', 'HOLD_ENDED'));
