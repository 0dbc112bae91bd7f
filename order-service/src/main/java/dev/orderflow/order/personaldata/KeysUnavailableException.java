package dev.orderflow.order.personaldata;

/// Personal data can neither be sealed nor opened for now, because the key it takes cannot be had.
/// The same request may be sent again later.
public final class KeysUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeysUnavailableException(String why) {
        super(why);
    }
}
