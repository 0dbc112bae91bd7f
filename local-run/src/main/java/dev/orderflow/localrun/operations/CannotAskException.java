package dev.orderflow.localrun.operations;

/// Nobody answers, or refuses to; the message is one line that says what to do.
final class CannotAskException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CannotAskException(String what) {
        super(what);
    }
}
