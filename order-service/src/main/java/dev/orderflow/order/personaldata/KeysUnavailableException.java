package dev.orderflow.order.personaldata;

/// Personal data can neither be encrypted nor decrypted at the moment because the data key is
/// unavailable. The same request may be sent again later.
public final class KeysUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean isOutage;

    /// The master key refused or is not configured.
    KeysUnavailableException(String reason) {
        this(reason, false);
    }

    /// @param isOutage whether the master key is unavailable for every data key
    KeysUnavailableException(String reason, boolean isOutage) {
        super(reason);
        this.isOutage = isOutage;
    }

    /// Whether the same operation would fail with any other data key.
    boolean isOutage() {
        return isOutage;
    }
}
