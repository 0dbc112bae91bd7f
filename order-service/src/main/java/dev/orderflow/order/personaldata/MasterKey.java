package dev.orderflow.order.personaldata;

import java.util.UUID;

/// Wraps data keys. It seals no personal data itself and leaves its keeper never.
///
/// Every operation names the data key, so that what was wrapped as one cannot be put in the place
/// of another.
interface MasterKey {

    /// A data key as it is stored.
    ///
    /// @param by the name of the master key that wrapped it
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record WrappedDataKey(String masterKeyId, byte[] bytes) {

        /// Leaves the bytes out, which would fill a log.
        @Override
        public String toString() {
            return "Wrapped[by=" + masterKeyId + "]";
        }
    }

    /// A new data key, for use and for storage.
    record GeneratedDataKey(DataKey key, WrappedDataKey wrapped) {}

    /// Makes a new data key.
    ///
    /// @throws KeysUnavailableException when the keeper of the master key does not answer or
    ///     refuses
    GeneratedDataKey generate(UUID id);

    /// Wraps a data key that another master key has wrapped before.
    ///
    /// @throws KeysUnavailableException as above
    WrappedDataKey wrap(DataKey key);

    /// Whether what the named master key has wrapped can be unwrapped here.
    boolean canUnwrap(String by);

    /// Makes a stored data key usable.
    ///
    /// @throws KeysUnavailableException as above
    DataKey unwrap(UUID id, WrappedDataKey wrapped);
}
