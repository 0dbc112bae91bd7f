package dev.orderflow.operations.services;

import tools.jackson.databind.JsonNode;

/// A service rejected the request with a problem (RFC 9457).
public final class ServiceProblemException extends ServiceUnavailableException {

    private static final long serialVersionUID = 1L;

    private final String type;
    private final int status;
    private final transient JsonNode problem;

    ServiceProblemException(
            String service, int status, String type, JsonNode problem, Throwable cause) {
        super("%s responded with HTTP %d, %s".formatted(service, status, type), cause);
        this.type = type;
        this.status = status;
        this.problem = problem;
    }

    /// The HTTP status, 400 to 499.
    public int status() {
        return status;
    }

    /// The problem as the service wrote it.
    public JsonNode problem() {
        return problem;
    }

    /// Whether the problem has this type.
    ///
    /// @param problemType the last segment of the type's URI, for example `order-not-found`
    public boolean isOfType(String problemType) {
        return type.equals(problemType);
    }
}
