package dev.orderflow.defaults.problem;

import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Makes every error response of a service a problem of RFC 9457.
@AutoConfiguration(before = ErrorMvcAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@Import({ProblemAdvice.class, ErrorPathController.class})
class ProblemAutoConfiguration {

    @Bean
    FilterProblemWriter filterProblems(
            @Qualifier("handlerExceptionResolver")
                    ObjectProvider<HandlerExceptionResolver> resolver) {
        // Resolved late: filters are created before Spring MVC.
        return new FilterProblemWriter(
                (request, response, handler, failure) ->
                        resolver.getObject().resolveException(request, response, handler, failure));
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> connectorProblems() {
        return new LastCustomizer();
    }

    /// Runs after the customizer of Spring Boot, which would replace the valve.
    private static final class LastCustomizer
            implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            factory.addContextCustomizers(
                    context -> {
                        if (context.getParent() instanceof StandardHost host) {
                            host.setErrorReportValveClass(ProblemErrorReportValve.class.getName());
                        }
                    });
        }

        @Override
        public int getOrder() {
            return Ordered.LOWEST_PRECEDENCE;
        }
    }
}
