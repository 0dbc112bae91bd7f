package dev.orderflow.defaults.transport;

import java.util.List;
import java.util.stream.Collectors;

/// The service does not start, since it would talk without encryption.
final class UnencryptedConnectionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnencryptedConnectionException(List<UnencryptedConnection> connections) {
        super(
                connections.stream()
                        .map(UnencryptedConnection::toString)
                        .collect(
                                Collectors.joining(
                                        "; ",
                                        "Connections without encryption are refused: ",
                                        ".")));
    }
}
