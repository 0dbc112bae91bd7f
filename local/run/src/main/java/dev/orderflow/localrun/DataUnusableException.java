package dev.orderflow.localrun;

/// The folder given for data cannot be used.
public final class DataUnusableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DataUnusableException(String why) {
        super(why);
    }
}
