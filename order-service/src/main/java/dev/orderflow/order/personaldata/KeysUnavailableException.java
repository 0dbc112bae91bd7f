package dev.orderflow.order.personaldata;

/// Personal data can neither be encrypted nor decrypted at the moment because the data key is
/// unavailable. The same request may be sent again later.
public final class KeysUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeysUnavailableException(String reason) {
        super(reason);
    }
}
