package dev.orderflow.asdeployed;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The rules of the load balancers' listeners, which route a request by host and path.
final class LoadBalancer {

    /// @param service the service of the container
    /// @param port the port of the container
    record Target(String service, int port) {}

    private record Rule(
            String listener,
            int priority,
            List<String> hosts,
            List<String> paths,
            String targetGroup) {

        boolean matches(String host, String path) {
            return hosts.stream().anyMatch(it -> it.equalsIgnoreCase(host))
                    && (paths.isEmpty() || paths.stream().anyMatch(it -> isLike(it, path)));
        }

        private static boolean isLike(String pattern, String path) {
            return path.matches(
                    List.of(pattern.split("\\*", -1)).stream()
                            .map(Pattern::quote)
                            .collect(Collectors.joining(".*")));
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    private final Map<String, Target> targets = new HashMap<>();

    void addRule(
            String listener, int priority, List<String> hosts, List<String> paths, String group) {
        rules.add(new Rule(listener, priority, hosts, paths, group));
        rules.sort(Comparator.comparing(Rule::listener).thenComparing(Rule::priority));
    }

    void register(String targetGroup, Target target) {
        targets.put(targetGroup, target);
    }

    /// Whether a rule names the host.
    boolean knows(String host) {
        return rules.stream().anyMatch(it -> it.hosts().contains(host));
    }

    /// The target of a request; empty if the rule responds with a status, or if no rule matches.
    Optional<Target> route(URI uri) {
        return rules.stream()
                .filter(
                        it ->
                                it.matches(
                                        uri.getHost(),
                                        uri.getPath().isEmpty() ? "/" : uri.getPath()))
                .findFirst()
                .map(it -> targets.get(it.targetGroup()));
    }
}
