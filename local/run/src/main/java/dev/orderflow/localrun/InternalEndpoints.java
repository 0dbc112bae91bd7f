package dev.orderflow.localrun;

import dev.orderflow.defaults.security.InternalAccess;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.http.server.PathContainer;
import org.springframework.util.ClassUtils;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/// The endpoints below `/internal` of all services on the class path, as their controllers declare
/// them.
public final class InternalEndpoints {

    private static final String PACKAGE = "dev.orderflow";

    private InternalEndpoints() {}

    /// An endpoint.
    ///
    /// @param controller the class that serves it
    /// @param path its pattern, such as `/internal/stock/{sku}`
    /// @param access for whom it is; empty when it is not declared
    public record InternalEndpoint(
            Class<?> controller, String method, PathPattern path, Optional<InternalAccess> access) {

        /// The method and the path with `{}` for each variable.
        public String name() {
            return method + " " + path.getPatternString().replaceAll("\\{[^}]*}", "{}");
        }
    }

    /// All endpoints, sorted by path and method.
    public static List<InternalEndpoint> all() {
        return EndpointsHolder.ALL;
    }

    /// Whether an endpoint accepts the internal API key; unknown ones count as such.
    public static boolean admitsMachines(String method, String path) {
        var parsed = PathContainer.parsePath(path.replaceAll("\\?.*", ""));
        return all().stream()
                .filter(
                        endpoint ->
                                endpoint.method().equals(method) && endpoint.path().matches(parsed))
                .min(Comparator.comparing(InternalEndpoint::path))
                .flatMap(InternalEndpoint::access)
                .map(InternalAccess::machines)
                .orElse(true);
    }

    /// Classes are read when the endpoints are first needed.
    private static final class EndpointsHolder {

        static final List<InternalEndpoint> ALL = find();

        private static List<InternalEndpoint> find() {
            var scanner = new ClassPathScanningCandidateComponentProvider(false);
            scanner.addIncludeFilter(new AnnotationTypeFilter(RestController.class));
            return scanner.findCandidateComponents(PACKAGE).stream()
                    .map(found -> String.valueOf(found.getBeanClassName()))
                    .map(name -> ClassUtils.resolveClassName(name, null))
                    .flatMap(EndpointsHolder::endpoints)
                    .filter(
                            endpoint ->
                                    endpoint.path()
                                            .getPatternString()
                                            .startsWith(InternalAccess.PATH_PREFIX))
                    .sorted(
                            Comparator.comparing(
                                            (InternalEndpoint endpoint) ->
                                                    endpoint.path().getPatternString())
                                    .thenComparing(InternalEndpoint::method))
                    .toList();
        }

        private static Stream<InternalEndpoint> endpoints(Class<?> controller) {
            var ofClass =
                    AnnotatedElementUtils.findMergedAnnotation(controller, RequestMapping.class);
            var prefixes = ofClass == null ? new String[] {""} : ofClass.path();
            return Arrays.stream(controller.getDeclaredMethods())
                    .flatMap(method -> endpoints(controller, method, prefixes));
        }

        private static Stream<InternalEndpoint> endpoints(
                Class<?> controller, Method method, String[] prefixes) {
            var mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
            if (mapping == null) {
                return Stream.empty();
            }
            var paths = mapping.path().length == 0 ? new String[] {""} : mapping.path();
            return Arrays.stream(prefixes)
                    .flatMap(prefix -> Arrays.stream(paths).map(path -> prefix + path))
                    .flatMap(
                            path ->
                                    Arrays.stream(mapping.method())
                                            .map(
                                                    verb ->
                                                            new InternalEndpoint(
                                                                    controller,
                                                                    verb.name(),
                                                                    PathPatternParser
                                                                            .defaultInstance
                                                                            .parse(path),
                                                                    InternalAccess.of(
                                                                            method, controller))));
        }
    }
}
