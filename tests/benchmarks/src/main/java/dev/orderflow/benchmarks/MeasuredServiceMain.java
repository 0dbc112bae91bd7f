package dev.orderflow.benchmarks;

import dev.orderflow.localrun.Component;
import java.io.IOException;
import java.util.Arrays;

/// Runs a service, and exits when the process that started it has ended.
public final class MeasuredServiceMain {

    /// The system property with the port on which the listeners are controlled ([ListenerControl]).
    static final String CONTROL_PORT = "orderflow.bench.control-port";

    private MeasuredServiceMain() {}

    /// @param arguments the name of the component, then the properties of the service
    public static void main(String[] arguments) {
        exitWithParent();
        var context =
                Component.valueOf(arguments[0])
                        .application()
                        .run(Arrays.copyOfRange(arguments, 1, arguments.length));
        var port = Integer.getInteger(CONTROL_PORT);
        if (port != null) {
            ListenerControl.start(context, port);
        }
    }

    /// Ends this process when its standard input ends, as it does with the process that started it.
    static void exitWithParent() {
        Thread.ofPlatform().daemon().name("parent-watch").start(MeasuredServiceMain::watchParent);
    }

    private static void watchParent() {
        try {
            while (System.in.read() >= 0) {
                // The parent writes nothing.
            }
        } catch (IOException alsoTheEnd) {
            // Handled below.
        }
        Runtime.getRuntime().halt(1);
    }
}
