package dev.orderflow.crashtests;

import java.util.Locale;

/// A fault that is injected once, into the next matching call.
///
/// @param kind the kind of fault
/// @param caller the label of the calling component, `workflow` or `customers`
/// @param callee the label of the called component
/// @param call the name of the call, see [ProxiedCall#name()]
/// @param delayMillis the delay of a delayed call
record Fault(FaultKind kind, String caller, String callee, String call, long delayMillis) {

    enum FaultKind {
        /// The call is not forwarded; the connection breaks.
        REFUSED(false, false),
        /// The call is processed; the connection breaks without a response.
        ANSWER_LOST(true, false),
        /// The call is forwarded late.
        DELAYED(false, false),
        /// The call is forwarded twice; the second response is returned.
        REPEATED(false, false),
        /// The caller is killed before the call is forwarded.
        CALLER_KILLED_BEFORE(false, true),
        /// The call is processed; the caller is killed before it gets the response.
        CALLER_KILLED_AFTER(true, true),
        /// The callee is killed while it processes the call.
        CALLEE_KILLED_DURING(false, true),
        /// The callee is killed after its response, which is lost.
        CALLEE_KILLED_AFTER(true, true);

        private final boolean afterwards;
        private final boolean kills;

        FaultKind(boolean afterwards, boolean kills) {
            this.afterwards = afterwards;
            this.kills = kills;
        }

        /// Whether it is injected after the call was processed.
        boolean afterwards() {
            return afterwards;
        }

        boolean kills() {
            return kills;
        }
    }

    /// The name of the injection point in reports.
    String point() {
        return "%s/%s:%s %s".formatted(caller, callee, call, kind.name().toLowerCase(Locale.ROOT));
    }
}
