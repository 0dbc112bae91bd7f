package dev.orderflow.benchmarks;

import dev.orderflow.localrun.Component;
import java.io.IOException;
import java.util.Arrays;

/// Runs a service, and exits when the process that started it has ended.
public final class MeasuredServiceMain {

    private MeasuredServiceMain() {}

    /// @param arguments the name of the component, then the properties of the service
    public static void main(String[] arguments) {
        Thread.ofPlatform()
                .daemon()
                .name("parent-watch")
                .start(MeasuredServiceMain::exitWithParent);
        Component.valueOf(arguments[0])
                .application()
                .run(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static void exitWithParent() {
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
