package dev.orderflow.shipping.arrangement;

import java.util.Optional;

/// Keeps shipments away from a carrier that does not answer.
public interface OutageGate {

    /// Asks to go through to the carrier. Whoever got a passage says how it went, or closes it
    /// unused.
    Optional<Passage> enter();

    /// How many may go through now.
    Traffic traffic();

    /// How many may go through.
    enum Traffic {
        /// All.
        FREE,
        /// One, to see whether the carrier is back.
        ONE_PROBE,
        /// Nobody.
        BLOCKED
    }

    /// The leave to ask the carrier once.
    interface Passage extends AutoCloseable {

        /// The carrier answered, be it with a refusal.
        void carrierAnswered();

        /// The carrier did not answer.
        void carrierSilent();

        /// Gives the passage back when the carrier was not asked at all.
        @Override
        void close();
    }
}
