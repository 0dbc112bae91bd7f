package dev.orderflow.localcloud.wire;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Services that are switched off, at `/_aws/faults`: their requests are answered with 503
/// `ServiceUnavailable`, and nothing is done. What a service does by itself, such as the delivery
/// of accepted events, goes on.
///
/// - `GET` lists all services and those that are off: `{"services":["events",…],"off":["events"]}`
/// - `PUT ?service=events` switches a service off, `DELETE ?service=events` on again
/// - `DELETE` switches all on
final class ServiceFaults implements HttpGateway.DiagnosticPage {

    private static final Pattern QUERY = Pattern.compile("service=([a-z0-9]+)");

    private final Set<String> off = new ConcurrentSkipListSet<>();
    private final Collection<String> services;

    /// @param services the signing names of all services; read at each request
    ServiceFaults(Collection<String> services) {
        this.services = services;
    }

    /// @throws AwsErrorException 503 when the service is off
    void requireAvailable(String service) {
        if (off.contains(service)) {
            throw AwsErrorException.withStatus(
                    503, "ServiceUnavailable", service + " is switched off at /_aws/faults");
        }
    }

    @Override
    public JsonNode render(String method, String query) {
        switch (method) {
            case "GET" -> {}
            case "PUT" -> off.add(service(query));
            case "DELETE" -> {
                if (query.isEmpty()) {
                    off.clear();
                } else {
                    off.remove(service(query));
                }
            }
            default ->
                    throw AwsErrorException.withStatus(
                            405, "MethodNotAllowed", "GET, PUT or DELETE");
        }
        var page = JsonMapper.shared().createObjectNode();
        var all = page.putArray("services");
        new TreeSet<>(services).forEach(all::add);
        var switchedOff = page.putArray("off");
        off.forEach(switchedOff::add);
        return page;
    }

    private String service(String query) {
        var named = QUERY.matcher(query);
        if (!named.matches() || !services.contains(named.group(1))) {
            throw AwsErrorException.withStatus(
                    400, "InvalidParameter", "service must be one of " + new TreeSet<>(services));
        }
        return named.group(1);
    }
}
