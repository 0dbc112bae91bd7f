package dev.orderflow.operations.services;

/// A service rejected the request with a problem (RFC 9457).
public final class ServiceProblemException extends ServiceUnavailableException {

    private static final long serialVersionUID = 1L;

    private final String type;

    ServiceProblemException(String service, int status, String type, Throwable cause) {
        super("%s responded with HTTP %d, %s".formatted(service, status, type), cause);
        this.type = type;
    }

    /// Whether the problem has this type.
    ///
    /// @param problemType the last segment of the type's URI, for example `order-not-found`
    public boolean isOfType(String problemType) {
        return type.equals(problemType);
    }
}
