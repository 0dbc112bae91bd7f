package dev.orderflow.order.personaldata;

import java.util.UUID;

/// Wraps and unwraps data keys (envelope encryption). It never encrypts personal data itself.
///
/// Every operation names the data key's id, so that a wrapped key cannot be swapped for another
/// one.
interface MasterKey {

    /// A data key as it is stored.
    ///
    /// @param masterKeyId the master key that wrapped it: an ARN of KMS or the name of a local key
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record WrappedDataKey(String masterKeyId, byte[] bytes) {

        /// Omits the bytes.
        @Override
        public String toString() {
            return "WrappedDataKey[masterKeyId=" + masterKeyId + "]";
        }
    }

    /// A new data key, in plaintext for use and wrapped for storage.
    record GeneratedDataKey(DataKey key, WrappedDataKey wrapped) {}

    /// Generates a new data key.
    ///
    /// @throws KeysUnavailableException when KMS does not answer or refuses
    GeneratedDataKey generate(UUID id);

    /// Wraps a data key that another master key had wrapped before.
    ///
    /// @throws KeysUnavailableException as above
    WrappedDataKey wrap(DataKey key);

    /// Whether this master key can unwrap data keys that the given master key has wrapped.
    boolean canUnwrap(String masterKeyId);

    /// Unwraps a stored data key.
    ///
    /// @throws KeysUnavailableException as above
    DataKey unwrap(UUID id, WrappedDataKey wrapped);
}
