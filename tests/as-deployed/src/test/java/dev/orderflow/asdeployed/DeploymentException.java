package dev.orderflow.asdeployed;

/// A template that cannot be deployed: what is wrong, in one line, with the stack and the resource.
final class DeploymentException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DeploymentException(String message) {
        super(message);
    }
}
