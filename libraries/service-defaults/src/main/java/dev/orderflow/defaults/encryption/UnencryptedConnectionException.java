package dev.orderflow.defaults.encryption;

import java.util.List;
import java.util.stream.Collectors;

/// A service is configured with unencrypted connections and does not start.
final class UnencryptedConnectionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnencryptedConnectionException(List<UnencryptedConnection> connections) {
        super(
                connections.stream()
                        .map(UnencryptedConnection::toString)
                        .collect(
                                Collectors.joining(
                                        "; ", "Unencrypted connections are not allowed: ", ".")));
    }
}
