package dev.orderflow.operations.pages;

import dev.orderflow.defaults.operators.Operator;
import dev.orderflow.operations.session.PagePaths;
import dev.orderflow.operations.session.PageSession;
import dev.orderflow.operations.session.SignInPaths;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.env.Environment;
import org.springframework.http.CacheControl;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// The paths, the static files, the context and the errors of pages.
@Configuration(proxyBeanMethods = false)
class PageConfiguration {

    /// The cookie with the chosen theme, which is no secret.
    static final String THEME_COOKIE = "orderflow-theme";

    static final List<String> THEMES = List.of("system", "light", "dark");

    private static final String ASSETS = "/assets/**";
    private static final String HTMX = "/webjars/htmx.org/**";

    private static final String WORKBENCH = "/workbench/**";

    private static final List<String> PATHS =
            List.of(
                    "/",
                    "/theme",
                    SignInPaths.LOGIN,
                    SignInPaths.LOGOUT,
                    SignInPaths.CALLBACK,
                    "/signed-out",
                    ASSETS,
                    HTMX,
                    SignInPaths.LIVE,
                    "/now",
                    "/approvals/**",
                    "/confirmations/**",
                    "/audit/**",
                    "/dead-letters/**",
                    "/orders/**",
                    "/outbox/**",
                    "/redrives/**",
                    "/runbooks/**",
                    "/trail/**",
                    "/work-items/**",
                    "/workflow/**");

    private final boolean hasWorkbench;

    /// The same values of the property switch on the workbench itself.
    PageConfiguration(Environment environment) {
        this.hasWorkbench =
                "true"
                        .equalsIgnoreCase(
                                environment.getProperty("orderflow.operations.workbench.enabled"));
    }

    @Bean
    PagePaths pagePaths() {
        return new PagePaths(
                Stream.concat(PATHS.stream(), hasWorkbench ? Stream.of(WORKBENCH) : Stream.empty())
                        .toList());
    }

    @Bean
    WebMvcConfigurer pages(PageErrors errors) {
        var contexts = new PageContextResolver(hasWorkbench);
        return new WebMvcConfigurer() {
            /// Their addresses change with their contents.
            @Override
            public void addResourceHandlers(ResourceHandlerRegistry registry) {
                registry.addResourceHandler(ASSETS)
                        .addResourceLocations("classpath:/operations-console/assets/")
                        .setCacheControl(CacheControl.maxAge(Duration.ofDays(30)).cachePublic());
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(contexts);
            }

            @Override
            public void extendHandlerExceptionResolvers(List<HandlerExceptionResolver> resolvers) {
                resolvers.addFirst(errors);
            }
        };
    }

    /// Passes a [PageContext] to the methods of controllers that take one.
    private record PageContextResolver(boolean hasWorkbench)
            implements HandlerMethodArgumentResolver {

        @Override
        public boolean supportsParameter(MethodParameter parameter) {
            return parameter.getParameterType() == PageContext.class;
        }

        @Override
        public Object resolveArgument(
                MethodParameter parameter,
                @Nullable ModelAndViewContainer container,
                NativeWebRequest request,
                @Nullable WebDataBinderFactory binders) {
            var http = Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
            var operator = (Operator) http.getAttribute(Operator.class.getName());
            var query = http.getQueryString();
            return new PageContext(
                    Objects.requireNonNull(operator, "the page declares no role"),
                    PageSession.csrfToken(http),
                    theme(http),
                    http.getRequestURI(),
                    http.getRequestURI() + (query == null ? "" : "?" + query),
                    Instant.now(),
                    hasWorkbench);
        }
    }

    /// The theme that the person chose; `system` otherwise.
    static String theme(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? "system"
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals(THEME_COOKIE))
                        .map(Cookie::getValue)
                        .filter(THEMES::contains)
                        .findFirst()
                        .orElse("system");
    }
}
