package dev.orderflow.operations.services;

/// A service did not respond, or its response was incomplete, so nothing can be concluded. The
/// message names the service and never quotes the response; operators may read it.
public class ServiceUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ServiceUnavailableException(String message) {
        super(message);
    }

    ServiceUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
