package dev.orderflow.crashtests;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/// A fault that was injected, with what its call named.
///
/// @param names ids and e-mail addresses in the call, among them those of the orders it was about
/// @param refused whether the callee had refused the call with a status 4xx, and changed nothing
record InjectedFault(Fault fault, Set<String> names, boolean refused) {

    private static final Pattern NAME =
            Pattern.compile(
                    "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9.+-]{1,64}@[a-z0-9.-]+");

    InjectedFault {
        names = Set.copyOf(names);
    }

    /// The ids and addresses in a text.
    static Set<String> namesIn(String text) {
        var names = new HashSet<String>();
        NAME.matcher(text).results().forEach(found -> names.add(found.group()));
        return names;
    }

    /// Why no part of the system can know of the fault; empty when one must.
    String absorbedBy() {
        return switch (fault.kind()) {
            case DELAYED -> "a delay below every time-out only makes the next step later";
            case REPEATED ->
                    isExternal() || isQuery() || refused
                            ? "the callee recognises the repetition, or it changes nothing"
                            : "";
            case REFUSED ->
                    fault.caller().equals(ServiceProcesses.CUSTOMERS)
                            ? "the request never reached the system"
                            : isRetriedByClient() ? "the client repeats the call at once" : "";
            case ANSWER_LOST ->
                    isRetriedByClient()
                            ? "the client repeats the call at once"
                            : refusedToCustomers();
            case CALLEE_KILLED_DURING ->
                    fault.caller().equals(ServiceProcesses.CUSTOMERS)
                            ? "the request may not have reached the database"
                            : "";
            case CALLER_KILLED_BEFORE, CALLER_KILLED_AFTER ->
                    fault.call().equals("events:PutEvents")
                            ? "the outbox publishes the event again"
                            : "";
            case CALLEE_KILLED_AFTER -> refusedToCustomers();
        };
    }

    private boolean isExternal() {
        return fault.callee().equals("local-cloud") || fault.callee().startsWith("sandbox-");
    }

    private boolean isQuery() {
        return fault.call().startsWith("GET ") || fault.call().endsWith("-verification");
    }

    /// A service notices the lost response itself.
    private String refusedToCustomers() {
        return refused && fault.caller().equals(ServiceProcesses.CUSTOMERS)
                ? "the request is refused again, and changes nothing"
                : "";
    }

    /// `java.net.http.HttpClient` repeats a GET whose connection had been used before and ended
    /// without a response, and the AWS SDK repeats most calls. A lost response of a receive is not
    /// repeated: its messages are in flight.
    private boolean isRetriedByClient() {
        return fault.call().startsWith("GET ") || isRetriedBySdk();
    }

    private boolean isRetriedBySdk() {
        return fault.callee().equals("local-cloud")
                && !fault.call().equals("sqs:ReceiveMessage")
                && !fault.call().equals("ses:SendEmail");
    }
}
