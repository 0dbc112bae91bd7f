package dev.orderflow.localcloud.wire;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;

/// Says in words why an HTTP call has no response. The client of the JDK leaves the message of a
/// refused connection empty.
public final class HttpFailureDescription {

    private HttpFailureDescription() {}

    /// Why a call has no response.
    public static String describe(IOException failure) {
        if (failure instanceof HttpTimeoutException) {
            return "no response in time";
        }
        if (failure instanceof ConnectException) {
            return isUnresolved(failure) ? "unknown host" : "connection refused";
        }
        return failure.getMessage() == null ? "no complete response" : failure.getMessage();
    }

    private static boolean isUnresolved(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }
}
