package dev.orderflow.benchmarks;

import dev.orderflow.localrun.Component;
import dev.orderflow.localrun.ServiceProcessMain;
import java.util.Arrays;

/// Runs a service, and exits when the process that started it has ended.
public final class MeasuredServiceMain {

    /// The system property with the port on which the listeners are controlled ([ListenerControl]).
    static final String CONTROL_PORT = "orderflow.bench.control-port";

    private MeasuredServiceMain() {}

    /// @param arguments the name of the component, then the properties of the service
    public static void main(String[] arguments) {
        ServiceProcessMain.exitWithParent();
        var context =
                Component.valueOf(arguments[0])
                        .application()
                        .run(Arrays.copyOfRange(arguments, 1, arguments.length));
        var port = Integer.getInteger(CONTROL_PORT);
        if (port != null) {
            ListenerControl.start(context, port);
        }
    }
}
