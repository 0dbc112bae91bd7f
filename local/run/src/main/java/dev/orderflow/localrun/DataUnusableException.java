package dev.orderflow.localrun;

import dev.orderflow.localmachine.LocalMachineException;

/// The data folder cannot be used.
public final class DataUnusableException extends LocalMachineException {

    private static final long serialVersionUID = 1L;

    DataUnusableException(String why) {
        super(why);
    }
}
