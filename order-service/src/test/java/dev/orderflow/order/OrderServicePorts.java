package dev.orderflow.order;

import dev.orderflow.defaults.ports.AdditionalConnector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/// Maps the public port of each service under test to its internal and management ports.
final class OrderServicePorts implements ApplicationListener<ApplicationReadyEvent> {

    private record InternalPorts(int internal, int management) {}

    private static final Map<Integer, InternalPorts> BY_PUBLIC = new ConcurrentHashMap<>();

    @Override
    public void onApplicationEvent(ApplicationReadyEvent ready) {
        var context = ready.getApplicationContext();
        var environment = context.getEnvironment();
        BY_PUBLIC.put(
                environment.getRequiredProperty("local.server.port", Integer.class),
                new InternalPorts(
                        context.getBean(AdditionalConnector.class).port(),
                        environment.getRequiredProperty("local.management.port", Integer.class)));
    }

    static int portOf(String path, int publicPort) {
        var others = BY_PUBLIC.get(publicPort);
        if (others == null) {
            throw new IllegalStateException("no service under test has port " + publicPort);
        }
        if (path.startsWith("/internal")) {
            return others.internal();
        }
        return path.startsWith("/actuator") ? others.management() : publicPort;
    }
}
