package dev.orderflow.defaults.http;

import java.io.IOException;

/// A body took too long to arrive.
public final class BodyTooSlowException extends IOException {

    private static final long serialVersionUID = 1L;

    BodyTooSlowException() {
        super("body did not arrive in time");
    }
}
