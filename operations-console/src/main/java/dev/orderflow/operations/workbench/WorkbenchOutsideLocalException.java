package dev.orderflow.operations.workbench;

/// The workbench is switched on without the profile `local`, so the console does not start.
final class WorkbenchOutsideLocalException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    WorkbenchOutsideLocalException() {
        super(
                "orderflow.operations.workbench.enabled is true without the profile local: the workbench places"
                        + " orders and causes faults, so it is permitted on a machine for development only."
                        + " Remove the property.");
    }
}
