package dev.orderflow.asdeployed;

/// A template that cannot be deployed. The message is one line that names the stack, the resource
/// and the cause.
final class DeploymentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeploymentException(String message) {
        super(message);
    }
}
