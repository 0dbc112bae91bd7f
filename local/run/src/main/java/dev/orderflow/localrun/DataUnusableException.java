package dev.orderflow.localrun;

import dev.orderflow.localmachine.LocalMachineException;

/// The folder given for data cannot be used.
public final class DataUnusableException extends LocalMachineException {

    private static final long serialVersionUID = 1L;

    DataUnusableException(String why) {
        super(why);
    }
}
