package dev.orderflow.localcloud.cloudwatch;

import java.time.Instant;

/// The state of an alarm with its reason.
///
/// @param reasonData JSON, empty when absent
/// @param since time of the change to this state
record AlarmStatus(AlarmState state, String reason, String reasonData, Instant since) {

    /// The status of an alarm that was just created.
    static AlarmStatus initial(Instant created) {
        return new AlarmStatus(
                AlarmState.INSUFFICIENT_DATA, "Unchecked: Initial alarm creation", "", created);
    }
}
