package dev.orderflow.crashtests;

import java.util.Locale;

/// Something that goes wrong once, at the next call that fits.
///
/// @param kind what goes wrong
/// @param caller who calls: the label of a part, `workflow` or `customers`
/// @param callee the label of the part that is called
/// @param call as [Call#name()] has it
/// @param delayMillis how long a delayed call is held up
record Fault(FaultKind kind, String caller, String callee, String call, long delayMillis) {

    enum FaultKind {
        /// The call is not passed on; the connection breaks.
        REFUSED(false, false),
        /// It is done, and the connection breaks without the answer.
        ANSWER_LOST(true, false),
        /// It is passed on late.
        DELAYED(false, false),
        /// It arrives twice; the second answer is returned.
        REPEATED(false, false),
        /// The caller is killed before its call is passed on.
        CALLER_KILLED_BEFORE(false, true),
        /// It is done, and the caller is killed before it hears so.
        CALLER_KILLED_AFTER(true, true),
        /// The callee is killed while it is at work.
        CALLEE_KILLED_DURING(false, true),
        /// The callee is killed when it has answered; the answer is lost.
        CALLEE_KILLED_AFTER(true, true);

        private final boolean afterwards;
        private final boolean kills;

        FaultKind(boolean afterwards, boolean kills) {
            this.afterwards = afterwards;
            this.kills = kills;
        }

        /// Whether it happens when the call has been done.
        boolean afterwards() {
            return afterwards;
        }

        boolean kills() {
            return kills;
        }
    }

    /// The name of the point, as it is written in a report.
    String point() {
        return "%s/%s:%s %s".formatted(caller, callee, call, kind.name().toLowerCase(Locale.ROOT));
    }
}
