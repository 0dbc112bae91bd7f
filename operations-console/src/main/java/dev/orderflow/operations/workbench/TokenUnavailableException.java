package dev.orderflow.operations.workbench;

import org.jspecify.annotations.Nullable;

/// The development issuer did not issue a token for a customer.
final class TokenUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TokenUnavailableException(@Nullable Throwable cause) {
        super("the development issuer issued no token", cause);
    }
}
