package dev.orderflow.defaults.http;

import java.io.IOException;

/// A body exceeded the limit while it was read.
public final class BodyTooLargeException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long limit;

    BodyTooLargeException(long limit) {
        super("body has more than " + limit + " bytes");
        this.limit = limit;
    }

    /// The limit in bytes.
    public long limit() {
        return limit;
    }
}
