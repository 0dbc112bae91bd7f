package dev.orderflow.systemtests;

import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Repeats a request while a service answers 503. On a machine that stands still for seconds,
/// transactions and calls between services exceed their time limits. The response then asks the
/// client to repeat the request, and a repetition succeeds.
final class Repetition {

    private Repetition() {}

    /// Sends a request until its response is another one than 503.
    static HttpResponse<String> untilAvailable(Supplier<HttpResponse<String>> request) {
        return untilAvailable(request, response -> response.statusCode() == 503);
    }

    /// Makes an attempt until its result is another one than that of a 503.
    static <T> T untilAvailable(Supplier<T> attempt, Predicate<T> isUnavailable) {
        var first = attempt.get();
        return isUnavailable.test(first)
                ? await("a repetition to succeed after " + first)
                        .until(attempt::get, isUnavailable.negate())
                : first;
    }
}
